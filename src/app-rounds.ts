import { CLOSING_EVENT_NAMES } from "./core/closing.ts";
import { EVENT_NAMES } from "./core/event.ts";
import { LIFE_EVENT_NAMES } from "./core/life.ts";
import { recoverDeliveries } from "./runner/recovery.ts";
import type { Rounds } from "./runner/rounds.ts";
import { startRounds } from "./runner/rounds.ts";
import type { Runner } from "./runner/runner.ts";
import type { Parts, Waits } from "./surroundings.ts";

const DAY_MS = 86_400_000;

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

/** Starts what is done again and again beside the tasks. */
export function startAllRounds(
  { surroundings, storage, github, look }: Parts,
  runner: Pick<Runner, "lookForOrders">,
  waits: Waits,
): Rounds[] {
  const { environment, log } = surroundings;
  const { tasks, recovery, installations } = storage;
  const recoveryPorts = {
    deliveries: github.deliveries,
    store: recovery,
    log,
    events: [...EVENT_NAMES, ...LIFE_EVENT_NAMES, ...CLOSING_EVENT_NAMES],
    pauseMs: waits.recoverPauseMs,
  };
  return [
    startRounds((signal) => recoverDeliveries(recoveryPorts, signal), {
      everyMs: waits.recoverEveryMs,
      log,
      name: "recovery of deliveries",
    }),
    // Whatever became of its place in the queue, a task that nobody moves is looked at again.
    startRounds(async () => (await tasks.waiting(waits.forgottenMs)).forEach(look), {
      everyMs: waits.forgottenMs,
      log,
      name: "forgotten tasks",
    }),
    startRounds(
      async () => {
        const { TASK_RETENTION_DAYS, INSTALLATION_ERASE_DAYS } = environment;
        const count = await tasks.prune(daysAgo(TASK_RETENTION_DAYS));
        if (count > 0) log.info({ count }, "old tasks deleted");
        const erased = await installations.eraseInstallations(daysAgo(INSTALLATION_ERASE_DAYS));
        if (erased > 0) log.info({ count: erased }, "deleted installations erased");
      },
      { everyMs: DAY_MS, log, name: "retention" },
    ),
    startRounds(() => runner.lookForOrders(), {
      everyMs: waits.ordersEveryMs,
      log,
      name: "orders",
    }),
  ];
}
