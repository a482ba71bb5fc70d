import { describe, expect, test } from "vitest";
import { commentMarker, renderComment } from "../../src/core/comment.ts";
import { sentenceOf } from "../../src/core/denial.ts";
import { documentedLink } from "../../src/core/link.ts";
import type { Task } from "../../src/core/task.ts";
import { COMMANDED, LINKED, PROMPTED, STARTED, taskWith } from "./task.ts";

const GITHUB = "https://github.com";

function commentOn(changes: Partial<Task>): string {
  return renderComment(taskWith(changes), GITHUB);
}

describe("a task that has begun", () => {
  test("by a label, with the link that the session told", () => {
    expect(commentOn(LINKED)).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e)**

      <sub>Asked by [octocat](https://github.com/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("by a command on a pull request, with the documented link", () => {
    const linkUrl = documentedLink(PROMPTED.sessionId);
    const comment = commentOn({
      ...COMMANDED,
      ...PROMPTED,
      branch: "feature/cache",
      sessionBranch: "feature/cache",
      linkUrl,
      linkSource: "documented",
    });
    expect(comment).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21)**

      <sub>Asked by [octocat](https://github.com/octocat) (command \`/copilot triage\`) · repository \`octo-org/hello\` · branch \`feature/cache\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("whose prompt is on its way", () => {
    const comment = commentOn({ ...STARTED, linkUrl: LINKED.linkUrl, linkSource: "session" });
    expect(comment).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e)**

      The prompt has not arrived yet: it is being sent again.

      <sub>Asked by [octocat](https://github.com/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("on a GitHub Enterprise Server", () => {
    const comment = renderComment(taskWith(LINKED), "https://ghe.example.com");
    expect(comment.match(/https:\/\/ghe\.example\.com\/\S+/gu)).toMatchInlineSnapshot(`
      [
        "https://ghe.example.com/octocat)",
        "https://ghe.example.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)",
      ]
    `);
  });

  test("whose session says nothing of what it has checked out", () => {
    const silent = { ...LINKED, sessionRepository: null, sessionBranch: null };
    expect(commentOn(silent)).toBe(commentOn(LINKED));
  });

  test("whose session writes the repository in other capitals", () => {
    const louder = { ...LINKED, sessionRepository: "Octo-Org/Hello" };
    expect(commentOn(louder)).toBe(commentOn(LINKED));
  });
});

describe("a session that has something else checked out", () => {
  test("another branch", () => {
    expect(commentOn({ ...LINKED, sessionBranch: "develop" })).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e)**

      > [!NOTE]
      > The session says that it started on branch \`develop\`. Its prompt tells it to check out branch \`main\` of \`octo-org/hello\` first.

      <sub>Asked by [octocat](https://github.com/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("another repository", () => {
    const comment = commentOn({ ...LINKED, sessionRepository: "octo-org/other" });
    expect(noteOf(comment)).toMatchInlineSnapshot(
      `"> The session says that it started on repository \`octo-org/other\`. Its prompt tells it to check out branch \`main\` of \`octo-org/hello\` first."`,
    );
  });

  test("both", () => {
    const both = { sessionRepository: "octo-org/other", sessionBranch: "develop" };
    expect(noteOf(commentOn({ ...LINKED, ...both }))).toMatchInlineSnapshot(
      `"> The session says that it started on repository \`octo-org/other\`, branch \`develop\`. Its prompt tells it to check out branch \`main\` of \`octo-org/hello\` first."`,
    );
  });

  test("a branch whose name differs only in its capitals", () => {
    expect(noteOf(commentOn({ ...LINKED, sessionBranch: "Main" }))).toMatchInlineSnapshot(
      `"> The session says that it started on branch \`Main\`. Its prompt tells it to check out branch \`main\` of \`octo-org/hello\` first."`,
    );
  });
});

describe("a task that is denied", () => {
  const denialText = sentenceOf({ reason: "fork" });

  test("says why, and who can change it", () => {
    const denied = { state: "failed", denial: "fork", denialText } as const;
    expect(commentOn({ ...COMMANDED, ...denied })).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage – not started

      This pull request comes from a fork, and the policy denies these: \`forks\` in \`.github/copilot-tasks.yml\`, which the repository's maintainers can change.

      No session was created.

      <sub>Asked by [octocat](https://github.com/octocat) (command \`/copilot triage\`) · repository \`octo-org/hello\` · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("before its kind is known is named by the label", () => {
    const denied = { state: "failed", denial: "fork", denialText, kind: null } as const;
    expect(commentOn({ ...denied, triggerLabel: "copilot:`x`" })).toContain(
      "### Copilot task: `` copilot:`x` `` – not started",
    );
  });
});

test("an answer about the bot itself", () => {
  const asked = { ...COMMANDED, kind: null, command: "help", answer: "| what |" };
  expect(commentOn(asked)).toMatchInlineSnapshot(`
    "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
    ### Copilot tasks: help

    | what |

    <sub>Asked by [octocat](https://github.com/octocat) (command \`/copilot help\`) · repository \`octo-org/hello\` · task \`0b4f9bd6\`</sub>
    "
  `);
});

test("what the prompt does not show of the subject is told", () => {
  const leftOut = "2 hidden comments were removed from the issue.";
  expect(commentOn({ ...LINKED, leftOut })).toMatchInlineSnapshot(`
    "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
    ### Copilot task: triage

    **[Follow the session in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e)**

    > [!NOTE]
    > 2 hidden comments were removed from the issue.

    <sub>Asked by [octocat](https://github.com/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
    "
  `);
});

test("the marker is the first line, and tells one task from another", () => {
  const { id } = taskWith();
  expect(commentMarker(id)).toBe("<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->");
  expect(commentOn(LINKED).split("\n")[0]).toBe(commentMarker(id));
});

test("the same task always gives the same comment", () => {
  expect(commentOn({ ...LINKED, attempt: 7, updatedAt: "2027-01-01T00:00:00.000Z" })).toBe(
    commentOn(LINKED),
  );
});

function noteOf(comment: string): string | undefined {
  return comment.split("\n").find((line) => line.startsWith("> The"));
}
