import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import { useWorld } from "../world.ts";
import type { Person } from "./person.ts";
import { signInAs, textOn } from "./person.ts";

const vault = { owner: organization, repo: "vault" };
/** So many repositories that the labels they miss are created in two presses, 20 at most in one. */
const MORE = ["one", "two", "three", "four", "five"].map((name) => ({ name }));
const PEOPLE = ["octocat", "writer", "reader", "stranger"] as const;
const NOT_FOUND = "There's nothing here, or nothing that you can read.";

/** Octocat owns the organization, and so the App. */
describe.skipIf(!hasChromium)("in Chromium", () => {
  const world = useWorld({
    connecting: true,
    repositories: [{ name: vault.repo, private: true }, ...MORE],
    beforeStart(github) {
      github.app.owner = organization;
    },
  });
  let browser: Browser;
  const people = new Map<string, Person>();

  beforeAll(async () => {
    browser = await launchChromium();
    for (const login of PEOPLE) people.set(login, await signInAs(world, browser, login));
  });
  afterAll(() => browser.close());

  const setupPath = () => `/setup?installation_id=${world.github.installationId}`;

  describe.each(["scripted", "plain"] as const)("%s", (mode) => {
    async function open(login: string, path: string): Promise<Page> {
      const page = people.get(login)?.[mode];
      if (page === undefined) throw new TypeError(`${login} isn't signed in`);
      await page.goto(`${world.app.url}${path}`);
      return page;
    }

    /** Who sees a page, by a text of it; everybody else reads that there's nothing. */
    async function seenBy(path: string, words: string): Promise<readonly string[]> {
      const seen: string[] = [];
      for (const login of PEOPLE) {
        const text = await textOn(await open(login, path));
        if (text.includes(words)) seen.push(login);
        else expect([login, text]).toEqual([login, expect.stringContaining(NOT_FOUND)]);
      }
      return seen;
    }

    it("the administration is for whoever owns the App", async () => {
      expect(await seenBy("/admin", "All comments are delivered.")).toEqual(["octocat"]);
    });

    it("a repository's page is for whoever can read it", async () => {
      const path = `/repositories/${vault.owner}/${vault.repo}`;
      expect(await seenBy(path, "Settings in force")).toEqual(["octocat", "writer", "reader"]);
    });

    it("the setup page is for owners of the organization", async () => {
      expect(await seenBy(setupPath(), "Set up the bot for octo-org")).toEqual(["octocat"]);
    });

    it("the button creates labels that are missing", async () => {
      const page = await open("octocat", setupPath());
      await page.getByRole("button", { name: /^Create .* missing labels$/u }).click();
      await page.getByText(/labels were created/u).waitFor();
      const left = mode === "scripted" ? 1 : 0;
      expect(await page.getByRole("button", { name: /missing label/u }).count()).toBe(left);
    });
  });
});
