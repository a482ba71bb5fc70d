import { noticeDueAt } from "../../core/task/starting-notice.ts";
import type { Task } from "../../core/task/task.ts";
import { isTriedAgain } from "../../core/task/waiting.ts";
import type { Next } from "../../ports/queue.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import type { Reporter } from "./reporter.ts";

interface Parts {
  readonly now: () => Date;
  readonly reporter: Pick<Reporter, "update" | "isDue" | "tryAgainMs">;
  readonly timeouts: Pick<Timeouts, "startingNoticeMs">;
}

/** What's next for a task that isn't processed for so long: where its start has failed, people learn that in time. */
export async function nextAfterPause(
  { now, reporter, timeouts }: Parts,
  task: Task,
  waitMs: number,
): Promise<Next> {
  if (!isTriedAgain(task)) return { afterMs: waitMs };
  const dueMs = noticeDueAt(task, timeouts.startingNoticeMs) - now().getTime();
  if (dueMs > 0) return { afterMs: Math.min(waitMs, dueMs) };
  const shown = reporter.isDue(task) ? await reporter.update(task) : task;
  return { afterMs: Math.min(waitMs, reporter.tryAgainMs(shown)) };
}
