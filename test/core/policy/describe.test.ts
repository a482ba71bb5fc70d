import { describe, expect, test } from "vitest";
import type { PolicyVersions } from "../../../src/core/policy/describe.ts";
import { describePolicy, describeProblems } from "../../../src/core/policy/describe.ts";
import { readMarkdown } from "../markdown.ts";
import { merged } from "./files.ts";

const NONE: PolicyVersions = { repository: null, organisation: null, organisationVisible: true };

function described(organisation: string, repository: string, versions = NONE): string {
  const { policy, sources } = merged(organisation, repository);
  return describePolicy(policy, sources, versions);
}

test("what is built in is told as a table", () => {
  expect(described("", "")).toMatchInlineSnapshot(`
    "| setting | value | from |
    | --- | --- | --- |
    | \`forks\` | \`deny\` | built in |
    | \`context\` | \`trusted\` | built in |
    | \`permissions_policy\` | \`ask\` | built in |
    | \`on_close\` | \`keep\` | built in |
    | \`check_run\` | \`false\` | built in |
    | \`branches.eligible\` | \`every branch\` | built in |
    | \`branches.issues\` | \`the default branch\` | built in |
    | \`limits.requester.hour\` | \`no limit\` | built in |
    | \`limits.requester.day\` | \`no limit\` | built in |
    | \`limits.repository.hour\` | \`no limit\` | built in |
    | \`limits.repository.day\` | \`no limit\` | built in |
    | \`limits.organisation.hour\` | \`no limit\` | built in |
    | \`limits.organisation.day\` | \`no limit\` | built in |
    | \`limits.at_once\` | \`no limit\` | built in |
    | \`session_limits.ai_credits\` | \`no limit\` | built in |
    | \`labels_after.remove_trigger\` | \`false\` | built in |
    | \`labels_after.running\` | \`none\` | built in |
    | \`labels_after.failed\` | \`none\` | built in |
    | \`labels.copilot:triage\` | \`triage\` | built in |
    | \`labels.copilot:fix\` | \`fix\` | built in |
    | \`labels.copilot:review\` | \`review\` | built in |
    | \`commands.triage\` | \`triage: Triages this issue or pull request.\` | built in |
    | \`commands.fix\` | \`fix: Mends what this issue or pull request is about.\` | built in |
    | \`commands.review\` | \`review: Reviews this pull request.\` | built in |
    | \`commands.ask\` | \`ask: Answers a question about this issue or pull request.\` | built in |
    | \`prompts.triage\` | \`built in\` | built in |
    | \`prompts.fix\` | \`built in\` | built in |
    | \`prompts.review\` | \`built in\` | built in |
    | \`prompts.ask\` | \`built in\` | built in |
    | \`permissions.default.least\` | \`write\` | built in |
    | \`permissions.default.allow\` | \`whoever has the role\` | built in |
    | \`permissions.default.deny\` | \`nobody\` | built in |

    - \`.github/copilot-tasks.yml\` of this repository: no file
    - \`.github/copilot-tasks.yml\` of the organisation's \`.github\` repository: no file
    "
  `);
});

