import type { Task } from "../../core/task/task.ts";
import type { Next } from "../../ports/queue.ts";
import type { Ports } from "../../ports/ports.ts";
import { LostClaim, releaseClaim } from "./record.ts";

/** Work on tasks that no queue waits for: it runs under the task's claim. */
export interface Background {
  /**
   * Keeps the claim until the work has ended; what is next is done then. The signal is aborted when
   * somebody else has claimed the task: then the work rejects with `LostClaim`, and leaves no trace.
   */
  runInBackground(task: Task, work: (lost: AbortSignal) => Promise<Next>): void;
  /** Whether the claim of a task is kept. */
  holds(taskId: string): boolean;
}

type BackgroundPorts = Pick<Ports, "tasks" | "log" | "processAgain">;

/** After work that failed, in milliseconds. */
const AFTER_DEFECT_MS = 30_000;

/** Background work, with claims renewed every so often. */
export function createBackground(ports: BackgroundPorts, renewMs: number): Background {
  const { tasks, log, processAgain } = ports;
  /** How much work runs for each task: work may begin other work. */
  const held = new Map<string, number>();

  /** Whether this was the last work for the task. */
  function letGo(task: Task): boolean {
    const left = (held.get(task.id) ?? 1) - 1;
    if (left > 0) held.set(task.id, left);
    else held.delete(task.id);
    return left <= 0;
  }

  async function finish(task: Task, next: Next): Promise<void> {
    if (!letGo(task)) return;
    await releaseClaim(ports, task);
    if (next === "start") processAgain(task.id);
    else if (next !== "done") setTimeout(() => processAgain(task.id), next.afterMs).unref();
  }

  /**
   * Its place among the sessions being started is for others now. A claim that could not be renewed may still be ours:
   * the next renewal shows it.
   */
  async function renew(task: Task, lost: AbortController): Promise<void> {
    try {
      if (!(await tasks.renewWithoutSlot(task))) lost.abort();
    } catch (err) {
      log.warn({ taskId: task.id, err }, "claim could not be renewed");
    }
  }

  async function run(task: Task, work: (lost: AbortSignal) => Promise<Next>): Promise<void> {
    const lost = new AbortController();
    const keep = setInterval(() => void renew(task, lost), renewMs);
    try {
      await renew(task, lost);
      await finish(task, await work(lost.signal));
    } catch (error) {
      if (error instanceof LostClaim) {
        log.warn({ taskId: task.id }, "claim lost to another replica");
        letGo(task);
      } else {
        log.error({ taskId: task.id, err: error }, "background work failed");
        await finish(task, { afterMs: AFTER_DEFECT_MS });
      }
    } finally {
      clearInterval(keep);
    }
  }

  return {
    runInBackground(task, work) {
      held.set(task.id, (held.get(task.id) ?? 0) + 1);
      void run(task, work);
    },
    holds: (taskId) => held.has(taskId),
  };
}
