import { beforeAll, describe, expect, it } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import { useWorld } from "../world.ts";
import type { Visitor } from "./visitor.ts";
import { visit } from "./visitor.ts";

const POLICY = ".github/copilot-tasks.yml";
const hello = { owner: organization, repo: "hello" };
/** Only its owner and writer can read it. */
const defaults = { owner: organization, repo: ".github" };
const world = useWorld({
  connecting: true,
  people: { ada: "none" },
  repositories: [{ name: defaults.repo, private: true }],
});

const PAGE = "/repositories/octo-org/hello";
const ORGANIZATION = `limits:
  organization: { day: 77 }
  repository: { day: 7 }
permissions:
  merger: { least: maintain }
labels:
  "copilot:takeover": merger
prompts:
  merger: { path: .github/prompts/takeover.md }
`;
const people: Record<string, Visitor> = {};

beforeAll(async () => {
  await world.github.grant(defaults, "reader", "none");
  await world.github.grant(hello, "ada", "triage");
  await world.github.writeFile(defaults, POLICY, ORGANIZATION);
  await world.github.writeFile(hello, POLICY, "limits:\n  at_once: 3\n");
  for (const login of ["writer", "reader", "ada", "stranger"]) {
    people[login] = await visit(world, login);
  }
});

async function see(login: string, path: string) {
  const page = await people[login]?.see(path);
  if (page === undefined) throw new Error(`${login} hasn't signed in`);
  return { ...page, text: page.text.replaceAll(/\s+/gu, " ") };
}

describe("the page of a public repository", () => {
  it("isn't there for people without a role in it, and asks nothing for them", async () => {
    const answers = [];
    for (const path of ["/repositories/octo-org/nothing", PAGE]) {
      const first = world.github.requests.length;
      const { status, html } = await see("stranger", path);
      const requests = world.github.requests
        .slice(first)
        .map(({ by, method }) => `${by} ${method}`);
      answers.push({ status, html, requests });
    }
    const [nothing, theirs] = answers;
    expect(theirs).toEqual(nothing);
    expect(theirs).toMatchObject({ status: 404, requests: ["stranger GET"] });
    const stream = people["stranger"]?.watch(new URL(`${PAGE}/events`, world.app.url).href);
    await expect(stream).rejects.toThrow("answers with 404");
  });

  it.each(["reader", "ada"])(
    "shows %s nothing of an organization's file that they can't read",
    async (login) => {
      const { status, text, html } = await see(login, PAGE);
      expect(status).toBe(200);
      expect(text).toContain("Sessions at once limits.at_once 0 of 3");
      expect(text).toContain("limits.at_once 3 The repository, line 2");
      expect(text).toContain(
        "This repository's tasks in the last 24 hours limits.repository.day 0 (limit set by the organization)",
      );
      expect(text).toContain("limits.repository.day set by the organization The organization");
      expect(text).toContain("limits.organization.day set by the organization The organization");
      expect(text).toContain("labels set by the organization The organization");
      expect(text).toContain(
        "octo-org/.github has settings that people with write access see here",
      );
      expect(text).not.toContain("The organization's tasks");
      for (const secret of ["77", "merger", "takeover", "maintain"]) {
        expect(text).not.toContain(secret);
      }
      expect(html).not.toContain("octo-org/.github/blob");
    },
  );

  it("shows it to people with write access, as /copilot config does", async () => {
    const { text } = await see("writer", PAGE);
    expect(text).toContain("limits.repository.day 7 The organization, line 3");
    expect(text).toContain("labels.copilot:takeover merger The organization, line 7");
    expect(text).toContain(
      "The organization's tasks in the last 24 hours limits.organization.day 0 of 77",
    );
  });

  it("shows only people with write access what's wrong in it", async () => {
    await world.github.writeFile(defaults, POLICY, "limits: { secret: 77 }\n");
    const blocked = "/repositories/octo-org/blocked";
    const { text } = await see("reader", blocked);
    expect(text).toContain(
      "Nobody can start tasks here until this is fixed. The policy files have problems. People with write access see them on this page.",
    );
    expect(text).not.toContain("secret");
    expect((await see("writer", blocked)).text).toContain("secret");
  });
});
