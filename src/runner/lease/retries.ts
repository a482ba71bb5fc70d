import type { Ports } from "../../ports/ports.ts";
import { createSignal } from "./signal.ts";

type Retried = Pick<Ports, "tasks" | "sessionCommands"> & {
  readonly identities: Pick<Ports["identities"], "isConnected" | "identityFor">;
};

/** Before a call is repeated, in milliseconds. */
const PAUSES_MS = [100, 300, 1_000, 3_000];
/** The same, once these are used up. */
const LAST_PAUSE_MS = 5_000;
/** For the database to take a call. What fails for longer is a defect, and must not keep its task forever. */
const GIVE_UP_MS = 3_600_000;

/**
 * The ports, with calls that are repeated while the database rejects them. Without that, one failed call would end the
 * following of a session that may not be reachable again, or lose the id of one that was just created.
 *
 * Only calls that can be repeated: those that write say under which claim, so once the database responds again, they
 * notice that somebody else has the task. What was taken by a call without an answer is found among what was begun.
 */
export function withRetries<Given extends Retried & Pick<Ports, "log" | "stopping">>(
  ports: Given,
): Given {
  const retry = createRetry(ports);
  const { tasks, sessionCommands, identities } = ports;
  return {
    ...ports,
    tasks: {
      ...tasks,
      record: (before, after) => retry(before.id, () => tasks.record(before, after)),
      recordRetry: (task, retrying) => retry(task.id, () => tasks.recordRetry(task, retrying)),
      renew: (task) => retry(task.id, () => tasks.renew(task)),
      reopen: (id, reopening) => retry(id, () => tasks.reopen(id, reopening)),
    },
    sessionCommands: {
      ...sessionCommands,
      take: (id) => retry(id, () => sessionCommands.take(id)),
      begun: (id) => retry(id, () => sessionCommands.begun(id)),
      stopOf: (id) => retry(id, () => sessionCommands.stopOf(id)),
      done: (ids) => retry(null, () => sessionCommands.done(ids)),
      waiting: (ids) => retry(null, () => sessionCommands.waiting(ids)),
    },
    identities: {
      ...identities,
      isConnected: (userId) => retry(null, () => identities.isConnected(userId)),
      identityFor: (task) => retry(null, () => identities.identityFor(task)),
    },
  };
}

/** @returns makes a call until it succeeds, the bot is being stopped, or it has failed for too long */
function createRetry({ log, stopping }: Pick<Ports, "log" | "stopping">) {
  return async function retry<T>(taskId: string | null, call: () => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    for (let count = 0; ; count += 1) {
      try {
        return await call();
      } catch (err) {
        if (stopping.aborted || Date.now() - startedAt >= GIVE_UP_MS) throw err;
        if (count === 0) log.warn({ taskId, err }, "database call failed: trying again");
        await pause(PAUSES_MS[count] ?? LAST_PAUSE_MS, stopping);
      }
    }
  };
}

/** A bot that is being stopped doesn't wait. */
async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  const signal = createSignal();
  const end = () => signal.raise();
  stopping.addEventListener("abort", end);
  await signal.wait(ms);
  stopping.removeEventListener("abort", end);
}
