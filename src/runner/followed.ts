import type { Observation } from "../core/observation.ts";
import type { Progress } from "../core/progress.ts";
import type { Task, TaskChanges, Unfollowed } from "../core/task.ts";
import type { CloudSession, Patience } from "./ports.ts";
import type { Wake } from "./wake.ts";

/** A session that is followed, as this process knows it. */
export interface Followed {
  task: Task;
  readonly session: CloudSession;
  readonly wake: Wake;
  readonly seen: Observation[];
  /** Requests that the bot has answered, or left to people. */
  readonly handled: Set<string>;
  progress: Progress;
  /** When its comment was last edited, in milliseconds since the epoch. */
  editedAt: number;
  /** Others need its place. */
  letGo: boolean;
  /** There may be orders that were not looked at. */
  ordered: boolean;
  /** Somebody wants the comment to be of now. */
  asked: boolean;
  /** How many orders are being carried out. */
  busy: number;
  /** What came of the last order. */
  note: string | null;
}

/** What the row has to take over from what was seen; nothing when it has it all. */
export function changesOf({ task, progress, note, asked }: Followed, now: Date): TaskChanges {
  const { state, said, failure: sessionFailure, asking, pulls } = progress;
  const seen: TaskChanges = {
    state,
    said,
    sessionFailure,
    asking: asking.size === 0 ? null : JSON.stringify([...asking.values()]),
    pulls: pulls.length === 0 ? null : pulls.join("\n"),
    note,
  };
  const known: Readonly<Record<string, unknown>> = { ...task };
  const isNews = Object.entries(seen).some(([name, value]) => known[name] !== value);
  return isNews || asked ? { ...seen, seenAt: now.toISOString() } : {};
}

/** Why the session is no longer to be followed; null while it is. */
export function endOf(
  { task, progress, letGo, busy }: Followed,
  at: number,
  { idleMs }: Patience,
): Unfollowed | null {
  if (busy > 0) return null;
  if (progress.over) return "over";
  if (letGo) return "room";
  if (at >= Date.parse(task.followUntil ?? "")) return "time";
  return isQuiet(progress) && at - Date.parse(progress.since) >= idleMs ? "idle" : null;
}

/** In how many milliseconds something has to be done even if nothing happens. */
export function nextDeadline(
  { task, progress, editedAt }: Followed,
  isUpToDate: boolean,
  at: number,
  { idleMs, editEveryMs }: Patience,
): number {
  const deadlines = [Date.parse(task.followUntil ?? "")];
  if (!isUpToDate) deadlines.push(editedAt + editEveryMs);
  if (isQuiet(progress)) deadlines.push(Date.parse(progress.since) + idleMs);
  // The clocks of the session and of this machine may differ: never a loop without a pause.
  return Math.max(50, Math.min(...deadlines) - at);
}

function isQuiet({ state }: Progress): boolean {
  return state === "idle" || state === "cancelled" || state === "failed";
}
