import type { Context } from "hono";
import { Hono } from "hono";
import { BUILT_IN_PROMPTS } from "../core/policy/built-in-prompts.ts";
import type { ReadableRepositories, TaskListRequest } from "../ports/task-lists.ts";
import type { ReadableRepository, Viewer } from "../ports/viewing.ts";
import type { SignedIn } from "./guards.ts";
import type { PageParts } from "./options.ts";
import { signedOutHomePage } from "./pages/home.ts";
import type { ListFilter } from "./pages/task-filter.ts";
import { readFilter } from "./pages/task-filter.ts";
import { taskListPage } from "./pages/task-list.ts";
import { allowForms, pageViewer } from "./page-viewer.ts";
import { oneQuery } from "./query.ts";

const PER_PAGE = 30;

/** What can be chosen. Policies may have others, which a search finds. */
const KINDS = [...BUILT_IN_PROMPTS.keys()];

/** The start page: the tasks that somebody may see, and what the bot is, for whoever isn't signed in. */
export function listRoutes(parts: PageParts): Hono {
  const { guards, hosts, lists, setup, visits } = parts;

  async function show(c: Context, who: SignedIn): Promise<Response> {
    const { viewer } = who;
    allowForms(c);
    const filter = readFilter((name) => oneQuery(c, name) ?? undefined);
    const [top, { repositories }] = await Promise.all([pageViewer(who), viewer.scope()]);
    const [waiting, page] = await Promise.all([
      lists.waitingFor(viewer.person.id, repositories),
      lists.page(await requestOf(c, viewer, filter)),
    ]);
    const view = {
      viewer: top,
      hosts,
      waiting,
      ...page,
      filter,
      choices: { repositories: repositories.map(nameOf).toSorted(), kinds: KINDS },
      installUrl: repositories.length === 0 ? await setup.installUrl() : null,
      events: "/events",
    };
    return c.html(taskListPage(view));
  }

  const listed = guards.signedIn(show);
  return new Hono().get("/", async (c, next) => {
    const session = (await visits.read(c))?.session ?? null;
    return session === null ? c.html(signedOutHomePage()) : listed(c, next);
  });
}

/** What the database is asked for: only what's in repositories that the viewer can read. */
async function requestOf(c: Context, viewer: Viewer, filter: ListFilter): Promise<TaskListRequest> {
  const { state, kind, requester, search } = filter;
  const readable = await readableFor(viewer, filter.repository);
  return {
    readable,
    filter: {
      state: state ?? undefined,
      kind: kind ?? undefined,
      requester: requester ?? undefined,
      search: search ?? undefined,
      repositoryId: filter.repository === null ? undefined : readable[0]?.id,
    },
    before: oneQuery(c, "before") ?? undefined,
    after: oneQuery(c, "after") ?? undefined,
    limit: PER_PAGE,
  };
}

/** @param name of one repository, which may be a public one; null for all that are listed */
async function readableFor(viewer: Viewer, name: string | null): Promise<ReadableRepositories> {
  if (name === null) return (await viewer.scope()).repositories;
  const [, owner, repository] = /^(?<owner>[\w.-]+)\/(?<name>[\w.-]+)$/u.exec(name) ?? [];
  if (owner === undefined || repository === undefined) return [];
  const found = await viewer.repository({ owner, name: repository });
  return found === null ? [] : [found];
}

function nameOf({ owner, name }: ReadableRepository): string {
  return `${owner}/${name}`;
}
