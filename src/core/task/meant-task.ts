import type { SessionCommandName } from "../command/table.ts";
import { SESSION_COMMANDS } from "../command/table.ts";
import type { Task } from "./task.ts";

/** The newest tasks of a thread that start sessions; null where there's none. */
export interface NewestTasks {
  readonly ofAll: Task | null;
  /** Of those that a session was asked for. */
  readonly withSession: Task | null;
  /** Of those that aren't settled. */
  readonly unsettled: Task | null;
  /** Of those that aren't settled, and that a session was asked for. */
  readonly unsettledWithSession: Task | null;
}

/**
 * The task that a command is for which names none: the newest. One that ended before it had a session is passed over
 * by whatever isn't a retry. What is over needs no stop, and what only a session can do is for a session that the bot
 * has in hand, if there's one: an older one that's over isn't woken while a newer task is about to start.
 */
export function meantTask(command: SessionCommandName, newest: NewestTasks): Task | null {
  const { ofAll, withSession, unsettled, unsettledWithSession } = newest;
  if (command === "retry") return ofAll;
  if (command === "stop" && unsettled !== null) return unsettled;
  const latest = later(unsettled, withSession) ?? ofAll;
  const isAnyTasks = SESSION_COMMANDS[command].who === "requester";
  if (isAnyTasks || latest === null || latest.session.intentAt !== null) return latest;
  return unsettledWithSession ?? latest;
}

function later(one: Task | null, other: Task | null): Task | null {
  if (one === null || other === null) return one ?? other;
  return one.createdAt >= other.createdAt ? one : other;
}
