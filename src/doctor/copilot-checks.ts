import { askMissionControl, findMissionControl, lookUpAccount } from "../copilot/checkup.ts";
import { readPinnedPair } from "../copilot/checkup.ts";
import type { PinnedPair } from "../copilot/checkup.ts";
import type { CopilotToken } from "../config/copilot-tokens.ts";
import type { RuntimeStatus } from "../copilot/runtime.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { hostsOf } from "../core/github/hosts.ts";
import { judgeMissionControl, judgePair, judgeRuntime, judgeSilence } from "./copilot.ts";
import { COPILOT_ACCOUNT, judgeCopilotAccount } from "./copilot-account.ts";
import { judgeLookupSilence } from "./copilot-account.ts";
import { ofEachToken } from "./each-token.ts";
import type { Check } from "./examination.ts";
import { examineAll } from "./examination.ts";
import type { CheckOptions } from "./options.ts";
import { ROOT } from "./root.ts";

/** The Copilot runtime, as its checks need it. */
export interface RuntimeToCheck {
  readonly status: () => Pick<RuntimeStatus, "state" | "version" | "cloudSessions">;
  /** The Copilot versions; those of this installation by default. */
  readonly pair?: () => PinnedPair;
}

/** The versions, the runtime, and, for each token, the account's right to Copilot and Mission Control. */
export async function examineCopilot(
  options: CheckOptions,
  { status, pair = ownPair }: RuntimeToCheck,
): Promise<readonly Finding[]> {
  const { tokens, conditions } = options;
  const runtimeChecks: readonly Check[] = [
    { what: "Copilot versions", look: async () => judgePair(pair()) },
    { what: "Copilot runtime", look: async () => checkRuntime(options, status, pair()) },
  ];
  const tokenChecks = (token: CopilotToken): readonly Check[] => [
    { what: COPILOT_ACCOUNT, look: () => checkCopilotAccount(token, options) },
    { what: "Mission Control", look: () => checkMissionControl(token, options) },
  ];
  const groups = [
    examineAll(runtimeChecks, conditions),
    ofEachToken(tokens, (token) => examineAll(tokenChecks(token), conditions)),
  ];
  return (await Promise.all(groups)).flat();
}

/** What both questions about Copilot are asked with. */
function questionOf({ token }: CopilotToken, { environment, variables, conditions }: CheckOptions) {
  const signal = AbortSignal.timeout(conditions.timeLimitMs * 0.9);
  return { token, hosts: hostsOf(environment), variables, signal };
}

async function checkCopilotAccount(token: CopilotToken, options: CheckOptions): Promise<Finding> {
  const { environment, audience } = options;
  const question = questionOf(token, options);
  const { hosts } = question;
  try {
    const hasMissionControl = environment.COPILOT_MC_BASE_URL !== undefined;
    const answer = await lookUpAccount(question);
    return judgeCopilotAccount(answer, { hosts, audience, hasMissionControl });
  } catch (error) {
    return judgeLookupSilence(error);
  }
}

async function checkMissionControl(token: CopilotToken, options: CheckOptions): Promise<Finding> {
  const { variable } = token;
  const { audience } = options;
  const question = questionOf(token, options);
  let base: string | null = null;
  try {
    base = await findMissionControl(question);
    const answer = await askMissionControl(base, question);
    return judgeMissionControl(answer, { base, audience, variable });
  } catch (error) {
    return judgeSilence(error, base, audience);
  }
}

/** Has it started where it does not run; a start that takes long is reported before it has ended. */
async function checkRuntime(
  options: CheckOptions,
  status: RuntimeToCheck["status"],
  pair: PinnedPair,
) {
  const { backend, environment, audience, conditions } = options;
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, conditions.timeLimitMs * 0.9, null);
  const running = backend.running().then(
    () => null,
    (error: unknown) => error,
  );
  const error = await Promise.race([running, timeout]);
  clearTimeout(timer);
  const choice = environment.COPILOT_RUNTIME;
  return judgeRuntime({ status: status(), error, pair, choice }, audience);
}

function ownPair(): PinnedPair {
  return readPinnedPair(ROOT);
}
