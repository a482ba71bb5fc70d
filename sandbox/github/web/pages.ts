import type { Parts } from "../parts.ts";
import type { Answer, Ask } from "../shapes.ts";
import { trusted } from "../shapes.ts";
import { giveAccessToken } from "./access-token.ts";
import { decideAuthorize, showAuthorize } from "./authorize.ts";
import { NO_PAGE } from "./html.ts";
import { appSettings, isAppSettings } from "./new-app.ts";
import { showSignIn, signIn } from "./sign-in.ts";

/** Whether a browser asks for this, not the bot. */
export function isForBrowsers(path: string): boolean {
  return path === "/login" || path === "/login/oauth/authorize" || isAppSettings(path);
}

/** Whether forms are sent there, not JSON. */
export function takesForms(path: string): boolean {
  return path.startsWith("/login") || isAppSettings(path);
}

/** The answer of the web interface, which isn't under the API's address; undefined where the API answers. */
export function pageAt(ask: Ask, parts: Parts): Answer | undefined {
  const { method, path } = ask;
  const form = trusted<Readonly<Record<string, string>>>(ask.body ?? {});
  if (isAppSettings(path)) return appSettings(ask, form, parts);
  if (path !== "/login" && !path.startsWith("/login/")) return undefined;
  switch (`${method} ${path}`) {
    case "GET /login":
      return showSignIn(ask, parts.state);
    case "POST /login":
      return signIn(form, parts.state, parts.signIns);
    case "GET /login/oauth/authorize":
      return showAuthorize(ask, parts);
    case "POST /login/oauth/authorize":
      return decideAuthorize(ask, form, parts);
    case "POST /login/oauth/access_token": {
      const sent = Object.fromEntries(new URLSearchParams(ask.query));
      return giveAccessToken(ask, { ...sent, ...form }, parts);
    }
    default:
      return NO_PAGE;
  }
}
