import type { Lane } from "../core/task/task.ts";
import type { Log } from "../ports/log.ts";
import type { Measure } from "../ports/metrics.ts";
import type { Next, Work } from "../ports/queue.ts";

/** Before a task whose step failed is processed again, in milliseconds. */
const AFTER_DEFECT_MS = 30_000;

interface Options {
  readonly work: Work;
  readonly log: Pick<Log, "error">;
  readonly measure?: Measure | undefined;
}

/** Does the step of a task that its place in a lane is for. One that fails is done again after a while. */
export async function doStep(
  { work, log, measure }: Options,
  lane: Lane,
  taskId: string,
): Promise<Next> {
  try {
    const next = await (lane === "start" ? work.start(taskId) : work.receive(taskId));
    measure?.({ type: "queue_step", lane, result: "done" });
    return next;
  } catch (error) {
    log.error({ taskId, err: error }, "step failed: the task is processed again");
    measure?.({ type: "queue_step", lane, result: "failed" });
    return { afterMs: AFTER_DEFECT_MS };
  }
}
