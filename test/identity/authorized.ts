import { createHash, randomBytes } from "node:crypto";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import { lookUpAccount } from "../../src/copilot/checkup.ts";
import type { AuthorizationSettings } from "../../src/identity/authorization.ts";
import { createAuthorization } from "../../src/identity/authorization.ts";
import type { Authorization } from "../../src/ports/authorization.ts";
import { createBrowser } from "../../sandbox/browser.ts";

/** Where GitHub sends people back to in these tests. */
export const CALLBACK = "https://bot.example.com/oauth/callback";

/** PKCE's two values. */
export interface Proof {
  readonly verifier: string;
  readonly challenge: string;
}

export function newProof(): Proof {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The adapter, on a loopback GitHub where `CALLBACK` is registered. Its warnings go to `warnings`. */
export function authorizationOn(
  github: LoopbackGitHub,
  warnings: unknown[],
  more: Partial<AuthorizationSettings> = {},
): Authorization {
  const { clientId, clientSecret } = github.oauth;
  const hosts = hostsOf({ GHE_HOST: github.host, GHE_PROTOCOL: "http" });
  const variables = { COPILOT_DEBUG_GITHUB_API_URL: `http://${github.host}/api/v3` };
  return createAuthorization({
    app: { clientId, clientSecret },
    oauthApp: null,
    callbackUrl: CALLBACK,
    hosts,
    lookUpAccount: (token) =>
      lookUpAccount({ token, hosts, variables, signal: AbortSignal.timeout(30_000) }),
    log: { warn: (...entry) => void warnings.push(entry) },
    ...more,
  });
}

/** A person signs in, agrees, and is sent back: what the callback gets. */
export async function agreeAs(
  login: string,
  address: string,
): Promise<Readonly<Record<string, string>>> {
  const url = new URL(address);
  const browser = createBrowser(url.origin);
  await browser.send("/login", { login });
  const form = { ...Object.fromEntries(url.searchParams), authorize: "1" };
  const { location } = await browser.send(url.pathname, form);
  return Object.fromEntries(new URL(location ?? "").searchParams);
}
