import type { Context } from "hono";
import { Hono } from "hono";
import type { SignedIn } from "./guards.ts";
import { reportNews } from "./news.ts";
import type { PageParts } from "./options.ts";
import { createThrottle } from "./throttle.ts";
import { allowForms, pageViewer } from "./page-viewer.ts";

/** In milliseconds: how often an open page shows how the runtimes and the bot's health are. */
const NEWS_MS = 60_000;
/** The same while tasks change all the time: the page counts all of them, and the failures of a month. */
const BUSY_MS = 5_000;

/** The page about the whole bot. For whoever doesn't administer it, there's no such page. */
export function adminRoutes({ administration, feed, guards, hosts, lists, now }: PageParts): Hono {
  async function show(c: Context, who: SignedIn): Promise<Response> {
    if (!(await who.viewer.isAdmin())) return c.notFound();
    allowForms(c);
    const [{ adminPage }, viewer, overview, health, machines] = await Promise.all([
      // With what draws charts, which nothing else needs.
      import("./pages/admin-page.ts"),
      pageViewer(who),
      lists.overview(),
      administration.health(),
      administration.machines(),
    ]);
    const runtimes = administration.runtimes();
    const seen = { health, overview, runtimes, machines, now: now() };
    return c.html(adminPage({ viewer, hosts, ...seen, events: "/admin/events" }));
  }

  return new Hono().get("/admin", guards.signedIn(show)).get(
    "/admin/events",
    guards.signedInStream({
      mayWatch: (_c, viewer) => viewer.isAdmin(),
      run: (_c, _viewer, sink) =>
        reportNews(sink, (notify) => {
          const busy = createThrottle(() => notify(true), BUSY_MS);
          const unlisten = feed.listen(busy.ask);
          const unlistenHealth = administration.onHealthCheck(() => notify(true));
          const timer = setInterval(() => notify(true), NEWS_MS);
          return () => {
            busy.end();
            unlisten();
            unlistenHealth();
            clearInterval(timer);
          };
        }),
    }),
  );
}
