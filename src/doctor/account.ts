import type { Finding } from "../core/finding.ts";
import type { RepositoryName } from "../github/checkup.ts";
import { isRequestError } from "../github/trouble.ts";
import { failed, ok, quote, warning } from "./examination.ts";

/** What is looked at. */
export const ACCOUNT = "Copilot account";
const NEW_TOKEN =
  "The administrator of the bot makes a new token of the Copilot account, sets COPILOT_GITHUB_TOKEN to it, and restarts the bot.";

/** An account that GitHub knows by its token. */
export function judgeAccount(login: string): Finding {
  return ok(ACCOUNT, `COPILOT_GITHUB_TOKEN is a token of ${quote(login)}.`);
}

/** What a refusal of the token means; null for anything else that went wrong. */
export function judgeTokenRefusal(error: unknown): Finding | null {
  if (!isRequestError(error) || error.status !== 401) return null;
  const found = `GitHub does not accept COPILOT_GITHUB_TOKEN: ${quote(error.message)}. It has expired, or was revoked.`;
  return failed(ACCOUNT, found, NEW_TOKEN);
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** When the token ends, as GitHub's header tells it, e.g. `2026-12-31 23:59:59 UTC`. */
export function judgeExpiry(tokenExpires: string | null, now: Date): Finding {
  const what = "token of the Copilot account";
  if (tokenExpires === null) return ok(what, "GitHub tells no time at which it expires.");
  const expires = Date.parse(tokenExpires);
  if (Number.isNaN(expires)) return ok(what, `It expires: ${quote(tokenExpires)}.`);
  const days = Math.floor((expires - now.getTime()) / DAY_MS);
  const on = `It expires on ${new Date(expires).toISOString().slice(0, 10)}`;
  if (days >= SOON_DAYS) return ok(what, `${on}.`);
  const left = days < 1 ? "within a day" : `in ${days === 1 ? "a day" : `${days} days`}`;
  return warning(what, `${on}, ${left}: then no session starts any more.`, NEW_TOKEN);
}

/** What is looked at. */
export const ACCESS = "Copilot account's access";

/** What the account may do in a repository; null when it does not see it. */
export function judgeAccess(
  access: { readonly push: boolean } | null,
  { owner, repository }: RepositoryName,
  origin: string,
): Finding {
  const name = quote(`${owner}/${repository}`);
  const settings = `${origin}/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}/settings/access`;
  const whose =
    "With a fine-grained token, its owner also selects the repository in the settings of the token.";
  if (access === null) {
    const cure = `An administrator of ${name} gives the Copilot account access at ${settings}. ${whose}`;
    return failed(ACCESS, `The Copilot account does not see ${name}.`, cure);
  }
  if (access.push) return ok(ACCESS, `It may push to ${name}.`);
  const cure = `An administrator of ${name} gives the Copilot account write access at ${settings}. ${whose}`;
  return warning(ACCESS, `It sees ${name}, and may not push to it.`, cure);
}

/** What a refusal of the question for the repository means; null for anything else that went wrong. */
export function judgeSignOnRefusal(error: unknown, { owner }: RepositoryName): Finding | null {
  if (!isRequestError(error) || error.status !== 403) return null;
  if (error.response?.headers?.["x-github-sso"] === undefined) return null;
  return failed(
    ACCESS,
    `${quote(owner)} lets in only tokens that were authorised for its single sign-on.`,
    "The owner of the Copilot account authorises the token for the organisation, in the list of tokens in the account's developer settings.",
  );
}
