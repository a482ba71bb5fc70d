import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import { taskPage } from "../../../src/web/pages/task-page.ts";
import { FOLLOWED } from "../../core/comment/session-examples.ts";
import { taskWith } from "../../core/task.ts";
import { taskPageView } from "../site-world.ts";
import type { ServedPages } from "./served.ts";
import { servePages } from "./served.ts";

/** No pause takes long; those that are longer than a second are known. */
const HURRY = `
  const wait = window.setTimeout;
  window.pauses = [];
  window.setTimeout = (then, ms) => {
    if (ms > 1_000) pauses.push(ms);
    return wait(then, Math.min(ms, 20));
  };
  Math.random = () => 0.5;
`;

/** A task's page in Chromium, when the bot doesn't answer as it should. */
describe.skipIf(!hasChromium)("a page that follows what happens", () => {
  let browser: Browser;
  let served: ServedPages;
  let page: Page;
  /** What the next requests are refused with. */
  let refusals: { readonly stream: number[]; readonly page: number[] };
  let said: string;
  let isSignedIn: boolean;
  const streams = new Set<() => Promise<unknown>>();

  const tell = () => Promise.all([...streams].map((write) => write()));
  const pauses = () => page.evaluate("pauses");
  const open = async () => {
    await page.goto(`${served.url}/task`);
    await expect.poll(() => streams.size).toBe(1);
  };

  beforeAll(async () => {
    const routes = new Hono()
      .get("/task", async (c) => {
        if (!isSignedIn) return c.redirect("/sign-in", 303);
        const refusal = refusals.page.shift();
        if (refusal !== undefined) return new Response("", { status: refusal });
        const task = taskWith(FOLLOWED, { session: { progress: { said } } });
        return c.html(await taskPage(taskPageView(task, { events: "/events" })));
      })
      .get("/sign-in", (c) => c.html("<h1>Sign in</h1>"))
      .get("/events", (c) => {
        const refusal = isSignedIn ? refusals.stream.shift() : 401;
        if (refusal !== undefined) return new Response("", { status: refusal });
        return streamSSE(c, async (stream) => {
          const write = () => stream.writeSSE({ data: "changed" });
          streams.add(write);
          await new Promise<void>((resolve) => {
            stream.onAbort(() => {
              streams.delete(write);
              resolve();
            });
          });
        });
      });
    [browser, served] = await Promise.all([launchChromium(), servePages(routes)]);
  });

  afterAll(async () => {
    await browser.close();
    served.close();
  });

  beforeEach(async () => {
    refusals = { stream: [], page: [] };
    said = "First.";
    isSignedIn = true;
    page = await browser.newPage();
  });

  afterEach(async () => {
    await page.close();
    await expect.poll(() => streams.size).toBe(0);
  });

  test("shows what has changed before its event stream was there", async () => {
    await page.route("**/events", (route) => {
      said = "Second.";
      return route.continue();
    });
    await open();
    await page.getByText("Second.").waitFor({ timeout: 5_000 });
  });

  test("tries again, after pauses that grow, when its event stream is refused", async () => {
    await page.addInitScript(HURRY);
    refusals.stream.push(503, 429, 503, 503, 503, 503, 429);
    await open();
    expect(await pauses()).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    said = "Second.";
    await tell();
    await page.getByText("Second.").waitFor();
  });

  test("stays as it is, and tries again, when the page itself is refused", async () => {
    await page.addInitScript(HURRY);
    await open();
    said = "Second.";
    refusals.page.push(429, 503, 500);
    await tell();
    await page.getByText("Second.").waitFor();
    expect(await pauses()).toEqual([2_000, 4_000, 8_000]);
  });

  test("leads to the sign-in when its session has ended, as the event stream says", async () => {
    await open();
    isSignedIn = false;
    const signIn = page.getByRole("heading", { name: "Sign in" }).waitFor();
    // The page may have left before the call has ended.
    await page.evaluate("window.dispatchEvent(new Event('online'))").catch(() => {});
    await signIn;
  });

  test("does so after the device has slept, though nothing said that the stream had ended", async () => {
    await page.clock.install();
    await open();
    isSignedIn = false;
    await page.clock.fastForward("08:00:00");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("shows what has changed while the device slept", async () => {
    await page.clock.install();
    await open();
    said = "Second.";
    await page.clock.fastForward("01:00:00");
    await page.getByText("Second.").waitFor();
    await expect.poll(() => streams.size).toBe(1);
  });
});
