import { describe, expect, test } from "vitest";
import { GITHUB_COM, hostsOf } from "../../../src/core/github/hosts.ts";
import { commentMarker, renderComment } from "../../../src/core/comment/comment.ts";
import { denialSentence } from "../../../src/core/comment/denied.ts";
import { documentedLink } from "../../../src/core/session/link.ts";
import type { Layer } from "../task.ts";
import {
  COMMANDED,
  LINK,
  LINKED,
  PROMPTED,
  SESSION_ID,
  STARTED,
  answered,
  denied,
  over,
  taskWith,
} from "../task.ts";

const SERVER = hostsOf({ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "https" });

function commentOn(changes: Layer): string {
  return renderComment(taskWith(changes), GITHUB_COM);
}

describe("a task that has begun", () => {
  test("by a label, with the link that the session reported", () => {
    expect(commentOn(LINKED)).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### 🚀 Copilot started: triage

      [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("by a command on a pull request, with the documented link", () => {
    const linkUrl = documentedLink(GITHUB_COM, SESSION_ID);
    const comment = commentOn(
      over(COMMANDED, PROMPTED, {
        decision: { branch: "feature/cache" },
        session: { branch: "feature/cache", link: { url: linkUrl, source: "documented" } },
      }),
    );
    expect(comment).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### 🚀 Copilot started: triage

      [Open session](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21) (or find it in the [list of sessions](https://github.com/copilot/agents))

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with \`/copilot triage\`
      - Repository \`octo-org/hello\`, branch \`feature/cache\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("whose prompt is being sent", () => {
    const comment = commentOn(
      over(STARTED, { session: { link: { url: LINK, source: "session" } } }),
    );
    expect(comment).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### ⏳ Copilot is starting: triage

      [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      The session hasn't received the request yet. I'm still trying to deliver it.

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("on a GitHub Enterprise Server", () => {
    const comment = renderComment(taskWith(LINKED), SERVER);
    expect(comment.match(/https:\/\/ghe\.example\.com\/\S+/gu)).toMatchInlineSnapshot(`
      [
        "https://ghe.example.com/octocat)",
        "https://ghe.example.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)",
      ]
    `);
  });

  test("whose session doesn't report what it has checked out", () => {
    const silent = over(LINKED, { session: { repository: null, branch: null } });
    expect(commentOn(silent)).toBe(commentOn(LINKED));
  });

  test("whose session writes the repository in other capitals", () => {
    const louder = over(LINKED, { session: { repository: "Octo-Org/Hello" } });
    expect(commentOn(louder)).toBe(commentOn(LINKED));
  });
});

describe("a session that has something else checked out", () => {
  test("another branch", () => {
    expect(commentOn(over(LINKED, { session: { branch: "develop" } }))).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### 🚀 Copilot started: triage

      [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
      - The session started on branch \`develop\`. Its prompt asks it to check out \`main\` first.
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("another repository", () => {
    const comment = commentOn(over(LINKED, { session: { repository: "octo-org/other" } }));
    expect(noteOf(comment)).toMatchInlineSnapshot(
      `"> The session started in another repository, \`octo-org/other\`. Its prompt asks it to check out branch \`main\` of \`octo-org/hello\` first."`,
    );
  });

  test("both", () => {
    const both = { session: { repository: "octo-org/other", branch: "develop" } };
    expect(noteOf(commentOn({ ...LINKED, ...both }))).toMatchInlineSnapshot(`undefined`);
  });

  test("a branch whose name differs only in its capitals", () => {
    expect(noteOf(commentOn(over(LINKED, { session: { branch: "Main" } })))).toMatchInlineSnapshot(
      `undefined`,
    );
  });
});

describe("a task that is denied", () => {
  const denialText = denialSentence({ reason: "fork" });

  test("says why, and who can change it", () => {
    const refused = { state: "failed", outcome: denied("fork", denialText) } as const;
    expect(commentOn(over(COMMANDED, refused))).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### 🚫 Copilot didn't start: triage

      This pull request comes from a fork, and the policy doesn't allow that. Maintainers can change this: \`forks\` in \`.github/copilot-tasks.yml\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with \`/copilot triage\`
      - Repository \`octo-org/hello\`
      - Reason \`fork\`
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("before its kind is known is named by the label", () => {
    const refused = {
      state: "failed",
      decision: { kind: null },
      outcome: denied("fork", denialText),
    } as const;
    expect(commentOn(over(refused, { trigger: { name: "copilot:`x`" } }))).toContain(
      "### 🚫 Copilot didn't start: `` copilot:`x` ``",
    );
  });

  test.each(["gh-1", "a1b2c3d", "deadbeef1"])("doesn't refer by the name %s", (name) => {
    const unknown = { decision: { kind: null }, trigger: { name } } as const;
    const refused = { state: "failed", outcome: denied("unknown_command", "No.") } as const;
    expect(commentOn(over(COMMANDED, unknown, refused))).toContain(
      `### 🚫 Copilot didn't start: \`${name}\`\n`,
    );
  });
});

test("an answer about the bot itself", () => {
  const asked = over(COMMANDED, {
    decision: { kind: null },
    trigger: { name: "help" },
    outcome: answered("| what |"),
  });
  expect(commentOn(asked)).toMatchInlineSnapshot(`
    "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
    ### 💡 Copilot commands

    | what |

    <details><summary>Details</summary>

    - Requested by [octocat](https://github.com/octocat) with \`/copilot help\`
    - Repository \`octo-org/hello\`
    - Task \`0b4f9bd6\`

    </details>
    "
  `);
});

test("the comment lists what the prompt leaves out of the subject", () => {
  const leftOut = "2 hidden comments were removed from the issue.";
  expect(commentOn(over(LINKED, { session: { prompt: { leftOut } } }))).toMatchInlineSnapshot(`
    "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
    ### 🚀 Copilot started: triage

    [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

    <details><summary>Details</summary>

    - Requested by [octocat](https://github.com/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
    - Prompt: 2 hidden comments were removed from the issue.
    - Task \`0b4f9bd6\`

    </details>
    "
  `);
});

test("the marker is the first line, and differs from task to task", () => {
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
