import type { Finding } from "../core/doctor/finding.ts";
import type { GitHubTroubleType } from "../core/github/trouble.ts";
import { STATUS_PAGE } from "../core/github/hosts.ts";
import type { Undelivered } from "../core/task/undelivered.ts";
import { troubleOf } from "../github/trouble.ts";
import { failed, ok, quote, warning } from "./examination.ts";
import { at } from "./places.ts";

/** What the finding is about. */
export const UNDELIVERED = "undelivered comments";

/** Whether comments wait because GitHub refuses them. */
export function judgeUndelivered({ count, oldest }: Undelivered, now: Date): Finding {
  if (oldest === null) return ok(UNDELIVERED, "None.");
  const hours = (now.getTime() - Date.parse(oldest.since)) / 3_600_000;
  const age = hours < 1 ? `${Math.max(0, Math.floor(hours * 60))} min` : `${Math.floor(hours)} h`;
  const words = oldest.message === "" ? "" : ` GitHub responded: ${quote(oldest.message)}`;
  const found = `${count}, the oldest for ${age} (\`${oldest.type}\`).${words}`;
  return warning(UNDELIVERED, found, CURES[oldest.type] ?? DEFAULT_CURE);
}

const DEFAULT_CURE = `The bot retries for \`GITHUB_RETRY_HOURS\`, with growing pauses, and then gives up. ${STATUS_PAGE} shows outages.`;

/** Where people can do something about it. */
const CURES: Partial<Record<GitHubTroubleType, string>> = {
  ip_not_allowed: "An organization owner can add the bot's IP address to the IP allow list.",
  unauthorized:
    "Check `APP_ID`, `PRIVATE_KEY`, and the clock of the bot's machine: GitHub rejects the App's tokens.",
  not_permitted: "An organization owner can accept the App's permissions.",
  locked: "A maintainer can unlock the conversation.",
};

/** An IP allow list that keeps the bot out; null for any other error. */
export function judgeIpRefusal(error: unknown, account: string, origin: string): Finding | null {
  if (troubleOf(error, new Date())?.type !== "ip_not_allowed") return null;
  const found = `The IP allow list of ${quote(account)} doesn't include the bot's address, so GitHub refuses every request.`;
  const settings = at(`${origin}/organizations/${account}/settings/security`);
  return failed("IP allow list", found, `An owner of ${quote(account)} can add it${settings}.`);
}
