import { describe, expect, test } from "vitest";
import { problemsIn } from "./files.ts";

describe("problems are reported, with line and column, of", () => {
  test("keys", () => {
    expect(
      problemsIn(`lables:
  copilot:fix: fix
limits:
  organizations: { hour: 1 }
  requester: { our: 1 }
branches: { x: 1 }
session_limits: { tokens: 3 }
"a\\u2028b @everyone <!-- \`": 1
`),
    ).toMatchInlineSnapshot(`
      [
        "1:1 unknown key \`lables\`: did you mean \`labels\`?",
        "4:3 unknown key \`organizations\`: did you mean \`organization\`?",
        "5:16 unknown key \`our\`: did you mean \`hour\`?",
        "6:13 unknown key \`x\`: use one of \`eligible\`, \`issues\`",
        "7:19 unknown key \`tokens\`: the only one is \`ai_credits\`",
        "8:1 unknown key \`\` a b @everyone <!-- \` \`\`: use one of \`labels\`, \`commands\`, \`prompts\`, \`permissions\`, \`branches\`, \`forks\`, \`limits\`, \`labels_after\`, \`context\`, \`permissions_policy\`, \`on_close\`, \`check_run\`, \`qr\`, \`create_labels\`, \`notify\`, \`session_limits\`, \`model\`, \`reasoning_effort\`, \`trusted_apps\`, \`identity\`, \`steering\`, \`runs_on\`, \`share\`, \`push\`, \`egress\`, \`checkout\`, \`enforced\`",
      ]
    `);
  });

  test("choices, numbers and truth values", () => {
    expect(
      problemsIn(`forks: never
context: no
permissions_policy: true
on_close: 5
check_run: on
limits:
  requester: { hour: 0, day: 1.5 }
  repository: { hour: 100001, day: "5" }
  at_once: -1
labels_after: { remove_trigger: yes, running: 5, failed: " x" }
session_limits: { ai_credits: .inf }
`),
    ).toMatchInlineSnapshot(`
      [
        "1:8 \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`",
        "2:10 \`context\` must be one of \`trusted\`, \`all\`",
        "3:21 \`permissions_policy\` must be one of \`approve\`, \`deny-writes-to-default-branch\`, \`ask\`; \`true\` without quotes is a boolean",
        "4:11 \`on_close\` must be one of \`keep\`, \`stop\`; \`5\` without quotes is a number",
        "5:12 \`check_run\` must be \`true\` or \`false\`; \`on\` is a string in YAML",
        "7:22 \`limits.requester.hour\` must be a whole number from 1 to 100,000",
        "7:30 \`limits.requester.day\` must be a whole number from 1 to 100,000",
        "8:23 \`limits.repository.hour\` must be a whole number from 1 to 100,000",
        "8:36 \`limits.repository.day\` must be a whole number from 1 to 100,000",
        "9:12 \`limits.at_once\` must be a whole number from 1 to 1,000",
        "10:33 \`labels_after.remove_trigger\` must be \`true\` or \`false\`; \`yes\` is a string in YAML",
        "10:47 \`labels_after.running\` must be a label name: 1 to 50 characters, without leading or trailing spaces; \`5\` without quotes is a number",
        "10:58 \`labels_after.failed\` must be a label name: 1 to 50 characters, without leading or trailing spaces",
        "11:31 \`session_limits.ai_credits\` must be a whole number from 30 to 1,000,000",
      ]
    `);
  });

  test("mappings and lists that are none", () => {
    expect(
      problemsIn(`labels: [copilot:fix]
commands: triage
prompts: 5
permissions: { fix: write, review: { label: maintain, allow: [ada] } }
branches: { eligible: main }
limits: { requester: 5 }
labels_after:
forks:
`),
    ).toMatchInlineSnapshot(`
      [
        "1:9 \`labels\` must be a mapping of labels to kinds, like \`copilot:triage: triage\`",
        "2:11 \`commands\` must be a mapping of names to kinds, like \`triage: triage\`",
        "3:10 \`prompts\` must be a mapping of kinds to Liquid templates",
        "4:21 \`permissions.fix\` must be a mapping with the keys \`least\`, \`allow\`, \`deny\`, \`label\`, \`command\`",
        "4:45 \`permissions.review.label\` must be a mapping with the keys \`least\`, \`allow\`, \`deny\`",
        "4:62 \`permissions.review.allow\` must be a mapping with the keys \`users\`, \`teams\`",
        "5:23 \`branches.eligible\` must be a list of patterns, like \`main\` and \`release/**\`",
        "6:22 \`limits.requester\` must be a mapping with the keys \`hour\`, \`day\`",
        "7:14 \`labels_after\` must be a mapping with the keys \`remove_trigger\`, \`running\`, \`failed\`; it's empty",
        "8:7 \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`; it's empty",
      ]
    `);
  });

  test("labels", () => {
    expect(
      problemsIn(`labels:
  bug: triage
  Copilot:fix: fix
  "copilot:": fix
  "copilot: x": fix
  copilot:${"x".repeat(43)}: fix
  copilot:a: Fix It
  copilot:b: 5
  copilot:c: default
  copilot:d: review
  copilot:D: review
labels_after:
  running: "${"y".repeat(51)}"
`),
    ).toMatchInlineSnapshot(`
      [
        "2:3 \`bug\` must begin with \`copilot:\`, so that everyone can see that the label starts tasks",
        "3:3 \`Copilot:fix\` must begin with \`copilot:\`, so that everyone can see that the label starts tasks",
        "4:3 \`copilot:\` must have 1 to 42 characters after \`copilot:\`, without leading or trailing spaces",
        "5:3 \`copilot: x\` must have 1 to 42 characters after \`copilot:\`, without leading or trailing spaces",
        "6:3 \`copilot:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\` must have 1 to 42 characters after \`copilot:\`, without leading or trailing spaces",
        "7:14 \`labels.copilot:a\` must be the name of a kind: 1 to 30 lowercase letters and hyphens, starting with a letter",
        "8:14 \`labels.copilot:b\` must be the name of a kind: 1 to 30 lowercase letters and hyphens, starting with a letter; \`5\` without quotes is a number",
        "9:14 \`labels.copilot:c\` can't be the name of a kind: under \`permissions\` it stands for all other kinds",
        "11:3 \`copilot:D\` is the same label as \`copilot:d\`: GitHub ignores case",
        "13:12 \`labels_after.running\` must be a label name: 1 to 50 characters, without leading or trailing spaces",
      ]
    `);
  });

  test("commands", () => {
    expect(
      problemsIn(`commands:
  status: triage
  help: triage
  Fix: fix
  ${"a".repeat(31)}: fix
  a: { kind: fix, descripton: x }
  b: { description: x }
  c: { kind: fix, example: "two\\nlines", description: "" }
  d: [fix]
  e: 5
`),
    ).toMatchInlineSnapshot(`
      [
        "2:3 \`status\` is one of the bot's own commands: choose another name",
        "3:3 \`help\` is one of the bot's own commands: choose another name",
        "4:3 \`Fix\` must be 1 to 30 lowercase letters and hyphens, starting with a letter",
        "5:3 \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\` must be 1 to 30 lowercase letters and hyphens, starting with a letter",
        "6:19 unknown key \`descripton\`: did you mean \`description\`?",
        "7:3 \`commands.b.kind\` is missing",
        "8:28 \`commands.c.example\` must be one line of 1 to 200 characters",
        "8:55 \`commands.c.description\` must be one line of 1 to 200 characters",
        "9:6 \`commands.d\` must be a kind, or a mapping with \`kind\`, \`description\`, and \`example\`",
        "10:6 \`commands.e\` must be a kind, or a mapping with \`kind\`, \`description\`, and \`example\`; \`5\` without quotes is a number",
      ]
    `);
  });

  test("people and roles", () => {
    expect(
      problemsIn(`permissions:
  default: { least: none }
  fix:
    users: [a]
    label:
      allow:
        users: ["@ada", 123, octo-org/core]
        teams: [core, "@octo-org/core"]
    command: { deny: { users: ada } }
  Fix: {}
`),
    ).toMatchInlineSnapshot(`
      [
        "2:21 \`permissions.default.least\` must be one of \`read\`, \`triage\`, \`write\`, \`maintain\`, \`admin\`",
        "4:5 unknown key \`users\`: use one of \`least\`, \`allow\`, \`deny\`, \`label\`, \`command\`",
        "7:17 entry 1 of \`permissions.fix.label.allow.users\` must be a GitHub login without \`@\`, like \`octocat\`",
        "7:25 entry 2 of \`permissions.fix.label.allow.users\` must be a GitHub login without \`@\`, like \`octocat\`; \`123\` without quotes is a number",
        "7:30 entry 3 of \`permissions.fix.label.allow.users\` must be a GitHub login without \`@\`, like \`octocat\`",
        "8:17 entry 1 of \`permissions.fix.label.allow.teams\` must be an organization and a team's slug without \`@\`, like \`octo-org/core\`",
        "8:23 entry 2 of \`permissions.fix.label.allow.teams\` must be an organization and a team's slug without \`@\`, like \`octo-org/core\`",
        "9:31 \`permissions.fix.command.deny.users\` must be a list of logins",
        "10:3 \`Fix\` must be 1 to 30 lowercase letters and hyphens, starting with a letter",
      ]
    `);
  });

  test("branches", () => {
    expect(
      problemsIn(`branches:
  eligible:
    - "a*b*c*"
    - "!main"
    - "{a,b}"
    - "+(a|b)"
    - "***"
    - "${"x".repeat(201)}"
    - ""
    - 1
  issues: "a b"
`),
    ).toMatchInlineSnapshot(`
      [
        "3:7 entry 1 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "4:7 entry 2 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "5:7 entry 3 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "6:7 entry 4 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "7:7 entry 5 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "8:7 entry 6 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "9:7 entry 7 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`",
        "10:7 entry 8 of \`branches.eligible\` must be a branch name or a pattern of at most 200 characters: letters, digits, \`._/@#+=,%&-\`, any number of \`?\`, and at most two of \`*\` and \`**\`; \`1\` without quotes is a number",
        "11:11 \`branches.issues\` must be a branch name: 1 to 244 characters without spaces and without \`~^:?*[\\\`",
      ]
    `);
    expect(problemsIn("branches: { eligible: [], issues: a..b }")).toMatchInlineSnapshot(`
      [
        "1:23 \`branches.eligible\` must have an entry; to make every branch eligible, remove the key",
      ]
    `);
  });

  test("what is enforced", () => {
    const text = "forks: deny\nenforced: [forks, limit, forks]\n";
    expect(problemsIn(text, "organization")).toMatchInlineSnapshot(`
      [
        "2:19 entry 2 of \`enforced\` must be one of \`labels\`, \`commands\`, \`prompts\`, \`permissions\`, \`branches\`, \`forks\`, \`limits\`, \`labels_after\`, \`context\`, \`permissions_policy\`, \`on_close\`, \`check_run\`, \`qr\`, \`create_labels\`, \`notify\`, \`session_limits\`, \`model\`, \`reasoning_effort\`, \`trusted_apps\`, \`identity\`, \`steering\`, \`runs_on\`, \`share\`, \`push\`, \`egress\`, \`checkout\`",
      ]
    `);
    expect(problemsIn("enforced: false\n", "organization")).toMatchInlineSnapshot(`
      [
        "1:11 \`enforced\` must be \`true\` or a list of sections, like \`[forks, limits]\`; \`false\` without quotes is a boolean",
      ]
    `);
    expect(problemsIn("forks: deny\nenforced: true\n")).toMatchInlineSnapshot(`
      [
        "2:1 \`enforced\` works only in the organization's file: a repository can't enforce anything",
      ]
    `);
    expect(problemsIn("enforced: [x]\n")).toMatchInlineSnapshot(`
      [
        "1:1 \`enforced\` works only in the organization's file: a repository can't enforce anything",
        "1:12 entry 1 of \`enforced\` must be one of \`labels\`, \`commands\`, \`prompts\`, \`permissions\`, \`branches\`, \`forks\`, \`limits\`, \`labels_after\`, \`context\`, \`permissions_policy\`, \`on_close\`, \`check_run\`, \`qr\`, \`create_labels\`, \`notify\`, \`session_limits\`, \`model\`, \`reasoning_effort\`, \`trusted_apps\`, \`identity\`, \`steering\`, \`runs_on\`, \`share\`, \`push\`, \`egress\`, \`checkout\`",
      ]
    `);
  });

  test("too many entries", () => {
    const names = Array.from({ length: 51 }, (_, index) =>
      "abcdefghij"[index % 10]?.repeat(1 + Math.floor(index / 10)),
    );
    const entries = names.map((name) => `  ${name}: fix\n`).join("");
    expect(problemsIn(`commands:\n${entries}`)).toMatchInlineSnapshot(`
      [
        "2:3 \`commands\` must have at most 50 entries",
      ]
    `);
    const labels = names.map((name) => `  copilot:${name}: fix\n`).join("");
    expect(problemsIn(`labels:\n${labels}`)).toMatchInlineSnapshot(`
      [
        "2:3 \`labels\` must have at most 50 entries",
      ]
    `);
    const users = `[${"ada, ".repeat(101)}]`;
    expect(problemsIn(`permissions: { fix: { deny: { users: ${users} } } }`))
      .toMatchInlineSnapshot(`
      [
        "1:38 \`permissions.fix.deny.users\` must have at most 100 entries",
      ]
    `);
    const patterns = `[${"main, ".repeat(51)}]`;
    expect(problemsIn(`branches: { eligible: ${patterns} }`)).toMatchInlineSnapshot(`
      [
        "1:23 \`branches.eligible\` must have at most 50 entries",
      ]
    `);
  });
});
