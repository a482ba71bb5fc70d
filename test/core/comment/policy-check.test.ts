import { describe, expect, test } from "vitest";
import { policyCheckRun } from "../../../src/core/comment/policy-check.ts";

interface Files {
  readonly before?: string;
  readonly after?: string | null;
  readonly organization?: string;
  readonly repository?: string;
}

function found(text: string | null) {
  return text === "" ? null : { text };
}

/** The check run of a pull request that changes a file from one text to another; "" is no file. */
function runOf({ before = "", after = "", organization = "", repository = "hello" }: Files) {
  return policyCheckRun({
    repository,
    before: found(before),
    after: found(after),
    organization: found(organization),
  });
}

describe("a file with mistakes", () => {
  test("fails, with each mistake at its place", () => {
    expect(runOf({ after: "forks: perhaps\nlimit:\n  at_once: 3\n" })).toMatchInlineSnapshot(`
      {
        "annotations": [
          {
            "column": 8,
            "line": 1,
            "message": "\`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`",
          },
          {
            "column": 1,
            "line": 2,
            "message": "unknown key \`limit\`: did you mean \`limits\`?",
          },
        ],
        "conclusion": "failure",
        "summary": "\`.github/copilot-tasks.yml\` has 2 mistakes. If it's merged like this, nobody can start tasks here until that's fixed.

      - line 1, column 8: \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`
      - line 2, column 1: unknown key \`limit\`: did you mean \`limits\`?",
        "title": "2 mistakes",
      }
    `);
  });

  test("that is no text fails", () => {
    expect(runOf({ after: null })).toMatchObject({
      conclusion: "failure",
      annotations: [{ line: 1, column: 1, message: "The file is not a text, or far too large." }],
    });
  });

  test("has no more annotations than GitHub takes", () => {
    const keys = Array.from({ length: 60 }, (_, index) => `key${index}: 1\n`).join("");
    const { annotations, summary } = runOf({ after: keys });
    expect(annotations).toHaveLength(50);
    expect(summary).toContain("more");
  });
});

function listing(of: string) {
  const users = Array.from({ length: 12 }, (_, index) => `${of}-with-a-very-long-login-${index}`);
  return { allow: { users }, deny: { users } };
}

