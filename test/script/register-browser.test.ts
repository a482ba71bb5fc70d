import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { hasChromium, launchChromium } from "../../script/lib/chromium.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { startRegister } from "./registration/registering.ts";

const sees = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

describe.skipIf(!hasChromium)("in Chromium, an App is registered", () => {
  let browser: Browser;
  let github: LoopbackGitHub;

  beforeAll(async () => {
    [browser, github] = await Promise.all([launchChromium(), startGitHub()]);
  });
  afterAll(async () => {
    await browser.close();
    await github.close();
  });

  /** Opens a window; gives also what the browser complains of. */
  async function open(javaScriptEnabled: boolean) {
    const context = await browser.newContext({ javaScriptEnabled });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    return { page, complaints };
  }

  test.each([
    ["with JavaScript", true, "Scripted bot"],
    ["without JavaScript", false, "Plain bot"],
  ] as const)(
    "%s, by somebody who has to sign in, and whose name is taken",
    async (_with, isScripted, name) => {
      const directory = temporaryDirectory();
      const registering = await startRegister({
        directory,
        variables: { GHE_HOST: github.host, GHE_PROTOCOL: "http" },
      });
      const { page, complaints } = await open(isScripted);
      await page.goto(registering.url);
      await sees(page, "Register the GitHub App");
      await press(page, "Continue on GitHub");
      await press(page, "octocat");
      await sees(page, "Register new GitHub App");

      await page.goto(registering.url);
      await press(page, "Continue on GitHub");
      await sees(page, "Create GitHub App for octocat");
      await press(page, "Create GitHub App for octocat");
      expect(await page.getByRole("alert").innerText()).toBe(
        "Name is already in use by another app.",
      );

      await page.goto(registering.url);
      await page.getByLabel("Name of the App").fill(name);
      await press(page, "Use this name");
      await page.locator("dd", { hasText: name }).waitFor();
      await press(page, "Continue on GitHub");
      expect(await page.getByLabel("GitHub App name").inputValue()).toBe(name);
      await press(page, "Create GitHub App for octocat");
      await sees(page, "The App is registered");
      expect(await registering.ended).toMatchObject({ code: 0, errors: "" });

      const install = page.getByRole("link", { name: "Install the App", exact: true });
      const slug = name.toLowerCase().replace(" ", "-");
      const address = `http://${github.host}/apps/${slug}/installations/new`;
      expect(await install.getAttribute("href")).toBe(address);
      const { PRIVATE_KEY_PATH = "", APP_ID } = parseEnv(
        readFileSync(join(directory, ".env"), "utf8"),
      );
      expect(APP_ID).toMatch(/^\d+$/u);
      expect(readFileSync(join(directory, PRIVATE_KEY_PATH), "utf8").trim()).toBe(
        github.privateKey.trim(),
      );
      // GitHub's answer to the name that's taken is the only one that isn't fine.
      expect(complaints.filter((text) => !text.includes("422"))).toEqual([]);
    },
  );

  test("but not from a page in another one's frame", async () => {
    const variables = { GHE_HOST: github.host, GHE_PROTOCOL: "http" };
    const { url } = await startRegister({ directory: temporaryDirectory(), variables });
    const { page } = await open(true);
    const blocked = page.waitForEvent("console", (message) =>
      message.text().includes("frame-ancestors 'none'"),
    );
    await page.setContent(`<iframe src="${url}"></iframe>`);
    await blocked;
  });
});
