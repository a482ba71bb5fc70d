import type { GitHubHosts } from "../core/github/hosts.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { Connections } from "../ports/connections.ts";
import type { Log } from "../ports/log.ts";
import type { WaitingPeople } from "../ports/waiting-people.ts";
import type { Cookies, CookieKeys } from "./cookies.ts";

/** What the pages need. */
export interface PagesOptions {
  /** Where people reach the bot: an origin, e.g. `https://bot.example.com`. */
  readonly publicUrl: string;
  readonly authorization: Authorization;
  readonly connections: Pick<Connections, "find" | "connect" | "disconnect">;
  readonly waiting: WaitingPeople;
  /** For cookies. */
  readonly keys: CookieKeys;
  readonly hosts: GitHubHosts;
  readonly now: () => Date;
  /** A new secret of 256 bits, as base64url. */
  readonly random: () => string;
  readonly log: Log;
}

/** What the routes share. */
export interface PageParts extends PagesOptions {
  readonly cookies: Cookies;
}
