import { LRUCache } from "lru-cache";
import type { Task } from "../../core/task/task.ts";
import type { Admitted } from "./gate.ts";

/** Hands what the gate has found out over from a task's receipt to its start. */
export interface Handover {
  give(admitted: Admitted): void;
  /** The task as it is now with what was found out about it; null when that was too long ago, or elsewhere. */
  take(task: Task): Admitted | null;
  /** The same, without taking it. */
  look(task: Task): Admitted | null;
}

/** With several replicas another one may start the task: what nobody takes is forgotten. */
const MAX_KEPT = 1_000;

/**
 * A handover inside this process: a task that didn't wait for its start asks GitHub only once, and one that waited
 * longer than `freshMs` (in milliseconds) asks again. The queue can't carry it: in PostgreSQL a job is stored, for any replica, and
 * a survey holds strangers' texts.
 */
export function createHandover(now: () => Date, freshMs: number): Handover {
  const given = new LRUCache<string, Omit<Admitted, "task">>({
    max: MAX_KEPT,
    ttl: freshMs,
    ttlAutopurge: true,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
  });
  return {
    give({ task, ...found }) {
      given.set(task.id, found);
    },
    look(task) {
      const found = given.get(task.id);
      return found === undefined ? null : { ...found, task };
    },
    take(task) {
      const found = given.get(task.id);
      given.delete(task.id);
      return found === undefined ? null : { ...found, task };
    },
  };
}