test("a summary that GitHub wouldn't take ends at the end of a line, and says so", () => {
  const kinds = Array.from(
    { length: 26 },
    (_, index) => `kind-${"xy"[index % 2]}${"z".repeat(index / 2)}`,
  );
  const fileOf = (...[label, command]: [string, string]) => {
    const rule = { label: listing(label), command: listing(command) };
    const prompts = Object.fromEntries(kinds.map((kind) => [kind, "Do it."]));
    return JSON.stringify({
      prompts,
      permissions: Object.fromEntries(kinds.map((kind) => [kind, rule])),
    });
  };
  const { title, summary } = runOf({ before: fileOf("a", "b"), after: fileOf("c", "d") });
  expect(title).toBe("Valid: 104 settings change");
  expect(summary.length).toBeGreaterThan(59_000);
  expect(summary.length).toBeLessThan(60_100);
  const [line, ...end] = summary.split("\n").slice(-3);
  expect(line).toMatch(/^\| `permissions.*\|$/u);
  expect(end).toEqual(["", "… and more, which doesn't fit here."]);
});

describe("a valid file", () => {
  test("passes, with what changes for whom", () => {
    const after = `
permissions:
  fix: { least: triage }
  review: { label: { least: admin } }
labels: { "copilot:port": port, "copilot:triage": null }
commands: { ask: null }
prompts: { port: Port it. }
limits: { requester: { hour: 3 } }
model: { fix: gpt-9 }
`;
    expect(runOf({ after })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.

      - Nobody may start \`triage\` anymore with a label.
      - People with triage access may now start \`fix\`.
      - People with write access may no longer start \`review\`: only people with admin access may do that with a label.
      - Nobody may start \`ask\` anymore.
      - People with write access may now start \`port\`.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`limits.requester.hour\` | \`10\` | \`3\` |
      | \`labels.copilot:triage\` | \`triage\` | none |
      | \`commands.ask\` | \`ask\`: Answers a question about this issue or pull request | none |
      | \`model.fix\` | Copilot's default | \`gpt-9\` |
      | \`labels.copilot:port\` | none | \`port\` |
      | \`prompts.port\` | none | a template of 8 characters |
      | \`permissions.fix.least\` | \`write\` | \`triage\` |
      | \`permissions.review.label.least\` | \`write\` | \`admin\` |",
        "title": "Valid: 8 settings change",
      }
    `);
  });

  test("is compared with the file that there is", () => {
    const before = "permissions: { default: { least: triage } }\n";
    const after = "permissions: { default: { least: maintain, allow: { users: [mona] } } }\n";
    expect(runOf({ before, after }).summary).toMatchInlineSnapshot(`
      "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.

      - People with triage access may no longer start \`triage\`: only people with maintain access may do that.
      - People with triage access may no longer start \`fix\`: only people with maintain access may do that.
      - People with triage access may no longer start \`review\`: only people with maintain access may do that.
      - People with triage access may no longer start \`ask\`: only people with maintain access may do that.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`permissions.default.least\` | \`triage\` | \`maintain\` |
      | \`permissions.default.allow\` | whoever has the role | \`mona\` |"
    `);
    expect(runOf({ before: after, after: before }).summary).toMatchInlineSnapshot(`
      "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.

      - People with triage access may now start \`triage\`.
      - People with triage access may now start \`fix\`.
      - People with triage access may now start \`review\`.
      - People with triage access may now start \`ask\`.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`permissions.default.least\` | \`maintain\` | \`triage\` |
      | \`permissions.default.allow\` | \`mona\` | whoever has the role |"
    `);
  });

  test("that changes nothing says so", () => {
    expect(runOf({ before: "qr: true\n", after: "# Nothing.\n" })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.",
        "title": "Valid: nothing changes",
      }
    `);
  });

  test("that takes the place of one with mistakes passes", () => {
    expect(runOf({ before: "forks: perhaps\n", after: "forks: base\n" })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.

      The file on the base branch has mistakes, so nobody can start tasks now. The changes below are those from the default settings.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`forks\` | \`deny\` | \`base\` |",
        "title": "Valid: 1 setting changes",
      }
    `);
  });

  test("may be deleted", () => {
    expect(runOf({ before: "forks: base\n" })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "This deletes \`.github/copilot-tasks.yml\`, or moves it away. When it's merged into the default branch, the default settings apply here, and what the organization's file says, if there is one.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`forks\` | \`base\` | \`deny\` |",
        "title": "Deleted: 1 setting changes",
      }
    `);
  });

  test("has only the effect that the organization's leaves it", () => {
    const organization = "enforced: [forks]\nforks: deny\n";
    expect(runOf({ organization, after: "forks: base\n" }).title).toBe("Valid: nothing changes");
  });

  test("beside an organization's with mistakes is neither right nor wrong", () => {
    expect(runOf({ organization: "forks: 1\n", after: "forks: base\n" })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "neutral",
        "summary": "\`.github/copilot-tasks.yml\` has no mistakes of its own. But the organization's file in its \`.github\` repository has, so nobody can start tasks here until that's fixed. \`/copilot config\` shows them.",
        "title": "The organization's file has mistakes",
      }
    `);
  });

  test("shows others' words as code", () => {
    const after = `trusted_apps: ["a"]\nbranches: { issues: "a|@octocat" }\n`;
    expect(runOf({ after }).summary).toContain(
      "| `branches.issues` | the default branch | `a\\|@octocat` |",
    );
  });
});

