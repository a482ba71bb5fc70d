import { setTimeout as sleep } from "node:timers/promises";
import type { Task } from "../../core/task/task.ts";
import type { Next } from "../../ports/queue.ts";
import { lostClaimOf } from "../lease/record.ts";
import { userOf } from "./session-request.ts";
import type { StarterParts } from "./starter-parts.ts";

/** Between two looks whether there's room, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Has a task wait until its session gets a place among the runtimes: in the background, so that others can start.
 * Nothing is recorded, so after a restart, it begins anew. Null if there's room already.
 */
export async function waitForRuntime(
  parts: StarterParts,
  task: Task,
  token: string,
): Promise<Next | null> {
  const { ports, background } = parts;
  if (await ports.copilot.hasRoom(task.id, userOf(task, token))) return null;
  ports.log.info({ taskId: task.id }, "waiting for a free Copilot runtime");
  background.runInBackground(task, (lost) => untilThereIsRoom(parts, task, token, lost));
  return "done";
}

async function untilThereIsRoom(
  { ports, outcomes, reporter, timeouts }: StarterParts,
  task: Task,
  token: string,
  lost: AbortSignal,
): Promise<Next> {
  const noticeAt = ports.now().getTime() + timeouts.startingNoticeMs;
  let current = task;
  while (!ports.stopping.aborted) {
    if (lost.aborted) throw lostClaimOf(task);
    const stop = await ports.sessionCommands.stopOf(task.id);
    if (stop !== null) return outcomes.stopped(current, stop);
    if (await ports.copilot.hasRoom(task.id, userOf(task, token))) return { afterMs: 0 };
    if (ports.now().getTime() >= noticeAt && current === task) {
      current = await reporter.update(task);
    }
    const options = { signal: AbortSignal.any([ports.stopping, lost]), ref: false };
    await sleep(LOOK_MS, undefined, options).catch(() => {});
  }
  // A bot that is being stopped leaves the rest to the next one.
  return "done";
}
