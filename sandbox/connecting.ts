import { randomBytes } from "node:crypto";
import type { Browser, EventStream, Page } from "./browser.ts";
import { createBrowser } from "./browser.ts";
import { freePort } from "./free-port.ts";
import type { LoopbackGitHub } from "./github/loopback.ts";

/**
 * The bot's settings with which people connect their Copilot on this GitHub, which gets to know the callback URL. The
 * bot's address has to be known before it starts, so `PORT` is among them.
 */
export async function connectingSettings(github: LoopbackGitHub) {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  github.app.callbackUrls.push(`${publicUrl}/oauth/callback`);
  return {
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
    ...github.oauthEnvironment,
  };
}

/** The link in a comment that asks its requester to connect; empty when there's none. */
export function linkToConnect(comment: string): string {
  return /\[connect your Copilot\]\((?<url>[^)]+)\)/u.exec(comment)?.groups?.["url"] ?? "";
}

/**
 * A person follows a link of the bot's, signs in to GitHub, and authorizes the App.
 *
 * @param link to a task that waits, or to the page where people connect
 * @return the page that they come to
 */
export async function connect(login: string, link: string): Promise<Page> {
  const browser = createBrowser();
  const first = await browser.open(link);
  if (new URL(first.url).pathname === "/connect") await browser.submit("/connect/start");
  const page = await browser.submit("/login", { login });
  // Whoever has authorized the App before isn't asked again.
  if (new URL(page.url).pathname !== AUTHORIZE) return page;
  return browser.submit(AUTHORIZE, { authorize: "1" });
}

/** A person opens the bot's pages, and signs in with GitHub; gives their browser. */
export async function signIn(login: string, botUrl: string): Promise<Browser> {
  const browser = createBrowser(botUrl);
  await browser.open(`${botUrl}/sign-in`);
  const page = await browser.submit("/login", { login });
  if (new URL(page.url).pathname === AUTHORIZE) await browser.submit(AUTHORIZE, { authorize: "1" });
  return browser;
}

/** Opens a page of the bot's, and its event stream, as a tab does that's kept open. @param url of a page that's updated live */
export async function openTab(browser: Browser, url: string): Promise<EventStream> {
  const { html } = await browser.open(url);
  const events = /<body data-events="(?<events>[^"]+)"/u.exec(html)?.groups?.["events"];
  if (events === undefined) throw new Error(`${url} isn't updated live: ${html}`);
  return browser.watch(events);
}

const AUTHORIZE = "/login/oauth/authorize";
