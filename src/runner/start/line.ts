import type { TaskPlace } from "../../core/task/task.ts";
import { leavesRoom } from "../../core/task/waiting.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Tasks } from "../../ports/tasks.ts";

/** The tasks that wait until a session of their repository ends. The rows are the line; this enqueues them. */
export interface Line {
  /** Enqueues those for which there may be a place, in one repository or in all. */
  startNext(only?: InRepository): Promise<void>;
}

interface InRepository extends Pick<TaskPlace, "ownerId" | "repositoryId"> {
  /** How many sessions may run there at once, where the policy was just read; null is no limit. */
  readonly atOnce?: number | null;
}

type LinePorts = Pick<Ports, "tasks" | "processAgain" | "now">;

/** An enqueued task that wasn't processed for this long was lost, in milliseconds. */
const ASKED_MS = 30_000;

/** The line of this process; several processes may enqueue the same task. */
export function createLine({ tasks, processAgain, now }: LinePorts): Line {
  /** The enqueued tasks, with the row's time then: one that is unchanged is still in the queue. */
  const asked = new Map<string, { readonly updatedAt: string; readonly at: number }>();

  function forget(at: number): void {
    for (const [id, known] of asked) if (at - known.at > ASKED_MS) asked.delete(id);
  }

  return {
    async startNext(only) {
      const found = await tasks.startable(only);
      const at = now().getTime();
      forget(at);
      for (const { id, updatedAt } of found) {
        if (asked.get(id)?.updatedAt === updatedAt) continue;
        asked.set(id, { updatedAt, at });
        processAgain(id);
      }
    },
  };
}

/** Tasks with an eye on those that leave room for others of their repository. */
export function watchPlaces(tasks: Tasks, left: (repository: InRepository) => void): Tasks {
  return {
    ...tasks,
    async record(before, after) {
      const changed = await tasks.record(before, after);
      if (changed !== null && leavesRoom(before, changed)) {
        const { ownerId, repositoryId } = changed.place;
        left({ ownerId, repositoryId });
      }
      return changed;
    },
  };
}
