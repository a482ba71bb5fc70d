import type { Runner } from "./runner.ts";

/**
 * A runner that is created with the first task. What a bot has its policies, prompts and comments from
 * is half of its code, and one that only waits need not hold it.
 */
export function createLateRunner(create: () => Promise<Runner>): Runner {
  let created: Promise<Runner> | null = null;
  const runner = () => {
    created ??= create().catch((error: unknown) => {
      // The next task may find what this one did not.
      created = null;
      throw error;
    });
    return created;
  };
  return {
    receive: async (taskId) => (await runner()).receive(taskId),
    start: async (taskId) => (await runner()).start(taskId),
    // Before its first task nothing is followed.
    nudge(taskId) {
      created?.then((here) => here.nudge(taskId)).catch(() => {});
    },
    async lookForOrders() {
      if (created !== null) await (await created).lookForOrders();
    },
    async stop() {
      if (created !== null) await (await created).stop();
    },
  };
}
