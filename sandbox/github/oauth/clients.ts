import { createHash } from "node:crypto";
import type { AppSettings } from "../app/settings.ts";
import { app } from "../seed.ts";

/** Who asks people for their authorization: the App, or an OAuth App beside it. */
export interface Client {
  readonly kind: "app" | "oauth_app";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  /** Where people may be sent back to; the first one unless the request names another. */
  readonly callbackUrls: readonly string[];
}

/** What the owner of an OAuth App has set. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Undefined until it's set. */
  callbackUrl: string | undefined;
}

/** An OAuth App with a secret of its own. */
export function registerOAuthApp(): OAuthApp {
  const clientId = "Ov23liCopilotTaskBot";
  return { clientId, clientSecret: secretOf(clientId), callbackUrl: undefined };
}

/** The client secret of the App, 40 hexadecimal digits as GitHub's are. */
export const appSecret = secretOf(app.client_id);

function secretOf(clientId: string): string {
  return createHash("sha256").update(`secret of ${clientId}`).digest("hex").slice(0, 40);
}

/** The client with this id; undefined when there's none. */
export function findClient(
  clientId: string | undefined,
  { settings, oauthApp }: { readonly settings: AppSettings; readonly oauthApp: OAuthApp },
): Client | undefined {
  if (clientId === app.client_id) {
    const { name, callbackUrls } = settings;
    return { kind: "app", clientId, clientSecret: appSecret, name, callbackUrls };
  }
  if (clientId !== oauthApp.clientId) return undefined;
  const { clientSecret, callbackUrl } = oauthApp;
  const callbackUrls = callbackUrl === undefined ? [] : [callbackUrl];
  return {
    kind: "oauth_app",
    clientId,
    clientSecret,
    name: "Copilot Task Bot OAuth",
    callbackUrls,
  };
}

/**
 * Where to send somebody back to; undefined for an address that isn't registered. An App's must be one of its callback
 * URLs exactly; an OAuth App's may be below its one, and on another port if it's on this machine
 * (https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#redirect-urls).
 */
export function redirectFor(
  { kind, callbackUrls }: Client,
  asked: string | undefined,
): string | undefined {
  const [first] = callbackUrls;
  if (asked === undefined || first === undefined) return first;
  if (kind === "app") return callbackUrls.find((url) => url === asked);
  return URL.canParse(asked) && isBelow(new URL(asked), new URL(first)) ? asked : undefined;
}

function isBelow(asked: URL, registered: URL): boolean {
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(registered.hostname);
  const parts = (url: URL) => `${url.protocol}//${isLoopback ? url.hostname : url.host}`;
  const path = registered.pathname.replace(/\/$/, "");
  const isInside = asked.pathname === registered.pathname || asked.pathname.startsWith(`${path}/`);
  return parts(asked) === parts(registered) && isInside;
}
