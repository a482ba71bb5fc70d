import { describe, expect, test } from "vitest";
import { adminPage } from "../../../src/web/pages/admin-page.ts";
import { newPolicyUrl } from "../../../src/web/pages/policy-file.ts";
import { signInPage } from "../../../src/web/pages/problems.ts";
import { repositoryPage } from "../../../src/web/pages/repository-page.ts";
import { setupPage } from "../../../src/web/pages/setup-page.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { readPolicyFile } from "../../../src/core/policy/read.ts";
import { REPORT_EXAMPLES } from "../report-examples.ts";
import {
  adminView,
  healthOf,
  FIGURES,
  OVERVIEW,
  policyThere,
  readingOf,
  repositoryView,
  setupView,
} from "../report-world.ts";
import { elementsIn, foreignIn, readable } from "./text.ts";

test.each(REPORT_EXAMPLES)("people read of $name", async ({ html }) => {
  expect(await readable(html)).toMatchSnapshot();
  expect(foreignIn(String(await html)).filter((one) => !one.includes("githubstatus"))).toEqual([]);
});

const ATTACK = "<script>alert(1)</script>\u202E[x](https://evil.example)";

async function linksOf(page: Parameters<typeof readable>[0]): Promise<readonly string[]> {
  return elementsIn(String(await page)).flatMap(({ tag, attributes }) =>
    tag === "a" ? [attributes.get("href") ?? ""] : [],
  );
}

async function linksWith(file: string): Promise<readonly string[]> {
  return linksOf(repositoryPage(repositoryView({ reading: readingOf("", file) })));
}

describe("a repository", () => {
  test("says from which line of which file each setting comes", async () => {
    const organization = "enforced: [limits]\nlimits:\n  at_once: 3\n";
    const repository = "forks: base\nlimits:\n  at_once: 5\n";
    const page = repositoryPage(repositoryView({ reading: readingOf(organization, repository) }));
    const text = (await readable(page)).replaceAll("\n", " ");
    expect(text).toContain("forks base The repository, line 1");
    expect(text).toContain(
      "limits.at_once 3 The organization, line 3, enforced; The repository, line 3 says 5, which has no effect",
    );
    expect(await linksOf(page)).toContain(
      "https://github.com/octo-org/hello/blob/0123456789abcdef/.github/copilot-tasks.yml#L1",
    );
  });

  test("shows what policy files hold as text", async () => {
    const reading = readingOf(
      "",
      `commands:\n  x: { kind: ask, description: ${JSON.stringify(ATTACK)} }\n`,
    );
    const html = String(await repositoryPage(repositoryView({ reading })));
    expect(foreignIn(html)).toEqual([]);
    expect(html).not.toContain("\u202E");
  });

  test("offers to create a policy file only where there's none", async () => {
    const create = newPolicyUrl(PLACE, "octo-org/hello", "main");
    expect(await linksWith("")).toContain(create);
    expect(await linksWith("forks: base\n")).not.toContain(create);
  });

  test("has failures of codes that it doesn't know", async () => {
    const failure = {
      code: "toString",
      count: 1,
      lastAt: "2026-11-21T11:00:00.000Z",
      lastTaskId: "1",
    };
    const figures = { ...FIGURES, failures: [failure] };
    expect(await readable(repositoryPage(repositoryView({ figures })))).toContain("toString");
  });
});

const PLACE = { hosts: GITHUB_COM, publicUrl: "https://bot.example.com" };

