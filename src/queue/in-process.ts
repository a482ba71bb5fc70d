import pTimeout from "p-timeout";
import { createFairLane } from "./fair-lane.ts";
import type { Lane } from "../core/task/task.ts";
import type { Log } from "../ports/log.ts";
import type { Measure } from "../ports/metrics.ts";
import type { Next, Origin, Queue, Work } from "../ports/queue.ts";
import { doStep } from "./step.ts";

/** So many tasks are received at once. Receipts ask GitHub, which takes 100 requests at once. */
const RECEIPTS = { all: 10, perOwner: 6, perPerson: 4 };

interface Options {
  readonly work: Work;
  readonly maxConcurrentStarts: number;
  readonly log: Pick<Log, "warn" | "error">;
  readonly measure?: Measure | undefined;
}

/**
 * A queue inside this process: two lanes, so that a receipt does not wait for a session. No task is
 * moved twice at once: two moves would take the claim from each other.
 */
export function createInProcessQueue(options: Options): Queue {
  const { maxConcurrentStarts, log, measure } = options;
  const receipts = createFairLane(RECEIPTS);
  const starts = createFairLane(allPlaces(maxConcurrentStarts));
  const moving = new Map<string, { again: boolean; readonly origin: Origin }>();
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function process(taskId: string, origin: Origin, lane: Lane = "receive"): void {
    if (stopped) return;
    const move = moving.get(taskId);
    if (move !== undefined) {
      move.again = true;
      return;
    }
    moving.set(taskId, { again: false, origin });
    join(taskId, origin, lane);
  }

  function join(taskId: string, origin: Origin, lane: Lane): void {
    const joinedAt = performance.now();
    const places = lane === "start" ? starts : receipts;
    places.add(origin, () => {
      const seconds = (performance.now() - joinedAt) / 1_000;
      measure?.({ type: "queue_wait", lane, seconds });
      return step(taskId, lane);
    });
  }

  async function step(taskId: string, lane: Lane): Promise<void> {
    proceed(taskId, await doStep(options, lane, taskId));
  }

  function proceed(taskId: string, next: Next): void {
    const { again, origin } = moving.get(taskId) ?? { again: false, origin: ownOrigin(taskId) };
    if (next === "start" && !stopped) return join(taskId, origin, "start");
    moving.delete(taskId);
    if (again) process(taskId, origin);
    else if (typeof next === "object")
      later(next.afterMs, () => process(taskId, origin, next.lane));
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
    process: (taskId, origin = ownOrigin(taskId)) => process(taskId, origin),
    async stop(graceMs) {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      receipts.clear();
      starts.clear();
      const idle = Promise.all([receipts.onIdle(), starts.onIdle()]);
      await pTimeout(idle, { milliseconds: graceMs, fallback: () => {} });
      const unfinished = receipts.running() + starts.running();
      if (unfinished > 0) log.warn({ unfinished }, "stopped with tasks unfinished");
    },
  };
}

/** Whoever may start something may use all places that nobody else wants. */
function allPlaces(all: number) {
  return { all, perOwner: all, perPerson: all };
}

/** What the bot itself enqueues waits for nobody. */
function ownOrigin(taskId: string): Origin {
  return { ownerId: taskId, requesterId: taskId };
}
