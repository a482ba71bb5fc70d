import { describe, expect, test } from "vitest";
import type { PolicyVersions } from "../../../src/core/comment/settings.ts";
import { describePolicy, describeProblems } from "../../../src/core/comment/settings.ts";
import { readMarkdown } from "../markdown.ts";
import { merged } from "../policy/files.ts";

const NONE: PolicyVersions = { repository: null, organization: null, organizationVisible: true };

function described(organization: string, repository: string, versions = NONE): string {
  const { policy, sources } = merged(organization, repository);
  return describePolicy(policy, sources, versions);
}

test("the built-in settings are shown as a table", () => {
  expect(described("", "")).toMatchInlineSnapshot(`
    "All settings have their default values.

    <details><summary>Settings with their default values (48)</summary>

    | setting | default value |
    | --- | --- |
    | \`forks\` | \`deny\` |
    | \`context\` | \`trusted\` |
    | \`permissions_policy\` | \`ask\` |
    | \`on_close\` | \`keep\` |
    | \`check_run\` | \`false\` |
    | \`qr\` | \`true\` |
    | \`create_labels\` | \`true\` |
    | \`notify.waiting\` | \`true\` |
    | \`notify.failed\` | \`true\` |
    | \`notify.completed\` | \`false\` |
    | \`branches.eligible\` | every branch |
    | \`branches.issues\` | the default branch |
    | \`limits.requester.hour\` | \`10\` |
    | \`limits.requester.day\` | no limit |
    | \`limits.repository.hour\` | no limit |
    | \`limits.repository.day\` | no limit |
    | \`limits.organization.hour\` | no limit |
    | \`limits.organization.day\` | \`200\` |
    | \`limits.at_once\` | \`5\` |
    | \`session_limits.ai_credits\` | no limit |
    | \`model.default\` | Copilot's default |
    | \`reasoning_effort.default\` | Copilot's default |
    | \`identity.default\` | the requester's, if accounts can be connected; otherwise the bot's |
    | \`steering\` | \`owner\` |
    | \`runs_on.default\` | \`cloud\` |
    | \`share.default\` | \`always\` |
    | \`push.default\` | \`never\` |
    | \`push.fix\` | \`pull-request\` |
    | \`egress\` | none |
    | \`checkout\` | none |
    | \`trusted_apps\` | none |
    | \`labels_after.remove_trigger\` | \`false\` |
    | \`labels_after.running\` | none |
    | \`labels_after.failed\` | none |
    | \`labels.copilot:triage\` | \`triage\` |
    | \`labels.copilot:fix\` | \`fix\` |
    | \`labels.copilot:review\` | \`review\` |
    | \`commands.triage\` | \`triage\`: Triages this issue or pull request |
    | \`commands.fix\` | \`fix\`: Fixes the problem in this issue or pull request |
    | \`commands.review\` | \`review\`: Reviews this pull request |
    | \`commands.ask\` | \`ask\`: Answers a question about this issue or pull request |
    | \`prompts.triage\` | built in |
    | \`prompts.fix\` | built in |
    | \`prompts.review\` | built in |
    | \`prompts.ask\` | built in |
    | \`permissions.default.least\` | \`write\` |
    | \`permissions.default.allow\` | whoever has the role |
    | \`permissions.default.deny\` | nobody |

    </details>

    - \`.github/copilot-tasks.yml\` in this repository: no file
    - \`.github/copilot-tasks.yml\` in the organization's \`.github\` repository: no file"
  `);
});

test("the files' settings are shown, with whose they are and which have no effect", () => {
  const organization = `
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
    organization: null,
    organizationVisible: false,
  };
  const builtIn = new Set(described("", "").split("\n"));
  const lines = described(organization, repository, versions).split("\n");
  expect(lines.filter((line) => !builtIn.has(line)).join("\n")).toMatchInlineSnapshot(`
    "12 settings differ from the defaults or can't be changed here:
    - \`forks\`: \`deny\` (organization, enforced; the repository says \`base\`, which has no effect)
    - \`branches.eligible\`: \`main\`, \`release/**\`, and of these only \`main\` (organization and repository, enforced)
    - \`limits.requester.hour\`: \`3\` (organization, enforced; the repository says \`5\`, which has no effect)
    - \`limits.at_once\`: \`3\` (repository, enforced)
    - \`labels_after.running\`: \`a|b\` (repository)
    - \`prompts.fix\`: \`.github/copilot/fix.md\` (repository)
    - \`prompts.ask\`: a template of 7 characters (repository)
    - \`permissions.fix.label.least\`: \`write\` (default, enforced; the repository says \`read\`, which has no effect)
    - \`permissions.fix.label.allow\`: \`octo-org/core\` (repository, enforced)
    - \`permissions.fix.deny\`: \`mallory\` (organization, enforced)
    - \`labels.copilot:fix\`: none (organization, enforced)
    - \`labels.copilot:port\`: none (default, enforced; the repository says \`fix\`, which has no effect)
    <details><summary>Settings with their default values (40)</summary>
    | \`branches.issues\` | the default branch, enforced |
    | \`limits.requester.day\` | no limit, enforced |
    | \`limits.repository.hour\` | no limit, enforced |
    | \`limits.repository.day\` | no limit, enforced |
    | \`limits.organization.hour\` | no limit, enforced |
    | \`limits.organization.day\` | \`200\`, enforced |
    | \`labels.copilot:triage\` | \`triage\`, enforced |
    | \`labels.copilot:review\` | \`review\`, enforced |
    | \`permissions.default.least\` | \`write\`, enforced |
    | \`permissions.default.allow\` | whoever has the role, enforced |
    | \`permissions.default.deny\` | nobody, enforced |
    - \`.github/copilot-tasks.yml\` in this repository: version \`7e06927\`
    - \`.github/copilot-tasks.yml\` in the organization's \`.github\` repository: the bot can't see this repository"
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

  test("is short enough, and says how much it leaves out", () => {
    const text = described("", many);
    expect(text.length).toBeLessThan(20_000);
    expect(text).toMatch(/\n\n… and \d+ more, which don't fit here\.\n\n<details>/u);
    expect(text).toContain("`.github/copilot-tasks.yml` in this repository: no file");
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
    expect(reading.html.join("")).toMatch(/^<details><summary>[^<]*<\/summary><\/details>$/u);
    for (const line of text.split("\n").filter((row) => row.startsWith("| "))) {
      const bars = line.replaceAll("\\|", "").match(/\|/gu);
      expect(bars, line).toHaveLength(3);
    }
  });
});

test("problems are shown with the file, and the line and column of each", () => {
  const problems = [
    { line: 3, column: 5, message: "unknown key `lables`: did you mean `labels`?" },
    { line: 7, column: 1, message: "`forks` must be one of `deny`" },
  ];
  const where = "https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml";
  expect(describeProblems(problems, "repository", where)).toMatchInlineSnapshot(`
    "The [policy file of this repository](https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml) has problems:

    - line 3, column 5: unknown key \`lables\`: did you mean \`labels\`?
    - line 7, column 1: \`forks\` must be one of \`deny\`"
  `);
  expect(describeProblems(problems.slice(1), "organization", where)).toMatchInlineSnapshot(`
    "The [policy file of the organization](https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml) has problems:

    - line 7, column 1: \`forks\` must be one of \`deny\`"
  `);
});
