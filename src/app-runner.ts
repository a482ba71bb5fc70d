import { createHash, randomBytes } from "node:crypto";
import type { Environment } from "./config/environment.ts";
import { restBaseUrl, webOrigin } from "./config/environment.ts";
import { createCopilot } from "./copilot/copilot.ts";
import { diagnose } from "./github/diagnosis.ts";
import type { Ports } from "./runner/ports.ts";
import type { Runner } from "./runner/runner.ts";
import { createRunner } from "./runner/runner.ts";
import type { Parts, Waits } from "./surroundings.ts";

const MINUTE_MS = 60_000;
/** For following a session that somebody writes to, where sessions are not followed otherwise. */
const ANSWER_MS = 10 * MINUTE_MS;

function following({ FOLLOW_MINUTES, IDLE_MINUTES, MAX_ATTACHED_SESSIONS }: Environment) {
  const followMs = FOLLOW_MINUTES * MINUTE_MS;
  return {
    followMs,
    followAgainMs: Math.max(followMs, ANSWER_MS),
    idleMs: IDLE_MINUTES * MINUTE_MS,
    mostFollowed: MAX_ATTACHED_SESSIONS,
  };
}

/** The runner over the parts of this bot. */
export function createAppRunner(parts: Parts, waits: Waits): Runner {
  const { environment } = parts.surroundings;
  const patience = { ...following(environment), ...waits };
  return createRunner(createPorts(parts, waits), webOrigin(environment), patience);
}

function createPorts(parts: Parts, waits: Waits): Ports {
  const { surroundings, storage, github, runtime, look, stopping } = parts;
  const { environment, log } = surroundings;
  const startMs = environment.SESSION_START_TIMEOUT_SECONDS * 1_000;
  return {
    tasks: storage.tasks,
    approvals: storage.approvals,
    orders: storage.orders,
    doctor: prepareDoctor(parts),
    github,
    log,
    lookAgain: look,
    stopping,
    copilot: createCopilot(runtime, { ...waits, startMs }, log),
    identities: {
      // One account for everybody: the requester's own comes with user authorisation.
      identityFor: () => Promise.resolve({ token: environment.COPILOT_GITHUB_TOKEN }),
      diagnose: (request) => diagnose(request, restBaseUrl(environment)),
    },
    now: () => new Date(),
    chance: () => Math.random(),
    nonce: () => randomBytes(16).toString("hex"),
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

function prepareDoctor({ surroundings, storage, github, runtime }: Parts): Ports["doctor"] {
  const { environment, variables, log } = surroundings;
  return async (task) => {
    const { createDoctor } = await import("./doctor.ts");
    const doctor = createDoctor({
      environment,
      variables: { ...variables, ...environment },
      github: github.app,
      runtime,
      store: { ping: () => storage.tasks.ping() },
      audience: "thread",
      log,
    });
    return doctor(task);
  };
}
