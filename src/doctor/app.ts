import type { Finding } from "../core/doctor/finding.ts";
import { includesLevel } from "../core/github/ungranted-permission.ts";
import type { AppFacts } from "../github/app-facts.ts";
import { isRequestError } from "../github/trouble.ts";
import { failed, ok, quote, summary, warning } from "./examination.ts";
import type { DoctorProblem } from "./examination.ts";
import type { Manifest } from "./manifest.ts";
import type { Places } from "./places.ts";

/** What not everybody needs: who is in a team is asked only for policies that name teams. */
const OPTIONAL: ReadonlySet<string> = new Set(["members"]);

/** An App that GitHub knows. */
export function judgeApp({ slug, owner }: AppFacts): Finding {
  const of = owner === null ? "an enterprise" : quote(owner.login);
  return ok("App", `${quote(slug ?? "unnamed")}, owned by ${of}.`);
}

/** What a refusal to the App means; null for anything else that went wrong. */
export function judgeRefusal(error: unknown): Finding | null {
  if (!isRequestError(error) || error.response === undefined) return null;
  if (error.status !== 401 && error.status !== 404) return null;
  const found = `GitHub doesn't accept APP_ID with this private key: ${error.status}, ${quote(error.message)}. Nothing else about the App could be checked.`;
  const cure =
    "Set APP_ID to the “App ID” on the App's settings page, and PRIVATE_KEY or PRIVATE_KEY_PATH to a private key generated there.";
  return failed("App", found, cure);
}

/** What sessions on the administrator's own machines need, whatever app.yml says. */
const ON_OWN_MACHINES = {
  contents: ["write", "push what agents commit on your own machines"],
  pull_requests: ["write", "open pull requests for that"],
} as const;

/** What the App needs. */
export interface NeededPermissions {
  /** Levels by the permission's name. */
  readonly levels: Readonly<Record<string, string>>;
  /** What some of them are for, by the permission's name. */
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * What the App needs of what app.yml lists, and more where sessions run on the administrator's own machines.
 *
 * @param isSelfHosting whether they do
 */
export function neededPermissions(
  { permissions }: Manifest,
  isSelfHosting: boolean,
): NeededPermissions {
  const more = isSelfHosting ? Object.entries(ON_OWN_MACHINES) : [];
  const reasons = more.filter(([name, [level]]) => !includesLevel(permissions[name], level));
  return {
    levels: { ...permissions, ...Object.fromEntries(more.map(([name, [level]]) => [name, level])) },
    reasons: Object.fromEntries(reasons.map(([name, [, reason]]) => [name, reason])),
  };
}

/** The App's permissions against those that it needs. */
export function judgePermissions(
  app: AppFacts,
  { levels, reasons }: NeededPermissions,
  places: Places,
): Finding {
  const under = `under “Permissions & events” in its settings${places.permissions}`;
  const set = `The App's owner can set them ${under}. Then an owner of each account that installed the App must accept them.`;
  const needed = Object.entries(levels);
  const problems = needed.flatMap(([name, level]): DoctorProblem[] => {
    const given = app.permissions[name];
    if (includesLevel(given, level)) return [];
    const is = given === undefined ? "is missing" : `is only ${quote(given)}`;
    const gravity = OPTIONAL.has(name) ? "warning" : "failed";
    const reason = reasons[name] === undefined ? "" : ` (needed to ${reasons[name]})`;
    const found = `${quote(`${name}: ${level}`)} ${is}${reason}.`;
    return [{ level: gravity, found, cure: set }];
  });
  const extra = Object.entries(app.permissions)
    .filter(([name, level]) => !includesLevel(levels[name], level))
    .map(([name, level]) => `${name}: ${level}`);
  const fine = needed.map(([name, level]) => `\`${name}: ${level}\``).join(", ");
  const all = [...problems, ...superfluous(extra, under, problems.length > 0)];
  return summary("App permissions", all, `${fine}.`);
}

/** The App's events against those of app.yml. */
export function judgeEvents(app: AppFacts, manifest: Manifest, places: Places): Finding {
  const under = `under “Permissions & events” in its settings${places.permissions}`;
  const missing = manifest.events.filter((event) => !app.events.includes(event));
  const extra = app.events.filter((event) => !manifest.events.includes(event));
  const found = `Missing: ${missing.map(quote).join(", ")}.`;
  const cure = `The App's owner can select them ${under}.`;
  const problems: DoctorProblem[] = missing.length === 0 ? [] : [{ level: "failed", found, cure }];
  const fine = manifest.events.map((event) => `\`${event}\``).join(", ");
  const all = [...problems, ...superfluous(extra, under, problems.length > 0)];
  return summary("App events", all, `${fine}.`);
}

/** What the App has and does not need. `isThere`: its owner is sent to the place already. */
function superfluous(extra: readonly string[], under: string, isThere: boolean): DoctorProblem[] {
  if (extra.length === 0) return [];
  const cure = isThere
    ? "Remove what's not needed there."
    : `The App's owner can remove them ${under}.`;
  return [{ level: "warning", found: `Not needed: ${extra.map(quote).join(", ")}.`, cure }];
}

const WARN_AHEAD_S = 30;
const MAX_AHEAD_S = 60;

/** This machine's clock against GitHub's, from which it is ahead by so much. */
export function judgeClock(aheadMs: number): Finding {
  const what = "clock";
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds <= 1) return ok(what, "In sync with GitHub.");
  const is = `${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} GitHub`;
  if (seconds <= WARN_AHEAD_S) return ok(what, `${is}.`);
  const cure = "Synchronize the clock of the bot's machine with a time server (NTP).";
  return seconds <= MAX_AHEAD_S
    ? warning(what, `${is}. GitHub rejects Apps whose clock is wrong.`, cure)
    : failed(what, `${is}. GitHub rejects Apps whose clock is wrong.`, cure);
}
