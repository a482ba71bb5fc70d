import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { stopMissed } from "../../../src/core/comment/outcome.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import type { FailureCode } from "../../../src/core/task/failure.ts";
import { documentedLink } from "../../../src/core/session/link.ts";
import type { Layer } from "../task.ts";
import {
  ADMITTED,
  ASKED,
  COMMANDED,
  PROMPTED,
  SESSION_ID,
  STARTED,
  failed,
  over,
  taskWith,
} from "../task.ts";

function commentOn(changes: Layer): string {
  return renderComment(taskWith(changes), GITHUB_COM);
}

/** A failure's text, paragraph by paragraph, without headline and facts. */
function bodyOf(changes: Layer): string[] {
  const [shown = ""] = commentOn(changes).split("\n\n<details>");
  return shown.split("\n\n").slice(1);
}

describe("a task that failed", () => {
  const link = {
    session: { link: { url: documentedLink(GITHUB_COM, SESSION_ID), source: "documented" } },
  } as const;
  const before = { ...ADMITTED, state: "failed" } as const;
  const during = { ...ASKED, state: "failed" } as const;
  const after = over(STARTED, link, { state: "failed" });

  test("whole", () => {
    expect(commentOn(over(before, { outcome: failed("policy_blocked") }))).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### ❌ Copilot couldn't start: triage

      > [!WARNING]
      > **A Copilot policy doesn't allow this session** (\`policy_blocked\`).
      >
      > An organization owner can allow Copilot cloud agent in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If an enterprise policy applies, an enterprise owner can change it under **AI controls** in [the enterprise's settings](https://github.com/settings/enterprises).

      No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("by a command to a session: no session was to be created", () => {
    const approve = over(COMMANDED, { trigger: { name: "approve" }, decision: { kind: null } });
    const comment = commentOn(
      over(approve, { state: "failed", outcome: failed("bad_credentials") }),
    );
    expect(comment.split("\n\n<details>")[0]).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### ❌ Command failed: \`/copilot approve\`

      > [!WARNING]
      > **Copilot didn't accept the token that the bot uses** (\`bad_credentials\`).
      >
      > The token expired, was revoked, or lacks a permission. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.

      Once that's fixed, write your command again in a new comment."
    `);
  });

  test("whole, by a command, with a session", () => {
    const comment = commentOn(over(after, COMMANDED, { outcome: failed("prompt_not_delivered") }));
    expect(comment).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### ❌ Copilot didn't confirm your request: triage

      > [!WARNING]
      > **The session started but didn't confirm that it received your request** (\`prompt_not_delivered\`).
      >
      > Open the session. If your request isn't there, send it there.

      A session exists: [open it](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21), or find it in the [list of sessions](https://github.com/copilot/agents), before you start another one. To try again, comment \`/copilot retry 0b4f9bd6\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://github.com/octocat) with \`/copilot triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567)
      - Task \`0b4f9bd6\`

      </details>
      "
    `);
  });

  test("after its prompt was delivered", () => {
    const comment = commentOn(over(PROMPTED, link, { outcome: failed("runtime_crashed") }));
    expect(comment.split("\n")[1]).toMatchInlineSnapshot(`"### ❌ Something went wrong: triage"`);
  });

  test("policy_blocked", () => {
    expect(bodyOf(over(before, { outcome: failed("policy_blocked") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **A Copilot policy doesn't allow this session** (\`policy_blocked\`).
      >
      > An organization owner can allow Copilot cloud agent in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If an enterprise policy applies, an enterprise owner can change it under **AI controls** in [the enterprise's settings](https://github.com/settings/enterprises).",
        "No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("not_entitled", () => {
    expect(bodyOf(over(before, { outcome: failed("not_entitled") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **The Copilot account that the bot uses isn't entitled to Copilot cloud sessions** (\`not_entitled\`).
      >
      > An organization owner can give that account a license in [octo-org's Copilot access settings](https://github.com/organizations/octo-org/settings/copilot/seat_management).",
        "No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("bad_credentials", () => {
    expect(bodyOf(over(before, { outcome: failed("bad_credentials") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **Copilot didn't accept the token that the bot uses** (\`bad_credentials\`).
      >
      > The token expired, was revoked, or lacks a permission. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.",
        "No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("rate_limited", () => {
    expect(bodyOf(over(before, { outcome: failed("rate_limited") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **Too many sessions were started in a short time** (\`rate_limited\`).
      >
      > No action is needed: wait a few minutes.",
        "No session was created, so nothing was charged. To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("start_timed_out", () => {
    expect(bodyOf(over(during, { outcome: failed("start_timed_out") }))).toMatchInlineSnapshot(`
      [
        "> [!CAUTION]
      > **A session may exist** (\`start_timed_out\`). Check the [list of sessions](https://github.com/copilot/agents) before you retry, so you don't pay twice.
      >
      > The session was requested, but its agent didn't start in time. It may still start. [GitHub's status page](https://www.githubstatus.com) shows outages.",
        "To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("start_timed_out, of a session whose id is known", () => {
    expect(bodyOf(over(after, { outcome: failed("start_timed_out") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **The session was requested, but its agent didn't start in time** (\`start_timed_out\`).
      >
      > It may still start. [GitHub's status page](https://www.githubstatus.com) shows outages.",
        "A session exists: [open it](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21), or find it in the [list of sessions](https://github.com/copilot/agents), before you start another one. To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("prompt_not_delivered", () => {
    expect(bodyOf(over(after, { outcome: failed("prompt_not_delivered") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **The session started but didn't confirm that it received your request** (\`prompt_not_delivered\`).
      >
      > Open the session. If your request isn't there, send it there.",
        "A session exists: [open it](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21), or find it in the [list of sessions](https://github.com/copilot/agents), before you start another one. To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("runtime_unsupported", () => {
    expect(bodyOf(over(before, { outcome: failed("runtime_unsupported") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **The Copilot runtime on the bot's machine can't create cloud sessions** (\`runtime_unsupported\`).
      >
      > The bot's administrator: install the versions that work together, \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80.",
        "No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("runtime_crashed", () => {
    expect(bodyOf(over(during, { outcome: failed("runtime_crashed") }))).toMatchInlineSnapshot(`
      [
        "> [!CAUTION]
      > **A session may exist** (\`runtime_crashed\`). Check the [list of sessions](https://github.com/copilot/agents) before you retry, so you don't pay twice.
      >
      > The Copilot runtime on the bot's machine stopped during this task. If this happens again, the bot's log has the details.",
        "To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("repository_not_found", () => {
    expect(bodyOf(over(before, { outcome: failed("repository_not_found") })))
      .toMatchInlineSnapshot(`
        [
          "> [!WARNING]
        > **The Copilot account that the bot uses can't see this repository** (\`repository_not_found\`).
        >
        > An administrator of the repository can give that account write access in [hello's access settings](https://github.com/octo-org/hello/settings/access). With a fine-grained token, the account's owner also selects the repository in [its token settings](https://github.com/settings/personal-access-tokens).",
          "No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
        ]
      `);
  });
  test("app_not_permitted", () => {
    expect(bodyOf(over(before, { outcome: failed("app_not_permitted") }))).toMatchInlineSnapshot(`
      [
        "> [!WARNING]
      > **GitHub doesn't let the bot's App do this: the App is no longer installed on this repository, or lacks a permission** (\`app_not_permitted\`).
      >
      > An owner of octo-org can add hello to the App's repositories, or accept its permissions, in [octo-org's installed GitHub Apps](https://github.com/organizations/octo-org/settings/installations).",
        "No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("mission_control_unreachable", () => {
    const failureCode = "mission_control_unreachable";
    expect(bodyOf(over(during, { outcome: failed(failureCode) }))).toMatchInlineSnapshot(`
      [
        "> [!CAUTION]
      > **A session may exist** (\`mission_control_unreachable\`). Check the [list of sessions](https://github.com/copilot/agents) before you retry, so you don't pay twice.
      >
      > Mission Control didn't respond as expected. [GitHub's status page](https://www.githubstatus.com) shows outages. The bot's administrator can check its network and \`COPILOT_MC_BASE_URL\`.",
        "To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });
  test("github_unreachable", () => {
    expect(bodyOf({ state: "failed", outcome: failed("github_unreachable") }))
      .toMatchInlineSnapshot(`
        [
          "> [!WARNING]
        > **GitHub didn't answer the bot's questions about this repository** (\`github_unreachable\`).
        >
        > [GitHub's status page](https://www.githubstatus.com) shows outages.",
          "No session was created, so nothing was charged. To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
        ]
      `);
  });
  test("interrupted", () => {
    expect(bodyOf(over(during, { outcome: failed("interrupted") }))).toMatchInlineSnapshot(`
      [
        "> [!CAUTION]
      > **A session may exist** (\`interrupted\`). Check the [list of sessions](https://github.com/copilot/agents) before you retry, so you don't pay twice.
      >
      > The bot was interrupted during this task and doesn't know how far it got. The bot never creates a second session by itself.",
        "To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
      ]
    `);
  });

  test("interrupted, with a stop that came too late to be seen", () => {
    const by = { requester: "writer" };
    const unknown = { session: { progress: { note: stopMissed(by, null, true) } } };
    const note = stopMissed(by, link.session.link.url, true);
    const known = { session: { progress: { note } } };
    const outcome = failed("interrupted");
    expect(bodyOf(over(during, unknown, { outcome }))[1]).toMatchInlineSnapshot(
      `"\`writer\` asked to stop this task. If its session exists, stop it in Mission Control."`,
    );
    expect(bodyOf(over(during, link, known, { outcome })).join("\n\n")).toMatchInlineSnapshot(`
      "> [!WARNING]
      > **The bot was interrupted during this task and doesn't know how far it got** (\`interrupted\`).
      >
      > The bot never creates a second session by itself.

      \`writer\` asked the session to stop, but the bot can't reach it. [Stop it in Mission Control](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21).

      A session exists: [open it](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21), or find it in the [list of sessions](https://github.com/copilot/agents), before you start another one. To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label."
    `);
  });

  test("unknown, with hostile words", () => {
    const failureDetail =
      "bo`om``\n<img src=x onerror=alert(1)> @octocat [x](javascript:alert(1)) <!-- \u001B[31m\u202E";
    expect(bodyOf(over(during, { outcome: failed("unknown", { detail: failureDetail }) })))
      .toMatchInlineSnapshot(`
        [
          "> [!CAUTION]
        > **A session may exist** (\`unknown\`). Check the [list of sessions](https://github.com/copilot/agents) before you retry, so you don't pay twice.
        >
        > An unexpected error kept Copilot from creating the session. The bot's log has the details.
        >
        > GitHub's answer: \`\`\` bo\`om\`\` <img src=x onerror=alert(1)> @octocat [x](javascript:alert(1)) <!-- \`\`\`",
          "To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label.",
        ]
      `);
  });
  test("unknown, with many words", () => {
    const failureDetail = "The cache grows without end. ".repeat(1_000);
    const body = bodyOf(over(during, { outcome: failed("unknown", { detail: failureDetail }) }));
    expect(body.at(-1)).toMatchInlineSnapshot(
      `"To try again, comment \`/copilot retry 0b4f9bd6\`, or remove and re-add the label."`,
    );
  });
  test("unknown, without a message", () => {
    const body = bodyOf(over(during, { outcome: failed("unknown") }));
    expect(body).not.toContainEqual(expect.stringContaining("GitHub's answer"));
  });
  // `GitHub's answer: ``` shows two backticks; there is nothing to show.
  test("unknown, with nothing but blanks", () => {
    const body = bodyOf(over(during, { outcome: failed("unknown", { detail: " \n" }) }));
    expect(body).not.toContainEqual(expect.stringContaining("GitHub's answer"));
  });

  test("shows others' text only where nothing else is known", () => {
    const known: FailureCode[] = ["policy_blocked", "start_timed_out", "interrupted"];
    for (const failureCode of known) {
      const comment = commentOn(over(during, { outcome: failed(failureCode, { detail: "boom" }) }));
      expect(comment).not.toContain("boom");
    }
  });
});
