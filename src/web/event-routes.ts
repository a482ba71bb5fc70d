import type { Context } from "hono";
import { Hono } from "hono";
import type { KnownRepository, Viewer, ViewerScope } from "../ports/viewing.ts";
import type { Changes, ChangeFeed } from "./change-feed.ts";
import type { EventSink } from "./event-streams.ts";
import { reportNews } from "./news.ts";
import type { PageParts } from "./options.ts";
import { findOwnRepository } from "./own-repositories.ts";
import { findReadableTask } from "./readable-tasks.ts";
import { repositoryIn } from "./repository-routes.ts";

/**
 * What keeps open pages up to date, where there's JavaScript. The events carry nothing: a page that gets one loads itself
 * anew.
 */
export function eventRoutes({ guards, lists, feed }: PageParts): Hono {
  const watched = new WeakMap<Context, KnownRepository>();

  async function mayWatchTask(c: Context, viewer: Viewer): Promise<boolean> {
    const known = watched.get(c);
    if (known !== undefined) return (await viewer.repository(known)) !== null;
    const found = await findReadableTask(lists, viewer, idIn(c));
    if (found === null) return false;
    const { id, owner, name } = found.repository;
    watched.set(c, { id, owner, name });
    return true;
  }

  /** The repository by its id, once it was found by its name. */
  async function mayWatchRepository(c: Context, viewer: Viewer): Promise<boolean> {
    const found = await findOwnRepository(viewer, watched.get(c) ?? repositoryIn(c));
    if (found === null) return false;
    const { id, owner, name } = found;
    watched.set(c, { id, owner, name });
    return true;
  }

  return new Hono()
    .get(
      "/repositories/:owner/:name/events",
      guards.signedInStream({
        mayWatch: mayWatchRepository,
        run: (c, _viewer, sink) =>
          report(feed, sink, (changes) =>
            changes.some(({ repositoryId }) => repositoryId === watched.get(c)?.id),
          ),
      }),
    )
    .get(
      "/events",
      guards.signedInStream({
        async mayWatch(_c, viewer) {
          await viewer.scope();
          return true;
        },
        run: (_c, viewer, sink) =>
          report(feed, sink, async (changes) => {
            const ids = idsIn(await viewer.scope());
            return changes.some(({ repositoryId }) => ids.has(repositoryId));
          }),
      }),
    )
    .get(
      "/tasks/:id/events",
      guards.signedInStream({
        mayWatch: mayWatchTask,
        // That something has changed is the repository's, too: nobody learns it whose rights are gone.
        run: (c, viewer, sink) =>
          report(
            feed,
            sink,
            async (changes) =>
              changes.some(({ id }) => id === idIn(c)) && (await mayWatchTask(c, viewer)),
          ),
      }),
    );
}

function idIn(c: Context): string {
  return c.req.param("id") ?? "";
}

type Concerns = (changes: Exclude<Changes, "any">) => boolean | Promise<boolean>;

/** Reports what concerns a page, until its stream ends. */
function report(feed: ChangeFeed, sink: EventSink, concerns: Concerns): Promise<void> {
  return reportNews(sink, (notify) =>
    feed.listen((changes) => notify(changes === "any" || concerns(changes))),
  );
}

/** All streams of a session share its scope. */
const KNOWN = new WeakMap<ViewerScope, ReadonlySet<number>>();

function idsIn(scope: ViewerScope): ReadonlySet<number> {
  const ids = KNOWN.get(scope) ?? new Set(scope.repositories.map(({ id }) => id));
  KNOWN.set(scope, ids);
  return ids;
}