test("what the files say is told, with whose it is and what has no effect", () => {
  const organisation = `
forks: deny
limits: { requester: { hour: 3 } }
labels: { copilot:fix: null }
branches: { eligible: [main, "release/**"] }
permissions: { fix: { deny: { users: [Mallory] } } }
enforced: [forks, limits, labels, permissions, branches]
`;
  const repository = `
forks: base
limits: { requester: { hour: 5 }, at_once: 3 }
labels: { copilot:port: fix }
branches: { eligible: [main] }
prompts: { fix: { path: .github/copilot/fix.md }, ask: "Answer." }
permissions: { fix: { label: { least: read, allow: { teams: [octo-org/core] } } } }
labels_after: { running: "a|b" }
`;
  const versions = {
    repository: "7e069271b2ee5d2b3d3c9b6a9b0f3a2d1c4e5f60",
    organisation: null,
    organisationVisible: false,
  };
  const builtIn = new Set(described("", "").split("\n"));
  const lines = described(organisation, repository, versions).split("\n");
  expect(lines.filter((line) => !builtIn.has(line)).join("\n")).toMatchInlineSnapshot(`
    "| \`forks\` | \`deny\` | organisation, enforced; \`base\` of the repository has no effect |
    | \`branches.eligible\` | \`main, release/** – and among them – main\` | organisation and repository, enforced |
    | \`branches.issues\` | \`the default branch\` | built in, enforced |
    | \`limits.requester.hour\` | \`3\` | organisation, enforced; \`5\` of the repository has no effect |
    | \`limits.requester.day\` | \`no limit\` | built in, enforced |
    | \`limits.repository.hour\` | \`no limit\` | built in, enforced |
    | \`limits.repository.day\` | \`no limit\` | built in, enforced |
    | \`limits.organisation.hour\` | \`no limit\` | built in, enforced |
    | \`limits.organisation.day\` | \`no limit\` | built in, enforced |
    | \`limits.at_once\` | \`3\` | repository, enforced |
    | \`labels_after.running\` | \`a\\|b\` | repository |
    | \`labels.copilot:triage\` | \`triage\` | built in, enforced |
    | \`labels.copilot:review\` | \`review\` | built in, enforced |
    | \`prompts.fix\` | \`.github/copilot/fix.md\` | repository |
    | \`prompts.ask\` | \`inline, 7 characters\` | repository |
    | \`permissions.default.least\` | \`write\` | built in, enforced |
    | \`permissions.default.allow\` | \`whoever has the role\` | built in, enforced |
    | \`permissions.default.deny\` | \`nobody\` | built in, enforced |
    | \`permissions.fix.label.least\` | \`write\` | built in, enforced; \`read\` of the repository has no effect |
    | \`permissions.fix.label.allow\` | \`octo-org/core\` | repository, enforced |
    | \`permissions.fix.deny\` | \`mallory\` | organisation, enforced |
    | \`labels.copilot:fix\` | \`none\` | organisation, enforced |
    | \`labels.copilot:port\` | \`none\` | built in, enforced; \`fix\` of the repository has no effect |
    - \`.github/copilot-tasks.yml\` of this repository: version \`7e069271b2ee5d2b3d3c9b6a9b0f3a2d1c4e5f60\`
    - \`.github/copilot-tasks.yml\` of the organisation's \`.github\` repository: the bot sees no such repository"
  `);
});

describe("whatever is in the files, the description", () => {
  const names = Array.from({ length: 50 }, (_, index) =>
    `${"abcdefghij"[index % 10]}-${"x".repeat(Math.floor(index / 10))}`.padEnd(29, "y"),
  );
  const many = JSON.stringify({
    labels: Object.fromEntries(names.map((name) => [`copilot:${name}`, name])),
    commands: Object.fromEntries(
      names.map((name) => [name, { kind: name, description: "z".repeat(200) }]),
    ),
    prompts: Object.fromEntries(names.map((name) => [name, "Work."])),
    permissions: Object.fromEntries(
      names.map((name) => [
        name,
        { least: "admin", deny: { users: names.slice(0, 9) }, label: { least: "read" } },
      ]),
    ),
  });

  test("is short enough, and tells how much it leaves out", () => {
    const text = described("", many);
    expect(text.length).toBeLessThan(20_000);
    expect(text).toMatch(/\n\n… and \d+ more settings, which do not fit here\.\n\n- /u);
    expect(text).toContain("| `forks` | `deny` | built in |");
    expect(text).toContain("`.github/copilot-tasks.yml` of this repository: no file");
  });

  test("mentions nobody and formats nothing", () => {
    const nasty = "@octocat | <b>`x` \\| [a](https://evil.example) <!--";
    const text = described(
      "",
      JSON.stringify({
        labels: { "copilot:@octocat | <!-- \\|": "triage" },
        commands: { triage: { kind: "triage", description: nasty, example: nasty } },
        labels_after: { running: "@octocat `|` <!--", failed: "](https://evil.example)" },
        permissions: { default: { allow: { users: ["octocat"], teams: ["octo-org/octocat"] } } },
        branches: { eligible: ["@octocat"], issues: "@octocat|<b>" },
      }),
    );
    const reading = readMarkdown(text);
    expect(reading.words).not.toContain("octocat");
    expect(reading.links).toEqual([]);
    expect(reading.html).toEqual([]);
    for (const line of text.split("\n").filter((row) => row.startsWith("| "))) {
      const bars = line.replaceAll("\\|", "").match(/\|/gu);
      expect(bars, line).toHaveLength(4);
    }
  });
});

test("problems are told with the file, and line and column of each", () => {
  const problems = [
    { line: 3, column: 5, message: "unknown key `lables`: did you mean `labels`?" },
    { line: 7, column: 1, message: "`forks` must be one of `deny`" },
  ];
  const where = "https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml";
  expect(describeProblems(problems, "repository", where)).toMatchInlineSnapshot(`
    "The [policy file of this repository](https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml) is wrong:

    - line 3, column 5: unknown key \`lables\`: did you mean \`labels\`?
    - line 7, column 1: \`forks\` must be one of \`deny\`"
  `);
  expect(describeProblems(problems.slice(1), "organisation", where)).toMatchInlineSnapshot(`
    "The [policy file of the organisation](https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml) is wrong:

    - line 7, column 1: \`forks\` must be one of \`deny\`"
  `);
});
