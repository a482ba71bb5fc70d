import { createAdminRights } from "./admin-rights.ts";
import { createChangeFeed } from "./change-feed.ts";
import { createCookies } from "./cookies.ts";
import { createGuards } from "./guards.ts";
import type { PageParts, PagesOptions } from "./options.ts";
import { createViewers } from "./viewers.ts";
import { createVisits } from "./visits.ts";

/** Between two questions to the database for what has changed, in milliseconds. */
const FEED_MS = 1_000;

/** What the routes share, of one site. */
export function createPageParts(options: PagesOptions): PageParts {
  const { keys, now, random, sessions, viewerGitHub: github, administrators } = options;
  const cookies = createCookies(keys, now);
  const visits = createVisits({ cookies, sessions, random });
  const adminRights = createAdminRights({ administration: options.administration, now });
  const viewers = createViewers({ github, administrators, adminRights, now, random });
  const { lists, log, stopping } = options;
  const feed = createChangeFeed({ lists, everyMs: FEED_MS, stopping, log });
  const guards = createGuards({ ...options, visits, viewers });
  return { ...options, cookies, visits, adminRights, guards, feed };
}
