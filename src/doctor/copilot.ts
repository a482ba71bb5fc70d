import type { Finding } from "../core/finding.ts";
import type { MissionControlAnswer, PinnedPackage, PinnedPair } from "../copilot/checkup.ts";
import type { RuntimeStatus } from "../copilot/runtime.ts";
import type { Audience } from "./examination.ts";
import { codeOf, failed, ok, quote, warning } from "./examination.ts";

/** The installed versions against the pinned ones. */
export function judgePair({ sdk, runtime }: PinnedPair): Finding {
  const what = "versions of Copilot";
  const wrong = [sdk, runtime].filter(({ pinned, installed }) => pinned !== installed);
  const pair = named(sdk, runtime);
  if (wrong.length === 0) return ok(what, `${pair}, as pinned in package.json.`);
  const found = wrong.map(({ name, pinned, installed }) => {
    const is = installed === null ? "is not installed" : `is ${quote(installed)}`;
    return `\`${name}\` ${is}, and ${pinned} is pinned.`;
  });
  return failed(what, found.join(" "), install({ sdk, runtime }));
}

function named(sdk: PinnedPackage, runtime: PinnedPackage): string {
  return `\`${sdk.name}\` ${sdk.pinned} with \`${runtime.name}\` ${runtime.pinned}`;
}

function install({ sdk, runtime }: PinnedPair): string {
  return `The administrator of the bot runs \`npm ci\` in its directory, which installs the pair that works, ${named(sdk, runtime)}, and restarts the bot.`;
}

const RUNTIME = "Copilot runtime";

const NO_ROOM =
  "The administrator of the bot mends what this says; memory (300 MB) and space for temporary files are what a runtime may lack.";
const LOG =
  "The administrator of the bot finds the reason in the log, in the line `Copilot runtime does not start`.";
const SLOW =
  "The administrator of the bot asks again in a minute, and looks whether the machine is overloaded.";

/** How the runtime is doing. `error`: why it does not run, where that is known. */
export function judgeRuntime(
  { state, version, cloudSessions }: RuntimeStatus,
  error: unknown,
  pair: PinnedPair,
  audience: Audience,
): Finding {
  if (state === "starting") return warning(RUNTIME, "It is starting, and takes long.", SLOW);
  if (state !== "ready") {
    // The words of the operating system tell paths.
    const known = audience === "administrator" && error instanceof Error;
    const found = `It does not start${known ? `: ${quote(error.message)}` : ""}.`;
    return failed(RUNTIME, found, known ? NO_ROOM : LOG);
  }
  const runs = `Version ${version === null ? "unknown" : quote(version)} runs`;
  if (cloudSessions !== true) {
    return failed(RUNTIME, `${runs}, and cannot create cloud sessions.`, install(pair));
  }
  const { installed } = pair.runtime;
  if (version !== null && installed !== null && version !== installed) {
    const found = `${runs}, and ${quote(installed)} is installed.`;
    return warning(RUNTIME, found, "The administrator of the bot restarts it.");
  }
  return ok(RUNTIME, `${runs}, and can create cloud sessions.`);
}

const MISSION_CONTROL = "Mission Control";
const STATUS_PAGE = "https://www.githubstatus.com tells of outages";

/** An enterprise's own address is not for everybody. */
function placeOf(base: string, audience: Audience): string {
  return audience === "administrator" ? ` at ${quote(base)}` : "";
}

/** What Mission Control answered to the question for a task that does not exist. */
export function judgeMissionControl(
  { status, message, hasRequestId }: MissionControlAnswer,
  base: string,
  audience: Audience,
): Finding {
  const place = placeOf(base, audience);
  const answered = `It answered ${status}${message === "" ? "" : `: ${quote(message)}`}${place}.`;
  const refused = (found: string, cure: string) => failed(MISSION_CONTROL, found, cure);
  if (status === 401) {
    const cure =
      "The administrator of the bot makes a new token of the Copilot account (a fine-grained one needs the permission “Copilot Requests”), sets COPILOT_GITHUB_TOKEN to it, and restarts the bot.";
    return refused(`It refuses the token. ${answered}`, cure);
  }
  if (status === 403) {
    const cure =
      "An owner of the organisation or enterprise that pays for the account's Copilot allows cloud sessions in its Copilot policies, and gives the account a seat.";
    return refused(`It refuses the account. ${answered}`, cure);
  }
  if (status !== 200 && status !== 404) {
    const cure = `The administrator of the bot tries again later (${STATUS_PAGE}), and looks at what is between the bot and Mission Control: COPILOT_MC_BASE_URL, a proxy.`;
    const found = `It does not answer as it should. ${answered}`;
    return status === 429 ? warning(MISSION_CONTROL, found, cure) : refused(found, cure);
  }
  if (!hasRequestId) {
    const cure =
      "The administrator of the bot looks at COPILOT_MC_BASE_URL and at the proxy between the bot and Mission Control.";
    const found = `Something answered${place} that is not GitHub's: its answers have an \`x-github-request-id\`, and this one has none.`;
    return warning(MISSION_CONTROL, found, cure);
  }
  return ok(MISSION_CONTROL, `It answers${place}, and takes the token.`);
}

/** No answer of Mission Control's. */
export function judgeSilence(error: unknown, base: string | null, audience: Audience): Finding {
  const code = codeOf(error);
  // Ours, when we have waited long enough.
  const why = code === null || code === "ABORT_ERR" ? "" : ` (${quote(code)})`;
  return failed(
    MISSION_CONTROL,
    base === null
      ? `GitHub does not answer the question where it is${why}.`
      : `It does not answer${placeOf(base, audience)}${why}.`,
    "The administrator of the bot lets the bot reach it: HTTPS_PROXY and NO_PROXY name a proxy and what goes past it, NODE_EXTRA_CA_CERTS the proxy's certificate, COPILOT_MC_BASE_URL another address.",
  );
}
