import { randomBytes } from "node:crypto";
import { hostsOf, withPages } from "../core/github/hosts.ts";
import type { Ports } from "../ports/ports.ts";
import type { Runner } from "../runner/runner.ts";
import { createRunner } from "../runner/runner.ts";
import { createIdentities } from "./identities.ts";
import type { AppParts } from "./options.ts";
import { prepareDoctor } from "./own-doctor.ts";
import { now, sha256 } from "./task-options.ts";
import { UNTRACED } from "./tracing.ts";

/** The runner over the adapters of this bot. */
export async function wireRunner(parts: AppParts): Promise<Runner> {
  const { options, timeouts, backend } = parts;
  const { MAX_FOLLOWED_SESSIONS: maxFollowed } = options.environment;
  const hosts = withPages(hostsOf(options.environment), backend.pages);
  return createRunner(await portsOf(parts), { hosts, timeouts, maxFollowed });
}

/** Which port is which adapter. */
async function portsOf(parts: AppParts): Promise<Ports> {
  const { options, timeouts, storage, github, backend, processTask, stopping } = parts;
  const { log, tracing = UNTRACED } = options;
  return {
    tasks: storage.tasks,
    approvals: storage.approvals,
    sessionCommands: storage.sessionCommands,
    doctor: prepareDoctorOfTasks(parts),
    github,
    log,
    tracing,
    processAgain: processTask,
    stopping,
    copilot: await backend.copilot(timeouts),
    sessionHost: parts.host,
    selfHosting: options.environment.selfHosting,
    identities: createIdentities(options, parts.connections, parts.credentials),
    waitingRequesters: storage.waitingRequesters,
    now,
    chance: () => Math.random(),
    nonce: () => randomBytes(16).toString("hex"),
    digest: sha256,
  };
}

function prepareDoctorOfTasks(parts: AppParts): Ports["doctor"] {
  const doctor = prepareDoctor(parts, "thread");
  return (task) => doctor(task.place);
}
