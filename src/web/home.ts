import { Hono } from "hono";
import type { PageParts } from "./options.ts";
import { signedOutHomePage } from "./pages/home.ts";

/** The start page: what the bot is, for whoever isn't signed in. */
export function homeRoutes({ visits }: PageParts): Hono {
  return new Hono().get("/", async (c) => {
    const session = (await visits.read(c))?.session ?? null;
    return session === null ? c.html(signedOutHomePage()) : c.redirect("/connect", 303);
  });
}
