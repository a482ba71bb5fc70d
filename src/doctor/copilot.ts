import type { Finding } from "../core/doctor/finding.ts";
import { STATUS_PAGE } from "../core/github/hosts.ts";
import type { MissionControlAnswer, PinnedPackage, PinnedPair } from "../copilot/checkup.ts";
import type { RuntimeStatus } from "../copilot/runtime.ts";
import type { Audience } from "./examination.ts";
import { errorCodeOf, failed, ok, quote, warning } from "./examination.ts";

/** The installed versions against the pinned ones. */
export function judgePair({ sdk, runtime }: PinnedPair): Finding {
  const what = "Copilot versions";
  const wrong = [sdk, runtime].filter(({ pinned, installed }) => pinned !== installed);
  const pair = named(sdk, runtime);
  if (wrong.length === 0) return ok(what, `${pair}, as pinned in package.json.`);
  const found = wrong.map(({ name, pinned, installed }) => {
    const is = installed === null ? "isn't installed" : `is ${quote(installed)}`;
    return `\`${name}\` ${is}, but ${pinned} is pinned.`;
  });
  return failed(what, found.join(" "), install({ sdk, runtime }));
}

function named(sdk: PinnedPackage, runtime: PinnedPackage): string {
  return `\`${sdk.name}\` ${sdk.pinned} with \`${runtime.name}\` ${runtime.pinned}`;
}

function install({ sdk, runtime }: PinnedPair): string {
  return `Run \`npm ci\` in the bot's directory to install the versions that work together (${named(sdk, runtime)}), and restart the bot.`;
}

const BUNDLED = "bundled";

function useBundled({ runtime }: PinnedPair): string {
  return `Set COPILOT_RUNTIME to \`${BUNDLED}\` (${runtime.pinned}) or to a runtime for which \`script/check-runtime\` says that cloud sessions work, and restart the bot.`;
}

const RUNTIME = "Copilot runtime";

const NO_ROOM =
  "Fix what this says. The runtime needs 300 MB of memory and space for temporary files.";
const LOG = "See the bot's log: look for `Copilot runtime doesn't start`.";
const SLOW =
  "Try again in a minute. If it's still starting, check whether the machine is overloaded.";

interface RuntimeFacts {
  readonly status: Pick<RuntimeStatus, "state" | "version" | "cloudSessions">;
  /** Why it does not run, where that is known. */
  readonly error: unknown;
  readonly pair: PinnedPair;
  /** `COPILOT_RUNTIME` */
  readonly choice: string;
}

/** How the runtime is doing. */
export function judgeRuntime(
  { status: { state, version, cloudSessions }, error, pair, choice }: RuntimeFacts,
  audience: Audience,
): Finding {
  if (state === "starting") return warning(RUNTIME, "Still starting.", SLOW);
  if (state !== "ready") {
    // The operating system's message contains paths.
    const known = audience === "administrator" && error instanceof Error;
    const found = `Doesn't start${known ? `: ${quote(error.message)}` : ""}.`;
    return failed(RUNTIME, found, known ? NO_ROOM : LOG);
  }
  const runs = `Version ${version === null ? "unknown" : quote(version)} runs`;
  if (cloudSessions !== true) {
    const found = `${runs} but can't create cloud sessions with \`${pair.sdk.name}\` ${pair.sdk.installed ?? pair.sdk.pinned}.`;
    return failed(RUNTIME, found, choice === BUNDLED ? install(pair) : useBundled(pair));
  }
  const { installed } = pair.runtime;
  if (choice === BUNDLED && version !== null && installed !== null && version !== installed) {
    const found = `${runs}, but ${quote(installed)} is installed.`;
    return warning(RUNTIME, found, "Restart the bot.");
  }
  return ok(RUNTIME, `${runs} and can create cloud sessions.`);
}

const MISSION_CONTROL = "Mission Control";
const OUTAGES = `${STATUS_PAGE} shows outages`;

/** An enterprise's own address is not for everybody. */
function placeOf(base: string, audience: Audience): string {
  return audience === "administrator" ? ` at ${quote(base)}` : "";
}

/** What the question was asked with. */
interface MissionControlQuestion {
  readonly base: string;
  readonly audience: Audience;
  /** The variable that has the token. */
  readonly variable: string;
}

/** What Mission Control answered to the question for a task that does not exist. */
export function judgeMissionControl(
  { status, message, hasRequestId }: MissionControlAnswer,
  { base, audience, variable }: MissionControlQuestion,
): Finding {
  const place = placeOf(base, audience);
  const answered = `Responded with ${status}${message === "" ? "" : `: ${quote(message)}`}${place}.`;
  const refused = (found: string, cure: string) => failed(MISSION_CONTROL, found, cure);
  if (status === 401) {
    const cure = `Create a new token for the Copilot account (a fine-grained one needs the permission “Copilot Requests”), set ${variable} to it, and restart the bot.`;
    return refused(`Token rejected. ${answered}`, cure);
  }
  if (status === 403) {
    const cure =
      "An owner of the organization or enterprise that provides the account's license can allow cloud sessions in its Copilot policies and assign a seat to the account.";
    return refused(`Account rejected. ${answered}`, cure);
  }
  if (status !== 200 && status !== 404) {
    const cure = `Try again later (${OUTAGES}). If it persists, check COPILOT_MC_BASE_URL and any proxy.`;
    const found = `Unexpected response. ${answered}`;
    return status === 429 ? warning(MISSION_CONTROL, found, cure) : refused(found, cure);
  }
  if (!hasRequestId) {
    const cure = "Check COPILOT_MC_BASE_URL and any proxy between the bot and Mission Control.";
    const found = `The response${place} doesn't come from GitHub: it has no \`x-github-request-id\`.`;
    return warning(MISSION_CONTROL, found, cure);
  }
  return ok(MISSION_CONTROL, `Reachable${place}; token accepted.`);
}

/** No answer of Mission Control's. */
export function judgeSilence(error: unknown, base: string | null, audience: Audience): Finding {
  const code = errorCodeOf(error);
  // Ours, when we have waited long enough.
  const why = code === null || code === "ABORT_ERR" ? "" : ` (${quote(code)})`;
  return failed(
    MISSION_CONTROL,
    base === null
      ? `Couldn't look up the Mission Control address: GitHub didn't respond${why}.`
      : `No response${placeOf(base, audience)}${why}.`,
    "Allow outbound access. Behind a proxy, set HTTPS_PROXY, NO_PROXY, and NODE_EXTRA_CA_CERTS. To use another address, set COPILOT_MC_BASE_URL.",
  );
}
