import axe from "axe-core";
import { Hono } from "hono";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import { PAGE_EXAMPLES } from "../page-examples.ts";
import type { ServedPages } from "./served.ts";
import { servePages } from "./served.ts";

/** What axe-core calls a violation: the rule, and where. */
interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function violations(page: Page): Promise<readonly string[]> {
  // The page's own policy lets no other script in; a debugger isn't bound by it.
  await page.evaluate(`{ ${axe.source} }`);
  const found: { readonly violations: readonly Violation[] } = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
  );
}

describe.skipIf(!hasChromium)("in Chromium, each page", () => {
  let browser: Browser;
  let served: ServedPages;

  beforeAll(async () => {
    const routes = new Hono().get("/:name", async (c) => {
      const example = PAGE_EXAMPLES.find(({ name }) => name === c.req.param("name"));
      return example === undefined ? c.notFound() : c.html(await example.html);
    });
    [browser, served] = await Promise.all([launchChromium(), servePages(routes)]);
  });

  afterAll(async () => {
    await browser.close();
    served.close();
  });

  test.each([
    [320, "dark"],
    [1280, "light"],
  ] as const)(
    "has nothing that axe-core finds, at %d pixels, %s",
    { timeout: 120_000 },
    async (width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const complaints: string[] = [];
      page.on("console", (message) =>
        complaints.push(`${message.text()} (${message.location().url})`),
      );
      page.on("pageerror", (error) => complaints.push(error.message));
      for (const { name } of PAGE_EXAMPLES) {
        await page.goto(`${served.url}/${name}`);
        expect([name, ...(await violations(page))]).toEqual([name]);
      }
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test.each([320, 768, 2000])("is as wide as the window, at %d pixels", async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    for (const { name } of PAGE_EXAMPLES) {
      await page.goto(`${served.url}/${name}`);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect([name, overflow]).toEqual([name, 0]);
    }
    await page.close();
  });

  test("leads from its beginning straight to its content with the keyboard", async () => {
    const page = await browser.newPage();
    await page.goto(`${served.url}/tasks`);
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    expect(await skip.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.close();
  });

  async function timeShown(javaScriptEnabled: boolean): Promise<string | undefined> {
    const context = await browser.newContext({ timezoneId: "Asia/Tokyo", javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(`${served.url}/task-page-connect`);
    const text = await page.locator(".head time").textContent();
    await context.close();
    return text?.replaceAll(/\s/gu, " ");
  }

  test("shows times in the reader's zone, and in UTC without JavaScript", async () => {
    expect(await timeShown(true)).toBe("Nov 21, 2026, 9:00 PM");
    expect(await timeShown(false)).toBe("Nov 21, 2026, 12:00 PM UTC");
  });
});
