import { createHash, randomBytes } from "node:crypto";
import { restBaseUrl } from "../config/environment.ts";
import { createDiagnosis } from "./diagnosis.ts";
import { createCopilot } from "../copilot/copilot.ts";
import type { SharedAccount } from "../core/access/shared-account.ts";
import { hostsOf } from "../core/github/hosts.ts";
import { createAccountLookup } from "../github/copilot-account.ts";
import type { Identities } from "../ports/identities.ts";
import type { Ports } from "../ports/ports.ts";
import type { Runner } from "../runner/runner.ts";
import { createRunner } from "../runner/runner.ts";
import type { AppParts } from "./options.ts";

/** The runner over the adapters of this bot. */
export function wireRunner(parts: AppParts): Runner {
  const { options, timeouts } = parts;
  const { MAX_FOLLOWED_SESSIONS: maxFollowed } = options.environment;
  const hosts = hostsOf(options.environment);
  return createRunner(portsOf(parts), { hosts, timeouts, maxFollowed });
}

/** Which port is which adapter. */
function portsOf(parts: AppParts): Ports {
  const { options, timeouts, storage, github, runtime, processTask, stopping } = parts;
  const { environment, variables, log } = options;
  const shared = identityOf(environment.COPILOT_GITHUB_TOKEN, parts);
  return {
    tasks: storage.tasks,
    approvals: storage.approvals,
    sessionCommands: storage.sessionCommands,
    doctor: prepareDoctor(parts),
    github,
    log,
    processAgain: processTask,
    stopping,
    copilot: createCopilot(runtime, timeouts, log, hostsOf(environment)),
    identities: {
      // One account for everybody: the requester's own comes with user authorization.
      ...oneOf({ shared }, () => "shared"),
      diagnose: createDiagnosis({ environment, variables: { ...variables, ...environment } }),
    },
    now: () => new Date(),
    chance: () => Math.random(),
    nonce: () => randomBytes(16).toString("hex"),
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

interface Identity {
  readonly token: string;
  readonly account: () => Promise<SharedAccount>;
}

/** Only one of these can be chosen, so that the gate knows the account of each. */
function oneOf<Name extends string>(
  all: Readonly<Record<Name, Identity>>,
  choose: (task: Parameters<Identities["identityFor"]>[0]) => NoInfer<Name>,
): Omit<Identities, "diagnose"> {
  const accounts = Object.values<Identity>(all).map(({ account }) => account);
  return {
    identityFor: (task) => Promise.resolve(all[choose(task)]),
    accounts: () => Promise.all(accounts.map((account) => account())),
  };
}

/** Its account is known before the first task is received. */
function identityOf(token: string, { options: { environment, log } }: AppParts): Identity {
  const { kind } = hostsOf(environment);
  const lookUp = createAccountLookup({ token, baseUrl: restBaseUrl(environment), kind, log });
  lookUp().catch((err: unknown) => {
    log.warn({ err }, "Copilot account could not be looked up yet");
  });
  return { token, account: lookUp };
}

function prepareDoctor({ options, storage, github, runtime }: AppParts): Ports["doctor"] {
  const { environment, variables, log } = options;
  return async (task) => {
    const { createDoctor } = await import("../doctor/doctor.ts");
    const doctor = createDoctor({
      environment,
      variables: { ...variables, ...environment },
      github: github.app,
      runtime,
      store: {
        ping: () => storage.tasks.checkWrite(),
        undelivered: (repository) => storage.tasks.undelivered(repository),
      },
      audience: "thread",
      log,
    });
    return doctor(task.place);
  };
}
