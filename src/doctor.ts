import type { Environment } from "./config/environment.ts";
import { restBaseUrl, webOrigin } from "./config/environment.ts";
import { askMissionControl, findMissionControl, readPinnedPair } from "./copilot/checkup.ts";
import type { PinnedPair } from "./copilot/checkup.ts";
import type { Runtime } from "./copilot/runtime.ts";
import type { Finding } from "./core/finding.ts";
import { ACCESS, ACCOUNT, judgeAccess, judgeAccount, judgeExpiry } from "./doctor/account.ts";
import { judgeSignOnRefusal, judgeTokenRefusal } from "./doctor/account.ts";
import { judgeApp, judgeClock, judgeEvents, judgePermissions } from "./doctor/app.ts";
import { judgeRefusal } from "./doctor/app.ts";
import { judgeMissionControl, judgePair, judgeRuntime, judgeSilence } from "./doctor/copilot.ts";
import type { Audience, Check, Conditions } from "./doctor/examination.ts";
import { examine } from "./doctor/examination.ts";
import { DEFAULTS, judgeDefaults, judgeInstallation } from "./doctor/installation.ts";
import { judgeInstallations } from "./doctor/installation.ts";
import type { Manifest } from "./doctor/manifest.ts";
import { readManifest } from "./doctor/manifest.ts";
import { placesOf } from "./doctor/places.ts";
import { withoutSecrets } from "./doctor/secrets.ts";
import type { Store } from "./doctor/store.ts";
import { examineSpace, examineStore } from "./doctor/store.ts";
import { judgeDeliveries, judgeHook } from "./doctor/webhook.ts";
import type { GitHubApp } from "./github/app.ts";
import type { AppFacts, InstallationFacts, RepositoryName } from "./github/checkup.ts";
import { createAccountCheckup, createAppCheckup } from "./github/checkup.ts";

/** The directory of package.json and app.yml: above src/, and above dist/ too. */
const ROOT = new URL("../", import.meta.url);

/** What the doctor looks at, and for whom. */
export interface DoctorParts {
  readonly environment: Environment;
  /** Of these, what the Copilot runtime gets decides how Mission Control is reached. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly github: GitHubApp;
  readonly runtime: Pick<Runtime, "running" | "status">;
  readonly store: Store;
  readonly audience: Audience;
  readonly log: Conditions["log"];
  /** For each check, in milliseconds; 10 s unless told. */
  readonly timeLimitMs?: number;
  /** The versions of Copilot; those of this installation unless told. */
  readonly pair?: () => PinnedPair;
  /** What the App needs; what app.yml says unless told. */
  readonly manifest?: () => Manifest;
}

function ownManifest(): Manifest {
  return readManifest(new URL("app.yml", ROOT));
}

function ownPair(): PinnedPair {
  return readPinnedPair(ROOT);
}

/** Looks at all that the bot needs, for a repository or (null) in general. Never rejects. */
export type Doctor = (subject: RepositoryName | null) => Promise<readonly Finding[]>;

const TIME_LIMIT_MS = 10_000;

/** A doctor who only reads: no session is created, nothing is charged, and nothing at GitHub changes. */
export function createDoctor(parts: DoctorParts): Doctor {
  const { environment, audience, log, timeLimitMs = TIME_LIMIT_MS } = parts;
  const all = { ...parts, conditions: { audience, log, timeLimitMs } };
  const clean = withoutSecrets(environment);
  return async (subject) => {
    const groups = [
      examineApp(all, subject),
      examineAccount(all, subject),
      examineCopilot(all),
      examineData(all),
    ];
    return (await Promise.all(groups)).flat().map(clean);
  };
}

interface Parts extends DoctorParts {
  readonly conditions: Conditions;
}

type Findings = Promise<readonly Finding[]>;
type Subject = RepositoryName | null;

/** All at once; the findings are in the order of the checks. */
async function examineAll(checks: readonly Check[], conditions: Conditions): Findings {
  return (await Promise.all(checks.map((check) => examine(check, conditions)))).flat();
}

/** The App first: without an answer about it there is nothing to compare the rest with. */
async function examineApp(parts: Parts, subject: Subject): Findings {
  const { github, conditions } = parts;
  const checkup = createAppCheckup(github);
  let app: AppFacts | undefined;
  const first: Check = {
    what: "App",
    async look() {
      try {
        app = await checkup.app();
        return judgeApp(app);
      } catch (error) {
        const refusal = judgeRefusal(error);
        if (refusal === null) throw error;
        return refusal;
      }
    },
  };
  const clock: Check = {
    what: "clock",
    look: async () => judgeClock(await checkup.clockAheadMs()),
  };
  const [known, told] = await Promise.all([examine(first, conditions), examine(clock, conditions)]);
  if (app === undefined) return [...known, ...told];
  const installed =
    subject === null
      ? examine(checkOfInstallations(checkup, app), conditions)
      : examineInstallation(checkup, app, subject, conditions);
  const settings = examineAll(checksOfSettings(parts, checkup, app), conditions);
  return [...known, ...(await settings), ...(await installed), ...told];
}

