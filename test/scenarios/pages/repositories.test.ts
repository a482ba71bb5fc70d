import { beforeAll, describe, expect, it } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import { useWorld } from "../world.ts";
import type { Visitor } from "./visitor.ts";
import { visit } from "./visitor.ts";

const POLICY = ".github/copilot-tasks.yml";
/** Nobody but its people can read it. */
const vault = { owner: organization, repo: "vault" };
const hello = { owner: organization, repo: "hello" };
const defaults = { owner: organization, repo: ".github" };
const world = useWorld({
  connecting: true,
  repositories: [{ name: vault.repo, private: true }, { name: defaults.repo }, { name: "wrong" }],
});

const PAGE = "/repositories/octo-org/vault";
const people: Record<string, Visitor> = {};
const asked = () => world.github.requests.filter(({ path }) => path === "/graphql").length;

beforeAll(async () => {
  await world.github.writeFile(defaults, POLICY, "limits:\n  repository: { day: 7 }\n");
  await world.github.writeFile(vault, POLICY, "# Ours\nlimits:\n  at_once: 3\n");
  await world.github.writeFile({ ...hello, repo: "wrong" }, POLICY, "forks: deny\nlimit: 3\n");
  for (const login of ["octocat", "writer", "reader", "stranger"]) {
    people[login] = await visit(world, login);
  }
});

/** What somebody reads on a page, on one line. */
async function see(login: string, path: string) {
  const visitor = people[login];
  if (visitor === undefined) throw new Error(`${login} hasn't signed in`);
  const page = await visitor.see(path);
  return { ...page, text: page.text.replaceAll(/\s+/gu, " ") };
}

describe("a repository's page", () => {
  it.each(["octocat", "writer", "reader"])(
    "shows %s what's in force, and from where",
    async (login) => {
      const { status, text, html } = await see(login, PAGE);
      expect(status).toBe(200);
      expect(text).toContain("Sessions at once limits.at_once 0 of 3");
      expect(text).toContain(
        "This repository's tasks in the last 24 hours limits.repository.day 0 of 7",
      );
      expect(text).toContain("limits.at_once 3 The repository, line 3");
      expect(text).toContain("limits.repository.day 7 The organization, line 2");
      const web = `http://${world.github.host}`;
      expect(html).toMatch(new RegExp(`${web}/octo-org/vault/blob/[0-9a-f]{40}/${POLICY}#L3`, "u"));
      expect(html).toMatch(
        new RegExp(`${web}/octo-org/.github/blob/[0-9a-f]{40}/${POLICY}#L2`, "u"),
      );
    },
  );

  it("asks GitHub once a minute for the policy, whoever looks", async () => {
    await see("writer", "/repositories/octo-org/hello");
    const before = asked();
    await see("writer", "/repositories/octo-org/hello");
    await see("reader", "/repositories/OCTO-ORG/Hello");
    expect(asked()).toBe(before);
  });

  it("isn't there for whoever can't read it, as one that doesn't exist", async () => {
    const before = asked();
    const answers = [];
    for (const path of [PAGE, "/repositories/octo-org/nothing", "/repositories/octo-org/..%2f"]) {
      const first = world.github.requests.length;
      const { status, html } = await see("stranger", path);
      const requests = world.github.requests
        .slice(first)
        .map(({ by, method }) => `${by} ${method}`);
      answers.push({ status, html, requests });
    }
    const [theirs, nobodys, malformed] = answers;
    expect(theirs?.status).toBe(404);
    expect(theirs?.html).not.toContain("vault");
    expect(nobodys).toEqual(theirs);
    expect(malformed).toEqual(theirs);
    expect(asked()).toBe(before);
    const stream = people["stranger"]?.watch(new URL(`${PAGE}/events`, world.app.url).href);
    await expect(stream).rejects.toThrow("answers with 404");
  });

  it("isn't there where the App isn't installed", async () => {
    const fork = await see("octocat", "/repositories/stranger/hello");
    const none = await see("octocat", "/repositories/octo-org/nothing");
    expect([fork.status, fork.html]).toEqual([404, none.html]);
  });

  it("shows which line of a policy is wrong, and that nothing starts", async () => {
    const { text } = await see("reader", "/repositories/octo-org/wrong");
    expect(text).toContain("Nobody can start tasks here until this is fixed.");
    expect(text).toContain("The policy file of this repository has problems:");
    expect(text).toContain("line 2, column 1: ");
  });

  it("says so when GitHub doesn't show the files, and asks again", async () => {
    await see("octocat", "/");
    world.github.failNext(
      { method: "POST", path: "/graphql" },
      { status: 502, body: { message: "Server Error" } },
    );
    const path = "/repositories/octo-org/.github";
    const { status, text } = await see("octocat", path);
    expect(status).toBe(200);
    expect(text).toContain(
      "GitHub didn't show the bot the policy files. Reload the page in a minute.",
    );
    expect(text).toContain("Sessions at once limits.at_once 0 (limit unknown)");
    expect((await see("octocat", path)).text).toContain("limits.repository.day 7");
  });
});
