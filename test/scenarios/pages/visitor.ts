import type { Browser, Page } from "../../../sandbox/browser.ts";
import { signIn } from "../../../sandbox/connecting.ts";
import type { World } from "../world.ts";
import { textOf } from "../../web/browser.ts";

/** Somebody's browser, without JavaScript, in which they're signed in to the bot's pages. */
export interface Visitor extends Browser {
  /** Opens a page of the bot's; gives what people read of it. */
  see(path: string): Promise<Page & { readonly text: string }>;
}

/** A person opens the bot's pages, and signs in with GitHub. */
export async function visit(world: World, login: string): Promise<Visitor> {
  const browser = await signIn(login, world.app.url);
  return {
    ...browser,
    async see(path) {
      const seen = await browser.open(new URL(path, world.app.url).href);
      return { ...seen, text: textOf(seen.html) };
    },
  };
}
