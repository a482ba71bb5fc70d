import { createCookies } from "./cookies.ts";
import { createGuards } from "./guards.ts";
import type { PageParts, PagesOptions } from "./options.ts";
import { createViewers } from "./viewers.ts";
import { createVisits } from "./visits.ts";

/** What the routes share, of one site. */
export function createPageParts(options: PagesOptions): PageParts {
  const { keys, now, random, sessions, viewerGitHub: github } = options;
  const cookies = createCookies(keys, now);
  const visits = createVisits({ cookies, sessions, random });
  const viewers = createViewers({ github, now, random });
  return { ...options, cookies, visits, guards: createGuards({ ...options, visits, viewers }) };
}
