import { expect, test } from "vitest";
import { stringify } from "yaml";
import { describeProblems } from "../../src/core/comment/settings.ts";
import { readPolicyFile } from "../../src/core/policy/read.ts";
import type { PolicyThere } from "../../src/ports/policies-in-force.ts";
import { adminPage } from "../../src/web/pages/admin-page.ts";
import { repositoryPage } from "../../src/web/pages/repository-page.ts";
import { setupPage } from "../../src/web/pages/setup-page.ts";
import { MARKUP_ATTACKS } from "./markup-attacks.ts";
import { foreignIn } from "./pages/text.ts";
import {
  adminView,
  FIGURES,
  healthOf,
  OVERVIEW,
  readingOf,
  repositoryView,
  setupView,
} from "./report-world.ts";

const FILE = "https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml";

/** What's in force by policy files with a text in each place; those that may not have it there are left out. */
function policiesWith(text: string) {
  return [
    { labels: { [text]: "fix" } },
    { labels_after: { running: text } },
    { commands: { explain: { kind: "ask", description: text } } },
    { fix: { prompt: text } },
  ]
    .map((settings) => stringify(settings))
    .filter((file) => readPolicyFile(file, "repository").type !== "problems")
    .map((file) => readingOf("", file));
}

/** What's said of a file whose keys and values are this text. */
function problemsWith(text: string): string {
  const file = stringify({ [text]: text, forks: text, labels: { [text]: text } });
  const read = readPolicyFile(file, "repository");
  return read.type === "problems" ? describeProblems(read.problems, "repository", FILE) : "";
}

/** The pages about repositories and the bot, with a text wherever strangers or administrators can write one. */
function reportsWith(text: string) {
  const figures = {
    ...FIGURES,
    failures: [
      { code: text, count: 3, lastAt: "2026-11-21T11:00:00.000Z", lastTaskId: "0b4f9bd6" },
    ],
  };
  const found = { level: "failed", what: text, found: text, cure: text } as const;
  const at = "2026-11-30T05:00:00.000Z";
  const person = { login: text, kind: text, connectedAt: at, expiresAt: at, hasEnded: false };
  const oldest = { since: at, type: "forbidden", message: text } as const;
  const overview = {
    ...OVERVIEW,
    undelivered: { count: 1, oldest },
    people: [person],
    connections: { connected: 1, ended: 0 },
    failures: [{ day: "2026-11-29", code: text, count: 1 }],
  };
  const setup = setupView();
  const readings: readonly PolicyThere[] = [
    { type: "problems", problems: problemsWith(text), hasOrganizationFile: false },
    ...policiesWith(text),
  ];
  return [
    ...readings.map((reading) => repositoryPage(repositoryView({ figures, reading }))),
    adminPage(adminView({ health: healthOf([found]), overview })),
    setupPage({
      ...setup,
      installation: { ...setup.installation, account: text, url: text },
      missingPermissions: [{ name: text, wanted: text, granted: text }],
      repositories: readings.map((reading) => ({
        name: text,
        policy: { defaultBranch: text, hasFile: false, reading },
        labels: [{ name: text, exists: false }],
      })),
    }),
  ];
}

test.each(MARKUP_ATTACKS)("what's in a policy, a label, or a login is text: %j", async (text) => {
  for (const page of reportsWith(text)) expect(foreignIn(String(await page))).toEqual([]);
});

test("some of the attacks are values that a policy can have", () => {
  expect(MARKUP_ATTACKS.flatMap((text) => policiesWith(text)).length).toBeGreaterThan(20);
});
