import type { Finding } from "../core/finding.ts";
import type { AppFacts } from "../github/checkup.ts";
import { isRequestError } from "../github/trouble.ts";
import { failed, ok, quote, summary, warning } from "./examination.ts";
import type { Problem } from "./examination.ts";
import type { Manifest } from "./manifest.ts";
import type { Places } from "./places.ts";

/** What not everybody needs: who is in a team is asked only for policies that name teams. */
const OPTIONAL: ReadonlySet<string> = new Set(["members"]);

const LEVELS = ["read", "write", "admin"];

/** Whether one level includes the other. */
export function includes(level: string | undefined, other: string): boolean {
  return level !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(other);
}

/** An App that GitHub knows. */
export function judgeApp({ slug, owner }: AppFacts): Finding {
  const of = owner === null ? "an enterprise" : quote(owner.login);
  return ok("App", `GitHub knows it as ${quote(slug ?? "unnamed")}, an App of ${of}.`);
}

/** What a refusal to the App means; null for anything else that went wrong. */
export function judgeRefusal(error: unknown): Finding | null {
  if (!isRequestError(error) || error.response === undefined) return null;
  if (error.status !== 401 && error.status !== 404) return null;
  const found = `GitHub does not know the App by APP_ID and private key: ${error.status}, ${quote(error.message)}. Nothing else about the App could be looked at.`;
  const cure =
    "The administrator of the bot sets APP_ID to the “App ID” in the settings of the App, and PRIVATE_KEY or PRIVATE_KEY_PATH to a private key that was made there.";
  return failed("App", found, cure);
}

/** The App's permissions against those of app.yml. */
export function judgePermissions(app: AppFacts, manifest: Manifest, places: Places): Finding {
  const under = `under “Permissions & events” in its settings${places.permissions}`;
  const set = `An owner of the App sets them ${under}; an owner of each account that has installed it then accepts them.`;
  const needed = Object.entries(manifest.permissions);
  const problems = needed.flatMap(([name, level]): Problem[] => {
    const given = app.permissions[name];
    if (includes(given, level)) return [];
    const is = given === undefined ? "is missing" : `is only ${quote(given)}`;
    const gravity = OPTIONAL.has(name) ? "warning" : "failed";
    return [{ level: gravity, found: `${quote(`${name}: ${level}`)} ${is}.`, cure: set }];
  });
  const extra = Object.entries(app.permissions)
    .filter(([name, level]) => !includes(manifest.permissions[name], level))
    .map(([name, level]) => `${name}: ${level}`);
  const fine = needed.map(([name, level]) => `\`${name}: ${level}\``).join(", ");
  const all = [...problems, ...superfluous(extra, under, problems.length > 0)];
  return summary("permissions of the App", all, `As needed: ${fine}.`);
}

/** The App's events against those of app.yml. */
export function judgeEvents(app: AppFacts, manifest: Manifest, places: Places): Finding {
  const under = `under “Permissions & events” in its settings${places.permissions}`;
  const missing = manifest.events.filter((event) => !app.events.includes(event));
  const extra = app.events.filter((event) => !manifest.events.includes(event));
  const found = `Missing: ${missing.map(quote).join(", ")}.`;
  const cure = `An owner of the App ticks them ${under}.`;
  const problems: Problem[] = missing.length === 0 ? [] : [{ level: "failed", found, cure }];
  const fine = manifest.events.map((event) => `\`${event}\``).join(", ");
  const all = [...problems, ...superfluous(extra, under, problems.length > 0)];
  return summary("events of the App", all, `As needed: ${fine}.`);
}

/** What the App has and does not need. `isThere`: its owner is sent to the place already. */
function superfluous(extra: readonly string[], under: string, isThere: boolean): Problem[] {
  if (extra.length === 0) return [];
  const cure = isThere
    ? "What is not needed can be taken away there."
    : `An owner of the App can take away what is not needed, ${under}.`;
  return [{ level: "warning", found: `Not needed: ${extra.map(quote).join(", ")}.`, cure }];
}

const WARN_AHEAD_S = 30;
const MOST_AHEAD_S = 60;

/** This machine's clock against GitHub's, from which it is ahead by so much. */
export function judgeClock(aheadMs: number): Finding {
  const what = "clock";
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds <= 1) return ok(what, "It agrees with GitHub's.");
  const is = `It is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} GitHub's`;
  if (seconds <= WARN_AHEAD_S) return ok(what, `${is}.`);
  const cure =
    "The administrator of the bot has its machine's clock set by a time server (NTP), and looks why it is not.";
  return seconds <= MOST_AHEAD_S
    ? warning(what, `${is}. GitHub refuses Apps whose clock is wrong.`, cure)
    : failed(what, `${is}. GitHub refuses Apps whose clock is wrong.`, cure);
}
