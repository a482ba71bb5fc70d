import type { Browser, Page } from "playwright-core";
import type { World } from "../world.ts";

/** Somebody who is signed in to the bot's pages in Chromium, with and without JavaScript. */
export interface Person {
  readonly scripted: Page;
  readonly plain: Page;
}

/** A person signs in once, without JavaScript, and opens a second window with it. */
export async function signInAs(world: World, browser: Browser, login: string): Promise<Person> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${world.app.url}/`);
  await plain.getByRole("link", { name: "Sign in with GitHub" }).click();
  await plain.getByRole("button", { name: login, exact: true }).click();
  await plain.waitForURL(({ pathname }) => pathname !== "/login");
  if (new URL(plain.url()).host === world.github.host) {
    await plain.getByRole("button", { name: "Authorize", exact: true }).click();
  }
  await plain.getByRole("heading", { level: 1, name: "Tasks", exact: true }).waitFor();
  const storageState = await context.storageState();
  const scripted = await (await browser.newContext({ storageState })).newPage();
  return { scripted, plain };
}

/** What people read of a page. */
export async function textOn(page: Page): Promise<string> {
  return (await page.locator("body").innerText()).replaceAll(/\s+/gu, " ");
}

/** The buttons of a page, from the top, without that of signing out. */
export async function buttonsOn(page: Page): Promise<readonly string[]> {
  const texts = await page.locator("main").getByRole("button").allInnerTexts();
  return texts.filter((text) => text !== "Filter");
}

/**
 * Presses a button of a task's page, and gives what the next page says of it. A press that meets a part of the page that
 * has just changed says so, and does nothing: people press again.
 */
export async function press(page: Page, name: string): Promise<string> {
  const loaded = page.waitForEvent("load");
  for (let isSent = false; !isSent;) {
    const sent = page.waitForRequest((request) => request.method() === "POST", { timeout: 2_000 });
    const outcome = sent.then(
      () => true,
      () => false,
    );
    await page.getByRole("button", { name, exact: true }).first().click();
    isSent = await outcome;
  }
  await loaded;
  return (await page.locator("#result").innerText()).trim();
}
