import PQueue from "p-queue";
import pTimeout from "p-timeout";
import type { Lane, Next, Queue, QueueLog, Work } from "./queue.ts";
import { AFTER_DEFECT_MS } from "./queue.ts";

/** So many tasks are received at once. Receipts ask GitHub, which takes 100 requests at once. */
const RECEIPTS = 10;

interface Options {
  readonly work: Work;
  readonly maxConcurrentStarts: number;
  readonly log: QueueLog;
}

/**
 * A queue inside this process: two lanes, so that a receipt does not wait for a session. No task is
 * moved twice at once: two moves would take the claim from each other.
 */
export function createInProcessQueue({ work, maxConcurrentStarts, log }: Options): Queue {
  const receipts = new PQueue({ concurrency: RECEIPTS });
  const starts = new PQueue({ concurrency: maxConcurrentStarts });
  const moving = new Map<string, { again: boolean }>();
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function look(taskId: string, lane: Lane = "receive"): void {
    if (stopped) return;
    const move = moving.get(taskId);
    if (move !== undefined) {
      move.again = true;
      return;
    }
    moving.set(taskId, { again: false });
    join(taskId, lane);
  }

  function join(taskId: string, lane: Lane): void {
    if (lane === "start") void starts.add(() => step(taskId, (id) => work.start(id)));
    else void receipts.add(() => step(taskId, (id) => work.receive(id)));
  }

  async function step(taskId: string, move: (id: string) => Promise<Next>): Promise<void> {
    try {
      proceed(taskId, await move(taskId));
    } catch (error) {
      log.error({ taskId, err: error }, "a step broke off: the task is looked at again");
      proceed(taskId, { afterMs: AFTER_DEFECT_MS });
    }
  }

  function proceed(taskId: string, next: Next): void {
    if (next === "start" && !stopped) {
      join(taskId, "start");
      return;
    }
    const again = moving.get(taskId)?.again === true;
    moving.delete(taskId);
    if (again) look(taskId);
    else if (typeof next === "object") later(next.afterMs, () => look(taskId, next.lane));
  }

  function later(ms: number, act: () => void): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  }

  return {
    look: (taskId) => look(taskId),
    async stop(graceMs) {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      receipts.clear();
      starts.clear();
      const idle = Promise.all([receipts.onIdle(), starts.onIdle()]);
      await pTimeout(idle, { milliseconds: graceMs, fallback: () => {} });
      const unfinished = receipts.pending + starts.pending;
      if (unfinished > 0) log.warn({ unfinished }, "stopped in the middle of tasks");
    },
  };
}
