import { askMissionControl, findMissionControl, lookUpAccount } from "../copilot/checkup.ts";
import { readPinnedPair } from "../copilot/checkup.ts";
import type { PinnedPair } from "../copilot/checkup.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { hostsOf } from "../core/github/hosts.ts";
import { judgeMissionControl, judgePair, judgeRuntime, judgeSilence } from "./copilot.ts";
import { COPILOT_ACCOUNT, judgeCopilotAccount } from "./copilot-account.ts";
import { judgeLookupSilence } from "./copilot-account.ts";
import type { Check } from "./examination.ts";
import { examineAll } from "./examination.ts";
import type { CheckOptions } from "./options.ts";
import { ROOT } from "./root.ts";

/** The versions, the runtime, the account's right to Copilot, and Mission Control. */
export function examineCopilot(options: CheckOptions): Promise<readonly Finding[]> {
  const { conditions, pair = ownPair } = options;
  const checks: readonly Check[] = [
    { what: "Copilot versions", look: async () => judgePair(pair()) },
    { what: "Copilot runtime", look: async () => checkRuntime(options, pair()) },
    { what: COPILOT_ACCOUNT, look: () => checkCopilotAccount(options) },
    { what: "Mission Control", look: () => checkMissionControl(options) },
  ];
  return examineAll(checks, conditions);
}

/** What both questions about Copilot are asked with. */
function questionOf({ environment, variables, conditions }: CheckOptions) {
  const signal = AbortSignal.timeout(conditions.timeLimitMs * 0.9);
  const hosts = hostsOf(environment);
  return { token: environment.COPILOT_GITHUB_TOKEN, hosts, variables, signal };
}

async function checkCopilotAccount(options: CheckOptions): Promise<Finding> {
  const { environment, audience } = options;
  const question = questionOf(options);
  const { hosts } = question;
  try {
    const hasMissionControl = environment.COPILOT_MC_BASE_URL !== undefined;
    const answer = await lookUpAccount(question);
    return judgeCopilotAccount(answer, { hosts, audience, hasMissionControl });
  } catch (error) {
    return judgeLookupSilence(error);
  }
}

async function checkMissionControl(options: CheckOptions): Promise<Finding> {
  const { audience } = options;
  const question = questionOf(options);
  let base: string | null = null;
  try {
    base = await findMissionControl(question);
    return judgeMissionControl(await askMissionControl(base, question), base, audience);
  } catch (error) {
    return judgeSilence(error, base, audience);
  }
}

/** Has it started where it does not run; a start that takes long is reported before it has ended. */
async function checkRuntime(options: CheckOptions, pair: PinnedPair) {
  const { runtime, environment, audience, conditions } = options;
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, conditions.timeLimitMs * 0.9, null);
  const running = runtime.running().then(
    () => null,
    (error: unknown) => error,
  );
  const error = await Promise.race([running, timeout]);
  clearTimeout(timer);
  const choice = environment.COPILOT_RUNTIME;
  return judgeRuntime({ status: runtime.status(), error, pair, choice }, audience);
}

function ownPair(): PinnedPair {
  return readPinnedPair(ROOT);
}
