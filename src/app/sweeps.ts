import { WEBHOOK_EVENTS } from "../core/webhook/read-webhook.ts";
import { recoverDeliveries } from "../runner/recovery.ts";
import type { Rounds } from "../runner/lease/rounds.ts";
import { startRounds } from "../runner/lease/rounds.ts";
import type { PolicySightings } from "../runner/policy-sightings.ts";
import type { Runner } from "../runner/runner.ts";
import { createLabels } from "./labelings.ts";
import { withCountedRedeliveries } from "./measured.ts";
import type { WebSessionRows } from "../ports/web-session-rows.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { AppParts } from "./options.ts";

const DAY_MS = 86_400_000;

/** In milliseconds. What is changed in an entry before it's sealed can't be noticed. */
const SEAL_EVERY_MS = 30_000;

/** In milliseconds. They are kept for longer, for whoever shows them at once. */
const FORGET_CHANGES_EVERY_MS = 300_000;

/** In milliseconds. Until then, GitHub still accepts the token of a sign-in that is over. */
const END_SESSIONS_EVERY_MS = 300_000;

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

type Swept = Pick<
  Runner,
  | "pollSessionCommands"
  | "openForLeftCommands"
  | "pollFreeSlots"
  | "pollLinks"
  | "pollConnections"
  | "letGoOfDisconnected"
> & { readonly sightings: PolicySightings };

/** Starts what is done every so often beside the tasks. */
export function startSweeps(parts: AppParts, runner: Swept): Rounds[] {
  const { options, timeouts, storage, connections, webSessions, processTask } = parts;
  const { environment, log } = options;
  const { tasks, installations } = storage;
  return [
    recoverMissed(parts),
    // Whatever became of its place in the queue, a task that nobody moves is processed again.
    startRounds(
      async () => {
        for (const task of await tasks.waitingTasks(timeouts.forgottenMs))
          processTask(task.id, task);
        await runner.openForLeftCommands();
      },
      { everyMs: timeouts.forgottenMs, log, name: "forgotten tasks" },
    ),
    startRounds(
      async () => {
        const { TASK_RETENTION_DAYS, INSTALLATION_ERASE_DAYS } = environment;
        const count = await tasks.prune(daysAgo(TASK_RETENTION_DAYS));
        if (count > 0) log.info({ count }, "old tasks deleted");
        const erased = await installations.eraseInstallations(daysAgo(INSTALLATION_ERASE_DAYS));
        if (erased > 0) log.info({ count: erased }, "deleted installations erased");
        await storage.policyChecks.prune(daysAgo(TASK_RETENTION_DAYS));
        if (webSessions === null) await forgetSessions(storage.webSessionRows);
      },
      { everyMs: DAY_MS, log, name: "retention" },
    ),
    startRounds(async () => void (await storage.sealAudit()), {
      everyMs: SEAL_EVERY_MS,
      log,
      name: "sealing of the audit",
    }),
    startRounds(() => storage.forgetChanges(), {
      everyMs: FORGET_CHANGES_EVERY_MS,
      log,
      name: "changes of tasks",
    }),
    startRounds(() => runner.pollSessionCommands(), {
      everyMs: timeouts.sessionCommandsEveryMs,
      log,
      name: "session commands",
    }),
    ...(connections === null ? [] : [lookForConnections(runner, timeouts, log)]),
    ...(webSessions === null ? [] : [endSessions(webSessions, log)]),
    checkPolicies(parts),
    createLabels(parts, runner.sightings),
    ...acrossReplicas(runner, timeouts, log),
  ];
}

/** Has GitHub deliver again what it couldn't. */
function recoverMissed(parts: AppParts): Rounds {
  const { options, timeouts, storage, github, measure, credentials } = parts;
  const { log } = options;
  const ports = {
    deliveries: withCountedRedeliveries(github.deliveries, measure),
    store: storage.recovery,
    log,
    events: WEBHOOK_EVENTS,
    pauseMs: timeouts.recoverPauseMs,
    renewMs: timeouts.renewMs,
  };
  return startRounds(
    async (signal) => {
      // A bot that isn't ready gets no webhooks, and each is requested again only so often.
      if (credentials.refused().length === 0) await recoverDeliveries(ports, signal);
    },
    { everyMs: timeouts.recoverEveryMs, log, name: "recovery of deliveries" },
  );
}

/** Whoever connects or disconnects may do so through another replica. */
function lookForConnections(
  runner: Swept,
  timeouts: AppParts["timeouts"],
  log: AppParts["options"]["log"],
): Rounds {
  return startRounds(
    async () => {
      await runner.pollConnections();
      await runner.letGoOfDisconnected();
    },
    { everyMs: timeouts.sessionCommandsEveryMs, log, name: "connections" },
  );
}

/** Checks policy files before they're merged. */
function checkPolicies({ options, timeouts, storage, github }: AppParts): Rounds {
  const { log } = options;
  const ports = {
    checks: storage.policyChecks,
    github: { ...github.policyCheckRuns, troubleOf: (error: unknown) => github.troubleOf(error) },
    log,
    now: () => new Date(),
    chance: () => Math.random(),
    againMs: timeouts.reportAgainMs,
    giveUpMs: timeouts.giveUpMs,
  };
  return startRounds(
    async (signal) => {
      // What writes comments isn't needed before the bot listens.
      const { doPolicyChecks } = await import("../runner/policy-checks.ts");
      await doPolicyChecks(ports, signal);
    },
    { everyMs: timeouts.policyChecksEveryMs, log, name: "policy checks" },
  );
}

/** Ends people's sign-ins that are over. */
function endSessions(webSessions: WebSessions, log: AppParts["options"]["log"]): Rounds {
  return startRounds(async () => void (await webSessions.prune()), {
    everyMs: END_SESSIONS_EVERY_MS,
    log,
    name: "sign-ins",
  });
}

/** Sign-ins of before, where people can't sign in anymore. */
async function forgetSessions(rows: Pick<WebSessionRows, "removeOver">): Promise<void> {
  const now = new Date().toISOString();
  while ((await rows.removeOver({ now, idleSince: now })).length > 0);
}

/** What is looked for because another process may have begun it. */
function acrossReplicas(
  runner: Swept,
  timeouts: AppParts["timeouts"],
  log: AppParts["options"]["log"],
): Rounds[] {
  return [
    // Whoever left a place may have been another process, or has been cut off.
    startRounds(() => runner.pollFreeSlots(), {
      everyMs: timeouts.placesEveryMs,
      log,
      name: "places",
    }),
    // Who waited for a late link may have been another process.
    startRounds(() => runner.pollLinks(), { everyMs: timeouts.forgottenMs, log, name: "links" }),
  ];
}