test("a policy file that begins in GitHub's editor changes nothing, and is valid", () => {
  const url = new URL(newPolicyUrl(PLACE, "octo-org/hello", "release/2.0 #1"));
  expect(url.pathname).toBe("/octo-org/hello/new/release/2.0%20%231");
  expect(url.searchParams.get("filename")).toBe(".github/copilot-tasks.yml");
  const text = url.searchParams.get("value") ?? "";
  expect(text.split("\n")[0]).toBe(
    "# yaml-language-server: $schema=https://bot.example.com/copilot-tasks.schema.json",
  );
  const uncommented = text.replaceAll(/^# (?=limits|permissions| )/gmu, "");
  for (const file of [text, uncommented]) {
    expect(readPolicyFile(file, "repository").type).toBe("file");
  }
});

describe("the administration", () => {
  const failures = [
    { day: "2026-11-30", code: "unknown", count: 4 },
    { day: "2026-11-01", code: "unknown", count: 2 },
    { day: "2026-10-31", code: "unknown", count: 100 },
    { day: "2026-11-30", code: "rate_limited", count: 1 },
  ];

  test("draws the failures of 30 days, each code on the same scale", async () => {
    const page = adminPage(adminView({ overview: { ...OVERVIEW, failures } }));
    const elements = elementsIn(String(await page));
    const charts = elements.filter(
      ({ tag, attributes }) => tag === "svg" && attributes.has("aria-label"),
    );
    expect(charts.map(({ attributes }) => attributes.get("aria-label"))).toEqual([
      "6 failures in 30 days, most of them on Nov 30: 4",
      "1 failure in 30 days, most of them on Nov 30: 1",
    ]);
    const bars = elements.filter(
      ({ tag, attributes }) => tag === "rect" && attributes.has("height"),
    );
    const heights = bars.map(({ attributes }) => Number(attributes.get("height")));
    // The first one is of the bot's own sign.
    expect(heights.slice(1)).toEqual([28, 56, 14]);
  });

  test("shows GitHub's words as text, and no token", async () => {
    const undelivered = {
      count: 1,
      oldest: { since: "2026-11-30T03:00:00.000Z", type: "unreachable", message: ATTACK },
    } as const;
    const people = [
      {
        login: ATTACK,
        kind: ATTACK,
        connectedAt: "2026-11-01T06:00:00.000Z",
        expiresAt: null,
        hasEnded: false,
      },
    ];
    const findings = [{ level: "failed", what: "x", found: "`<script>`", cure: ATTACK }] as const;
    const html = String(
      await adminPage(
        adminView({
          health: healthOf(findings),
          overview: { ...OVERVIEW, undelivered, people },
        }),
      ),
    );
    expect(foreignIn(html)).toEqual([]);
    expect(html).not.toContain("\u202E");
  });
});

test.each(["2.", "1. x", "- x", "# x", "> x", "***", "    x", "[^1]: x"])(
  "what the doctor found is one line, also %j",
  async (found) => {
    const findings = [{ level: "failed", what: "x", found, cure: "Fix it." }] as const;
    const text = await readable(adminPage(adminView({ health: healthOf(findings) })));
    expect(text).toContain(`Problem: x: ${found.trim()} Fix it.`);
  },
);

describe("the setup", () => {
  const repositories = [
    {
      name: "octo-org/hello",
      policy: policyThere(null),
      labels: [
        { name: "copilot:fix", exists: false },
        { name: "copilot:triage", exists: true },
      ],
    },
  ];

  test("has one button for all labels that are missing", async () => {
    const html = String(await setupPage(setupView({ repositories, repositoryCount: 1 })));
    expect(html.match(/action="\/setup\/labels"/gu)).toHaveLength(1);
    expect(html).toContain("Create 1 missing label");
    expect(html).toContain('name="installation_id" value="31"');
  });

  test("creates so many labels at once that GitHub takes them while somebody waits", async () => {
    const labels = Array.from({ length: 21 }, (_none, index) => {
      return { name: `copilot:${index}`, exists: false };
    });
    const many = repositories.map((one) => Object.assign({}, one, { labels }));
    const html = String(await setupPage(setupView({ repositories: many, repositoryCount: 1 })));
    expect(html).toContain("Create 20 of 21 missing labels");
  });

  test("has none where no label is missing", async () => {
    const full = repositories.map((one) => Object.assign({}, one, { labels: [] }));
    const html = String(await setupPage(setupView({ repositories: full, repositoryCount: 1 })));
    expect(html).not.toContain("/setup/labels");
  });

  test("shows how far the bot has come with creating labels by itself", async () => {
    const labelings = { waiting: 4_920, dueBy: "2026-12-02T14:30:00.000Z", refused: 1 };
    const text = await readable(setupPage(setupView({ labelings })));
    expect(text).toContain(
      "The bot creates missing labels by itself when a repository is added, and when its policy changes. It still has to look at 4,920 repositories. The last one is due at Dec 2, 2026, 2:30 PM UTC, because GitHub limits how many labels an App can create in an hour.",
    );
    expect(text).toContain(
      "GitHub refused to create labels in 1 repository. The bot tries again when somebody accepts the App's permissions.",
    );
    expect(await readable(setupPage(setupView({ labelings: null })))).not.toContain("by itself");
  });

  test("links to no page but GitHub's", async () => {
    const installation = { ...setupView().installation, url: "https://evil.example/x" };
    const page = setupPage(
      setupView({
        installation,
        missingPermissions: [{ name: ATTACK, wanted: "write", granted: null }],
      }),
    );
    expect(foreignIn(String(await page))).toEqual([]);
  });
});

test("whoever has to sign in comes back to the page", async () => {
  expect(await linksOf(signInPage("/tasks/1?a=b&c=d"))).toContain(
    "/sign-in?return_to=%2Ftasks%2F1%3Fa%3Db%26c%3Dd",
  );
});
