import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import type { Html } from "../../../src/web/pages/document.ts";
import { taskPage } from "../../../src/web/pages/task-page.ts";
import { permissionOf } from "../../core/asking.ts";
import { FOLLOWED } from "../../core/comment/session-examples.ts";
import type { Layer } from "../../core/task.ts";
import { taskWith } from "../../core/task.ts";
import { taskPageView } from "../site-world.ts";
import type { ServedPages } from "./served.ts";
import { servePages } from "./served.ts";

const asks = (...codes: readonly string[]): Layer => {
  const asking = codes.map((code) => {
    const command = `git push origin ${code}`;
    return { code, asking: permissionOf({ kind: "shell", fullCommandText: command }) };
  });
  return { state: "waiting_for_user", session: { progress: { asking } } };
};

/** A task's page in Chromium, while the task changes. */
describe.skipIf(!hasChromium)("a page that follows what happens", () => {
  let browser: Browser;
  let served: ServedPages;
  let page: Page;
  let shown: { readonly status: 200 | 404 | 500; readonly html: Html };
  let keys = 0;
  let requests = 0;
  let sent: string[] = [];
  const streams = new Set<() => Promise<unknown>>();

  function taskIs(...layers: readonly Layer[]): void {
    keys += 1;
    const key = `${keys}`.padStart(16, "k");
    const view = taskPageView(taskWith(FOLLOWED, ...layers), { events: "/events", key });
    shown = { status: 200, html: taskPage(view) };
  }

  const tell = () => Promise.all([...streams].map((write) => write()));

  beforeAll(async () => {
    const routes = new Hono()
      .get("/task", async (c) => {
        requests += 1;
        return c.html(await shown.html, shown.status);
      })
      .post("/tasks/:id/commands", async (c) => {
        const fields = new URLSearchParams(await c.req.text());
        sent.push(`${fields.get("command")} ${fields.get("request")}`);
        return c.redirect("/task", 303);
      })
      .get("/events", (c) =>
        streamSSE(c, async (stream) => {
          const write = () => stream.writeSSE({ data: "changed" });
          streams.add(write);
          await new Promise<void>((resolve) => {
            stream.onAbort(() => {
              streams.delete(write);
              resolve();
            });
          });
        }),
      );
    [browser, served] = await Promise.all([launchChromium(), servePages(routes)]);
    page = await browser.newPage();
  });

  afterAll(async () => {
    await browser.close();
    served.close();
  });

  beforeEach(async () => {
    // What the test before has left going on has ended then.
    await page.goto("about:blank");
    await expect.poll(() => streams.size).toBe(0);
    requests = 0;
    sent = [];
    taskIs({ session: { progress: { said: "First." } } });
    const opened = page.waitForRequest((request) => request.url().endsWith("/events"));
    await page.goto(`${served.url}/task`);
    await opened;
    await expect.poll(() => streams.size).toBe(1);
  });

  test("shows what's changed, and reads it out", async () => {
    taskIs({ state: "idle", session: { progress: { said: "Second." } } });
    await tell();
    await page.getByText("Second.").waitFor();
    expect(await page.getByText("First.").count()).toBe(0);
    await expect.poll(() => page.locator("#updates").textContent()).toContain("Updated: Idle");
    expect(await page.title()).toContain("Idle");
  });

  test("keeps what somebody types, where they are in it, and what they look at", async () => {
    const field = page.getByLabel("Message to Copilot");
    await field.fill("Use the other clock");
    await field.evaluate((element) => {
      Object.assign(element, { selectionStart: 4, selectionEnd: 7 });
    });
    const before = await page.locator("#message-text").elementHandle();
    taskIs(asks("a1b2"));
    await tell();
    await page.getByText("git push origin a1b2").waitFor();
    expect(await field.inputValue()).toBe("Use the other clock");
    const focus = "[document.activeElement.id, document.activeElement.selectionStart]";
    expect(await page.evaluate(focus)).toEqual(["message-text", 4]);
    // The form is the same, so it isn't touched at all, though its key would be another.
    expect(await before?.evaluate((element) => element.isConnected)).toBe(true);
  });

  test("keeps an answer that's being written when another request comes", async () => {
    const question = {
      code: "c3d4",
      asking: { type: "question", question: "Why?", choices: ["Yes", "No"], freeform: true },
    } as const;
    const { code, asking } = question;
    const both: Layer = {
      state: "waiting_for_user",
      session: { progress: { asking: [question] } },
    };
    taskIs(both);
    await tell();
    await page.getByLabel("No", { exact: true }).check();
    await page.getByLabel("Another answer").fill("Because");
    taskIs({
      state: "waiting_for_user",
      session: {
        progress: {
          asking: [
            { code, asking },
            { code: "a1b2", asking: permissionOf({ kind: "url", url: "https://example.com" }) },
          ],
        },
      },
    });
    await tell();
    await page.getByText("https://example.com").waitFor();
    expect(await page.getByLabel("Another answer").inputValue()).toBe("Because");
    expect(await page.getByLabel("No", { exact: true }).isChecked()).toBe(true);
    expect(await page.evaluate("document.activeElement.id")).toBe("answer-c3d4");
  });

  test("sends nothing when a request has just moved under the pointer", async () => {
    taskIs(asks("a1b2", "c3d4"));
    await tell();
    await page.getByText("git push origin c3d4").waitFor();
    await page.evaluate(`new MutationObserver(() => document.querySelector("#approve-c3d4").click())
      .observe(document.querySelector(".primary-column"), { childList: true })`);
    taskIs(asks("c3d4"));
    await tell();
    const said = () => page.locator("#updates").textContent();
    await expect.poll(said).toContain("has just changed");
    expect(sent).toEqual([]);
    // Whoever looks at it before they press the button means it.
    const shownAgain = page.waitForEvent("load");
    await expect
      .poll(async () => {
        await page.locator("#approve-c3d4").click();
        return sent;
      })
      .toEqual(["approve c3d4"]);
    await shownAgain;
  });

  test("is gone as soon as the task is", async () => {
    shown = { status: 404, html: taskPage(taskPageView(taskWith())) };
    const shownAgain = page.waitForEvent("load");
    await tell();
    await shownAgain;
    await expect.poll(() => page.getByText("First.").count()).toBe(0);
  });

  test("stays as it is while the bot has a problem", async () => {
    shown = { ...shown, status: 500 };
    await tell();
    await expect.poll(() => requests).toBeGreaterThan(1);
    expect(await page.getByText("First.").count()).toBe(1);
    taskIs({ session: { progress: { said: "Third." } } });
    await tell();
    await page.getByText("Third.").waitFor();
  });
});
