import type { GitHubHosts } from "../core/github/hosts.ts";
import type { Administration } from "../ports/administration.ts";
import type { Administrators } from "../ports/administrators.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { Connections } from "../ports/connections.ts";
import type { PoliciesInForce } from "../ports/policies-in-force.ts";
import type { RepositoryLabels } from "../ports/labels.ts";
import type { Setup } from "../ports/setup.ts";
import type { PageCommands } from "../ports/page-commands.ts";
import type { TaskLists } from "../ports/task-lists.ts";
import type { Log } from "../ports/log.ts";
import type { QrCodes } from "../ports/qr-codes.ts";
import type { ViewerGitHub } from "../ports/viewing.ts";
import type { WaitingPeople } from "../ports/waiting-people.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { AdminRights } from "./admin-rights.ts";
import type { ChangeFeed } from "./change-feed.ts";
import type { Cookies, CookieKeys } from "./cookies.ts";
import type { Guards } from "./guards.ts";
import type { Visits } from "./visits.ts";

/** GitHub's user authorization, with the App itself: whoever sees the pages signs in so. */
export type SignIn = Pick<Authorization, "authorizeUrl" | "exchange" | "identify" | "revoke">;

/** What the pages need. */
export interface PagesOptions {
  /** Where people reach the bot: an origin, e.g. `https://bot.example.com`. */
  readonly publicUrl: string;
  readonly signIn: SignIn;
  /** With what people connect their Copilot: with the App, or with another client. */
  readonly authorization: Authorization;
  readonly sessions: Pick<WebSessions, "find" | "begin" | "end" | "dropToken">;
  readonly viewerGitHub: ViewerGitHub;
  readonly administrators: Administrators;
  readonly connections: Pick<Connections, "find" | "connect" | "disconnect">;
  readonly waiting: WaitingPeople;
  readonly qrCodes: QrCodes;
  readonly lists: TaskLists;
  readonly administration: Administration;
  readonly pageCommands: PageCommands;
  readonly policies: PoliciesInForce;
  readonly labels: RepositoryLabels;
  readonly setup: Setup;
  /** For cookies. */
  readonly keys: CookieKeys;
  readonly hosts: GitHubHosts;
  readonly now: () => Date;
  /** A new secret of 256 bits, as base64url. */
  readonly random: () => string;
  readonly log: Log;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
  /** How often an event stream's session and rights are checked, in milliseconds. */
  readonly streamCheckMs?: number;
}

/** What the routes share. */
export interface PageParts extends PagesOptions {
  readonly cookies: Cookies;
  readonly visits: Visits;
  readonly adminRights: AdminRights;
  readonly guards: Guards;
  readonly feed: ChangeFeed;
}
