import { Octokit } from "@octokit/rest";
import type { GitHubHosts } from "../core/github/hosts.ts";
import type { SharedAccount } from "../core/access/shared-account.ts";
import { withinTimeLimit } from "./app.ts";
import { isRequestError } from "./trouble.ts";
import type { Log } from "../ports/log.ts";

interface Settings {
  readonly token: string;
  /** The variable that has it. */
  readonly variable: string;
  /** Of GitHub's REST API. */
  readonly baseUrl: string;
  readonly kind: GitHubHosts["kind"];
  readonly log: Pick<Log, "warn">;
  /** In milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * For so long GitHub isn't asked again after it refused. It locks out who repeats a refused token
 * (https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#failed-login-limit).
 */
const REFUSED_MS = 60_000;

/**
 * Asks GitHub whose token it is: once, where it answers. A refusal is kept for a minute. Rejects while GitHub can't
 * be reached, or a limit is used up.
 */
export function createAccountLookup(settings: Settings): () => Promise<SharedAccount> {
  const { now = Date.now } = settings;
  let known: Promise<SharedAccount> | null = null;
  let until = Infinity;
  return () => {
    if (known !== null && now() < until) return known;
    const asked = lookUp(settings);
    known = asked;
    until = Infinity;
    asked.then(
      (account) => {
        if (account?.type === "refusal") until = now() + REFUSED_MS;
        return account;
      },
      () => {
        known = null;
        return null;
      },
    );
    return asked;
  };
}

async function lookUp({ token, variable, baseUrl, kind, log }: Settings): Promise<SharedAccount> {
  const octokit = new Octokit({
    auth: token,
    baseUrl,
    log: SILENT,
    request: { fetch: withinTimeLimit },
  });
  try {
    const { data } = await octokit.rest.users.getAuthenticated();
    return { type: "account", id: data.id, login: data.login };
  } catch (err) {
    const isRefused = isRequestError(err) && [401, 403, 404].includes(err.status);
    if (!isRefused || /rate limit|abuse detection/iu.test(err.message)) throw err;
    const { status, message } = err;
    // Copilot accounts are on github.com or GHE.com: then no account of the server's is behind the token.
    if (kind === "server" && status === 401) {
      log.warn({ status, message }, `${variable} doesn't belong to an account on this GitHub`);
      return null;
    }
    log.warn(
      { status, message },
      `GitHub doesn't say whose ${variable} it is, so nothing starts with it`,
    );
    return { type: "refusal", status, message };
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
