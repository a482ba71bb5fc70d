import type { Runner } from "./runner.ts";

interface Late<Value> {
  readonly get: () => Promise<Value>;
  /** Null where nobody has asked yet. */
  readonly created: () => Promise<Value> | null;
}

/** Creates something when it is first asked for; what could not be created is tried again the next time. */
export function createLate<Value>(create: () => Promise<Value>): Late<Value> {
  let created: Promise<Value> | null = null;
  return {
    get: () => {
      created ??= create().catch((error: unknown) => {
        created = null;
        throw error;
      });
      return created;
    },
    created: () => created,
  };
}

/**
 * A runner that is created with the first task. What a bot has its policies, prompts and comments from
 * is half of its code, and one that only waits need not hold it.
 */
export function createLateRunner(create: () => Promise<Runner>): Runner {
  const runner = createLate(create);
  /** Null before the first task, and where it could not be created. */
  const here = () => runner.created()?.catch(() => null) ?? null;
  return {
    receive: async (taskId) => (await runner.get()).receive(taskId),
    start: async (taskId) => (await runner.get()).start(taskId),
    // Before its first task nothing is followed.
    nudge(taskId) {
      void here()?.then((created) => created?.nudge(taskId));
    },
    lookForOrders: async () => (await here())?.lookForOrders(),
    stop: async () => (await here())?.stop(),
  };
}
