import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkToConnect } from "../../sandbox/connecting.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { hasChromium, launchChromium } from "../../script/lib/chromium.ts";
import { botComments, useWorld } from "./world.ts";

describe.skipIf(!hasChromium)("in Chromium", () => {
  const world = useWorld({
    connecting: true,
    timeouts: { followMs: 60_000, editEveryMs: 300, sessionCommandsEveryMs: 200 },
  });
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it("somebody connects, is sent back, sees the task continue, and disconnects", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
    await octocat.label(issue, "copilot:triage");
    const [waiting = ""] = await botComments(world, issue);

    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const sees = (name: string) =>
      page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
    const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
    await page.goto(linkToConnect(waiting));
    await press("octocat");
    await press("Authorize");
    await sees("Your task continues");
    expect(new URL(page.url()).search).toBe("");
    const thread = page.getByRole("link", { name: `Go to octo-org/hello#${issue.number}` });
    expect(await thread.getAttribute("href")).toBe(
      `http://${world.github.host}/octo-org/hello/issues/${issue.number}`,
    );
    await botComments(world, issue, (body) => body.includes("[Open session]"));

    await page.goto(`${world.app.url}/connect`);
    await sees("Your Copilot is connected");
    await press("Disconnect");
    await sees("Your Copilot isn't connected");
    const [left = ""] = await botComments(world, issue, (body) => body.includes("updated anymore"));
    expect(left).toContain("because the requester's Copilot isn't connected anymore");
    await page.close();
  });
});
