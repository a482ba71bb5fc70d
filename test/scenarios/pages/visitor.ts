import type { Browser, Page } from "../../../sandbox/browser.ts";
import { createBrowser } from "../../../sandbox/browser.ts";
import type { World } from "../world.ts";
import { textOf } from "../../web/browser.ts";

/** Somebody's browser, without JavaScript, in which they're signed in to the bot's pages. */
export interface Visitor extends Browser {
  /** Opens a page of the bot's; gives what people read of it. */
  see(path: string): Promise<Page & { readonly text: string }>;
}

const AUTHORIZE = "/login/oauth/authorize";

/** A person opens the bot's pages, and signs in with GitHub. */
export async function visit(world: World, login: string): Promise<Visitor> {
  const browser = createBrowser(world.app.url);
  await browser.open(`${world.app.url}/sign-in`);
  const page = await browser.submit("/login", { login });
  if (new URL(page.url).pathname === AUTHORIZE) await browser.submit(AUTHORIZE, { authorize: "1" });
  return {
    ...browser,
    async see(path) {
      const seen = await browser.open(new URL(path, world.app.url).href);
      return { ...seen, text: textOf(seen.html) };
    },
  };
}