type AppCheckup = ReturnType<typeof createAppCheckup>;

function checksOfSettings(parts: Parts, checkup: AppCheckup, app: AppFacts): readonly Check[] {
  const { environment, audience, manifest = ownManifest } = parts;
  const places = placesOf(app, webOrigin(environment));
  const hasDatabase = environment.DATABASE_URL !== undefined;
  return [
    {
      what: "permissions of the App",
      look: async () => judgePermissions(app, manifest(), places),
    },
    {
      what: "events of the App",
      look: async () => judgeEvents(app, manifest(), places),
    },
    {
      what: "webhook settings",
      look: async () => judgeHook(await checkup.hook(), places, audience),
    },
    {
      what: "webhook deliveries",
      look: async () => judgeDeliveries(await checkup.deliveries(), places, hasDatabase),
    },
  ];
}

function checkOfInstallations(checkup: AppCheckup, app: AppFacts): Check {
  return {
    what: "installations",
    look: async () => judgeInstallations(await checkup.installations(), app),
  };
}

/** The installation, and what can only be asked in its name. */
async function examineInstallation(
  checkup: AppCheckup,
  app: AppFacts,
  subject: RepositoryName,
  conditions: Conditions,
): Findings {
  let installation: InstallationFacts | null | undefined;
  const first: Check = {
    what: "installation",
    async look() {
      installation = await checkup.installationOf(subject);
      return judgeInstallation(installation, app, subject);
    },
  };
  const known = await examine(first, conditions);
  if (!installation || installation.suspended) return known;
  const defaults = checkOfDefaults(checkup, installation);
  return [...known, ...(await examine(defaults, conditions))];
}

function checkOfDefaults(checkup: AppCheckup, installation: InstallationFacts): Check {
  const name = { owner: installation.account, repository: DEFAULTS };
  return {
    what: "defaults of the organisation",
    look: async () => judgeDefaults(await checkup.sees(installation, name), installation),
  };
}

/** The account, and, when GitHub knows it, what it may do in the repository. */
async function examineAccount({ environment, conditions }: Parts, subject: Subject): Findings {
  const checkup = createAccountCheckup(environment.COPILOT_GITHUB_TOKEN, restBaseUrl(environment));
  let refused = false;
  const account: Check = {
    what: ACCOUNT,
    async look() {
      try {
        const { login, tokenExpires } = await checkup.account();
        return [judgeAccount(login), judgeExpiry(tokenExpires, new Date())];
      } catch (error) {
        const refusal = judgeTokenRefusal(error);
        if (refusal === null) throw error;
        refused = true;
        return refusal;
      }
    },
  };
  const known = await examine(account, conditions);
  if (refused || subject === null) return known;
  const access: Check = {
    what: ACCESS,
    async look() {
      try {
        return judgeAccess(await checkup.access(subject), subject, webOrigin(environment));
      } catch (error) {
        const refusal = judgeSignOnRefusal(error, subject);
        if (refusal === null) throw error;
        return refusal;
      }
    },
  };
  return [...known, ...(await examine(access, conditions))];
}

function examineCopilot(parts: Parts): Findings {
  const { conditions, pair = ownPair } = parts;
  const checks: readonly Check[] = [
    { what: "versions of Copilot", look: async () => judgePair(pair()) },
    { what: "Copilot runtime", look: async () => lookAtRuntime(parts, pair()) },
    { what: "Mission Control", look: () => lookAtMissionControl(parts) },
  ];
  return examineAll(checks, conditions);
}

async function lookAtMissionControl(parts: Parts): Promise<Finding> {
  const { environment, variables, audience, conditions } = parts;
  const signal = AbortSignal.timeout(conditions.timeLimitMs * 0.9);
  const question = { token: environment.COPILOT_GITHUB_TOKEN, variables, signal };
  let base: string | null = null;
  try {
    base = await findMissionControl(question);
    return judgeMissionControl(await askMissionControl(base, question), base, audience);
  } catch (error) {
    return judgeSilence(error, base, audience);
  }
}

/** Has it started where it does not run; a start that takes long is told of before it has ended. */
async function lookAtRuntime({ runtime, audience, conditions }: Parts, pair: PinnedPair) {
  const { promise: patience, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, conditions.timeLimitMs * 0.9, null);
  const running = runtime.running().then(
    () => null,
    (error: unknown) => error,
  );
  const error = await Promise.race([running, patience]);
  clearTimeout(timer);
  return judgeRuntime(runtime.status(), error, pair, audience);
}

function examineData({ environment, store, audience, conditions }: Parts): Findings {
  const { DATABASE_URL, DATA_DIR } = environment;
  const database: Check = {
    what: "database",
    look: () => examineStore(store, DATABASE_URL !== undefined, audience),
  };
  const space: Check = { what: "space for the data", look: () => examineSpace(DATA_DIR) };
  return examineAll(DATABASE_URL === undefined ? [database, space] : [database], conditions);
}
