import { MAX_PAUSE_MS } from "../github/trouble.ts";
import type { Task } from "./task.ts";

/** A task that breaks off this often has met a defect: its requester gets an answer instead of waiting. */
const MAX_ATTEMPTS = 100;

/** One that waits for a place is processed again and again. */
const MAX_ATTEMPTS_WAITING = 1_000;

/**
 * Whether a task has been attempted too often. Attempts that GitHub's refusals cost don't count: for these there's a
 * time. A session that has its prompt may be reached again as often as need be.
 *
 * @param giveUpMs for how long a refusal is waited for
 */
export function isHopeless({ attempt, session, schedule }: Task, giveUpMs: number): boolean {
  const most = schedule.waitingSince === null ? MAX_ATTEMPTS : MAX_ATTEMPTS_WAITING;
  return session.prompt.deliveredAt === null && attempt > most + giveUpMs / MAX_PAUSE_MS;
}
