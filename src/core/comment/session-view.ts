import type { Asked } from "../task/asking.ts";
import { isAway } from "../task/session.ts";
import type { Unfollowed } from "../task/session.ts";
import type { Task } from "../task/task.ts";

/** How a session goes, as far as it was seen. */
export interface SessionView {
  readonly phase:
    | "started"
    | "sending"
    | "working"
    | "waiting"
    | "idle"
    | "completed"
    | "stopped"
    | "failed";
  /** From its start to what was last seen, or to when a page is shown; in minutes. */
  readonly minutes: number;
  /** What the agent waits for, oldest first. */
  readonly asked: readonly Asked[];
  /** In the agent's own words; Markdown. */
  readonly said: string;
  /** What went wrong, in the session's own words. */
  readonly failure: string;
  /** Addresses of pull requests. */
  readonly pulls: readonly string[];
  /** What came of the last command to it: Markdown of the bot's. */
  readonly note: string | null;
  /** Why the comment isn't updated anymore; null while it is, or never was. */
  readonly unfollowed: Unfollowed | null;
  /** Whether a command can have the bot follow the session again. */
  readonly canResume: boolean;
}

/**
 * How a task's session goes.
 *
 * @param now up to which a session has run that is at work and followed; null where it's what was last seen of it
 */
export function sessionViewOf(task: Task, now: Date | null): SessionView {
  const { progress, unfollowed, canResume, startedAt } = task.session;
  const phase = phaseOf(task);
  const isAtWork = phase === "working" || phase === "waiting";
  const isRunning = isAtWork && unfollowed === null && !isAway(task.session);
  const until = (isRunning ? now?.toISOString() : null) ?? progress.seenAt;
  return {
    phase,
    minutes: minutesBetween(startedAt, until),
    asked: progress.asking,
    said: progress.said ?? "",
    failure: progress.failure ?? "",
    pulls: progress.pulls,
    note: progress.note,
    unfollowed,
    canResume,
  };
}

function phaseOf({ state, session }: Task): SessionView["phase"] {
  if (session.prompt.deliveredAt === null) return "sending";
  if (session.followUntil === null && session.unfollowed === null) return "started";
  switch (state) {
    case "waiting_for_user":
      return "waiting";
    case "cancelled":
      return "stopped";
    case "idle":
    case "completed":
    case "failed":
      return state;
    // A session that started late is at work after all.
    case "timed_out":
    case "queued":
    case "in_progress":
      return "working";
    default:
      return state satisfies never;
  }
}

function minutesBetween(start: string | null, end: string | null): number {
  const ms = Date.parse(end ?? "") - Date.parse(start ?? "");
  return Number.isNaN(ms) ? 0 : Math.floor(Math.max(0, ms) / 60_000);
}