describe("beside an organization's file that isn't shown", () => {
  const hidden = { repository: "hello", organization: "hidden" } as const;

  test("a valid file shows what it says itself", () => {
    const before = "forks: base\nlabels: { 'copilot:triage': null }\n";
    const after = "forks: deny\npermissions: { fix: { least: triage } }\n";
    const files = { before: { text: before }, after: { text: after } };
    expect(policyCheckRun({ ...hidden, ...files })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.

      The organization has a file, too, which isn't shown here: not everybody who sees this repository can see its \`.github\` repository. It may have settings for what this file doesn't say, and enforce others.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`labels.copilot:triage\` | none | set by the organization, or default |
      | \`forks\` | \`base\` | \`deny\` |
      | \`permissions.fix.least\` | set by the organization, or default | \`triage\` |",
        "title": "Valid by itself: 3 settings change",
      }
    `);
  });

  test("a deleted one leaves everything to others", () => {
    const files = { before: { text: "forks: base\n" }, after: null };
    expect(policyCheckRun({ ...hidden, ...files })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "This deletes \`.github/copilot-tasks.yml\`, or moves it away. When it's merged into the default branch, the default settings apply here, and what the organization's file says, if there is one.

      The organization has a file, too, which isn't shown here: not everybody who sees this repository can see its \`.github\` repository. It may have settings for what this file doesn't say, and enforce others.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`forks\` | \`base\` | set by the organization, or default |",
        "title": "Deleted: 1 setting changes",
      }
    `);
  });

  test("a file that may need it is neither right nor wrong", () => {
    const after = { text: "labels: { 'copilot:port': port }\n" };
    expect(policyCheckRun({ ...hidden, before: null, after })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "neutral",
        "summary": "\`.github/copilot-tasks.yml\` is valid only together with the organization's file. The organization has a file, too, which isn't shown here: not everybody who sees this repository can see its \`.github\` repository. It may have settings for what this file doesn't say, and enforce others.

      - line 1, column 27: the kind \`port\` has no prompt in \`prompts\`: use one of \`triage\`, \`fix\`, \`review\`, \`ask\`",
        "title": "Valid only if the organization's file fits",
      }
    `);
    // What the base branch has may need it, too.
    const better = { text: "forks: base\n" };
    expect(policyCheckRun({ ...hidden, before: after, after: better })).toMatchObject({
      conclusion: "success",
      title: "Valid by itself: 1 setting changes",
    });
  });

  test("a file with mistakes fails", () => {
    const after = { text: "fork: base\n" };
    expect(policyCheckRun({ ...hidden, before: null, after })).toMatchObject({
      conclusion: "failure",
      annotations: [{ line: 1, column: 1 }],
    });
  });
});

describe("the organization's file", () => {
  test("may enforce sections", () => {
    const after = "enforced: [forks, permissions]\nforks: deny\n";
    expect(runOf({ repository: ".github", after })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for all repositories of the organization, as far as their own files don't say otherwise.

      | setting | now | when merged |
      | --- | --- | --- |
      | \`enforced\` | none | \`forks\`, \`permissions\` |

      - The organization enforces \`permissions\`, but not \`prompts\`, \`labels\` and \`commands\`: a repository can give the same work another name, for which the organization's rules for a kind don't hold. To close this, add \`prompts\`, \`labels\` and \`commands\` to \`enforced\`.",
        "title": "Valid: 1 setting changes",
      }
    `);
  });

  test("with mistakes stops its repositories", () => {
    expect(runOf({ repository: ".github", after: "enforced: [fork]\n" }).summary)
      .toMatchInlineSnapshot(`
        "\`.github/copilot-tasks.yml\` has 1 mistake. If it's merged like this, nobody can start tasks in the organization's repositories until that's fixed.

        - line 1, column 12: entry 1 of \`enforced\` must be one of \`labels\`, \`commands\`, \`prompts\`, \`permissions\`, \`branches\`, \`forks\`, \`limits\`, \`labels_after\`, \`context\`, \`permissions_policy\`, \`on_close\`, \`check_run\`, \`qr\`, \`create_labels\`, \`notify\`, \`session_limits\`, \`model\`, \`reasoning_effort\`, \`trusted_apps\`, \`identity\`, \`steering\`, \`runs_on\`, \`share\`, \`push\`, \`egress\`, \`checkout\`"
      `);
  });
});
