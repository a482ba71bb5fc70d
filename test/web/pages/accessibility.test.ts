import axe from "axe-core";
import { Hono } from "hono";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import { PAGE_EXAMPLES } from "../page-examples.ts";
import type { ServedPages } from "./served.ts";
import { servePages } from "./served.ts";

/** How wide the window is, and in which colors axe-core looks at what it shows, if it does; in dark ones in CI alone. */
const WINDOWS = [
  { width: 320, colorScheme: "dark" } as const,
  { width: 768 },
  { width: 1280, colorScheme: "light" },
  { width: 2000 },
] as const;

/** What axe-core calls a violation: the rule, and where. */
interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function violations(page: Page): Promise<readonly string[]> {
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

  // To load a page, and axe-core into it, takes longer than to look at it: each is loaded once, and then resized.
  describe("in windows of 320 (dark), 768, 1280 (light), and 2000 pixels", () => {
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      page = await browser.newPage();
      page.on("console", (message) =>
        complaints.push(`${message.text()} (${message.location().url})`),
      );
      page.on("pageerror", (error) => complaints.push(error.message));
    });
    afterAll(() => page.close());

    test.for(PAGE_EXAMPLES)(
      "$name is as wide as the window, and axe-core finds nothing",
      async ({ name }) => {
        complaints.length = 0;
        const found: string[] = [];
        for (const { width, ...look } of WINDOWS) {
          await page.setViewportSize({ width, height: 800 });
          if ("colorScheme" in look) await page.emulateMedia(look);
          if (width === WINDOWS[0].width) {
            await page.goto(`${served.url}/${name}`);
            // The page's own policy lets no other script in; a debugger isn't bound by it.
            await page.evaluate(`{ ${axe.source} }`);
          }
          const overflow: number = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          );
          if (overflow !== 0) found.push(`${width}: ${overflow} pixels too wide`);
          if ("colorScheme" in look) {
            found.push(...(await violations(page)).map((violation) => `${width}: ${violation}`));
          }
        }
        expect([...found, ...complaints]).toEqual([]);
      },
    );
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
