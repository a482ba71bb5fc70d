import type { Task } from "../core/task.ts";
import type { Followed } from "./followed.ts";
import type { Patience, Ports } from "./ports.ts";
import { hold } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** What telling of a session takes. */
export interface TellingParts {
  readonly ports: Pick<Ports, "now" | "tasks">;
  readonly reporter: Reporter;
  readonly patience: Pick<Patience, "editEveryMs">;
  /** How many sessions are followed. */
  readonly count: () => number;
}

/**
 * Begins to tell of a session, if it is time for that and something visible has changed. Returns at once:
 * GitHub may take long, and what the agent or people want waits for nothing. The end of it wakes the loop.
 */
export function tellInTime(parts: TellingParts, followed: Followed): void {
  const at = parts.ports.now().getTime();
  if (at < tellableAt(parts, followed)) return;
  followed.editedAt = at;
  followed.telling = tell(parts, followed);
}

/**
 * When the newest state may be told, in milliseconds since the epoch: a while after the last edit, and not
 * before GitHub wants to hear of it again. Infinite while there is nothing to tell, or an edit is under way.
 */
export function tellableAt(parts: TellingParts, followed: Followed): number {
  const { reporter } = parts;
  if (reporter.isUpToDate(followed.task)) return Infinity;
  return Math.max(followed.editedAt + spacing(parts), lastWordAt(parts, followed));
}

/** The same for the last words of all, which keep no pace: they may follow any edit. */
export function lastWordAt({ reporter }: TellingParts, { telling, task }: Followed): number {
  return telling === null ? reporter.quietUntil(task) : Infinity;
}

/** GitHub takes 500 writes an hour: the more sessions are followed, the rarer each is told of. */
function spacing({ patience, count }: TellingParts): number {
  return patience.editEveryMs * Math.max(1, count() / 2);
}

async function tell({ ports, reporter }: TellingParts, followed: Followed): Promise<void> {
  try {
    // The comment is somebody else's once the task is: an edit could put an older state over theirs.
    await hold(ports.tasks, followed.task);
    const told = await reporter.tell(followed.task);
    followed.task = withTelling(followed.task, told);
  } catch (error) {
    // A claim that is lost, or a defect: the loop breaks off with it.
    followed.brokenOff = { error };
  }
  followed.telling = null;
  followed.wake.up();
}

/** The task with what the other one says of its comment, labels and check run: nothing else writes these. */
export function withTelling(task: Task, told: Task): Task {
  const { commentIntentAt, commentId, commentDigest } = told;
  const { labelToRemove, shownLabel, checkRunId, checkRunDigest } = told;
  const comment = { commentIntentAt, commentId, commentDigest };
  return { ...task, ...comment, labelToRemove, shownLabel, checkRunId, checkRunDigest };
}
