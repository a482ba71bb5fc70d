import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../../sandbox/connecting.ts";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import { FOLLOWING, startStory } from "../follow/followed.ts";
import { useWorld } from "../world.ts";

describe.skipIf(!hasChromium)("in Chromium", () => {
  const world = useWorld({ ...FOLLOWING, connecting: true });
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await connect("octocat", `${world.app.url}/connect`);
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`${world.app.url}/`);
    await page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await page.getByRole("button", { name: "octocat", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Tasks", exact: true }).waitFor();
  });
  beforeEach(async () => {
    await page.goto(`${world.app.url}/`);
    await page.getByRole("heading", { level: 1, name: "Tasks", exact: true }).waitFor();
  });
  afterAll(() => browser.close());

  it("the list shows a task that's requested while it's open", async () => {
    const { issue } = await startStory(world);
    await page.getByText(`octo-org/hello#${issue.number}`).first().waitFor();
  });

  it("a repository's page counts a session that begins while it's open", async () => {
    await page.goto(`${world.app.url}/repositories/octo-org/hello`);
    const used = page.locator(".usage li", { hasText: "limits.requester.hour" }).locator("strong");
    const before = Number(await used.textContent());
    await startStory(world);
    await used.filter({ hasText: `${before + 1}` }).waitFor();
  });

  it("a task's page shows what Copilot says, and a command that was given there", async () => {
    const { emit } = await startStory(world);
    await page.getByRole("link", { name: "triage" }).first().click();
    await page.getByRole("heading", { level: 1, name: /triage/u }).waitFor();
    const times: number[] = [];
    for (const [index, content] of ["Looking.", "Nearly there.", "The clock is wrong."].entries()) {
      const saidAt = performance.now();
      emit("assistant.message", { messageId: `m${index}`, content });
      await page.getByText(content).waitFor();
      times.push(performance.now() - saidAt);
    }
    const [, median] = times.toSorted((one, other) => one - other);
    expect(median).toBeLessThan(2_000);
    // A press that meets a part that has just changed says so, and does nothing: people press again.
    await expect
      .poll(async () => {
        if (isSent(page)) return true;
        await page.getByRole("button", { name: "Stop", exact: true }).click();
        return isSent(page);
      })
      .toBe(true);
    await page.getByText("Stopped by").waitFor();
  });
});

/** Whether a command was given on the page: it's shown again then, with what became of the command. */
function isSent(page: Page): boolean {
  return new URL(page.url()).searchParams.has("command");
}
