import type { Finding } from "../core/doctor/finding.ts";
import type { RepositoryName } from "../github/app-facts.ts";
import { isRequestError } from "../github/trouble.ts";
import { failed, ok, quote, warning } from "./examination.ts";

/** What is checked. */
export const ACCOUNT = "Copilot account";

function newToken(variable: string): string {
  return `Create a new token for the Copilot account, set ${variable} to it, and restart the bot.`;
}

/** An account that GitHub knows by its token. */
export function judgeAccount(login: string, variable: string): Finding {
  return ok(ACCOUNT, `${variable} belongs to ${quote(login)}.`);
}

/** Where people connect their own Copilot, the bot needs no account. */
export function judgeNoAccount(): Finding {
  return ok(ACCOUNT, "The bot has none of its own: sessions use the Copilot of whoever asks.");
}

/**
 * Who is charged for what, and what that means to others.
 *
 * @param canConnect whether people can connect their own Copilot
 */
export function judgeSharing(login: string, canConnect: boolean): Finding {
  const who = quote(login);
  const which = canConnect
    ? `Sessions use the Copilot of whoever asks. Where a policy says \`identity: bot\`, they're charged to ${who} instead.`
    : `All sessions are charged to ${who}.`;
  const started = canConnect ? "Whoever starts such a session" : "Whoever starts a session";
  const reach = `${started} can have it read every repository that ${who} sees, and only ${who} can open its link.`;
  return ok("Copilot account sharing", `${which} ${reach}`);
}

/** What a refusal of the token means; null for anything else that went wrong. */
export function judgeTokenRefusal(error: unknown, variable: string): Finding | null {
  if (!isRequestError(error) || ![401, 403, 404].includes(error.status)) return null;
  if (error.status === 401) {
    const found = `GitHub rejects ${variable}: ${quote(error.message)}. It has expired or was revoked.`;
    return failed(ACCOUNT, found, newToken(variable));
  }
  if (/rate limit|abuse detection/iu.test(error.message)) return null;
  const found = `GitHub doesn't say whose token ${variable} is (${error.status}: ${quote(error.message)}), so the bot starts nothing: it couldn't tell which requests come from this account.`;
  return failed(ACCOUNT, found, newToken(variable));
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** When the token ends, as GitHub's header has it, e.g. `2026-12-31 23:59:59 UTC`. */
export function judgeExpiry(tokenExpires: string | null, now: Date, variable: string): Finding {
  const what = "Copilot account token";
  if (tokenExpires === null) return ok(what, "No expiration date reported.");
  const expires = Date.parse(tokenExpires);
  if (Number.isNaN(expires)) return ok(what, `Expires: ${quote(tokenExpires)}.`);
  const days = Math.floor((expires - now.getTime()) / DAY_MS);
  const on = `Expires on ${new Date(expires).toISOString().slice(0, 10)}`;
  if (days >= SOON_DAYS) return ok(what, `${on}.`);
  const left = days < 1 ? "within a day" : `in ${days === 1 ? "a day" : `${days} days`}`;
  return warning(what, `${on}, ${left}. After that, no session can start.`, newToken(variable));
}

/** What is checked. */
export const ACCESS = "Copilot account access";

/** What the account may do in a repository; null when it does not see it. */
export function judgeAccess(
  access: { readonly push: boolean } | null,
  { owner, repository }: RepositoryName,
  origin: string,
): Finding {
  const name = quote(`${owner}/${repository}`);
  const settings = `${origin}/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}/settings/access`;
  const whose = "For a fine-grained token, also select the repository in the token's settings.";
  if (access === null) {
    const cure = `An administrator of ${name} can give the Copilot account access at ${settings}. ${whose}`;
    return failed(ACCESS, `The Copilot account can't see ${name}.`, cure);
  }
  if (access.push) return ok(ACCESS, `Write access to ${name}.`);
  const cure = `An administrator of ${name} can give the Copilot account write access at ${settings}. ${whose}`;
  return warning(ACCESS, `Read access only to ${name}: sessions can't push.`, cure);
}

/** What a refusal of the question for the repository means; null for anything else that went wrong. */
export function judgeSignOnRefusal(error: unknown, { owner }: RepositoryName): Finding | null {
  if (!isRequestError(error) || error.status !== 403) return null;
  if (error.response?.headers?.["x-github-sso"] === undefined) return null;
  return failed(
    ACCESS,
    `${quote(owner)} requires tokens to be authorized for its single sign-on (SSO).`,
    "Authorize the token for the organization: sign in as the Copilot account and open its token settings.",
  );
}
