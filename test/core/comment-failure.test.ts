import { describe, expect, test } from "vitest";
import { renderComment } from "../../src/core/comment.ts";
import type { FailureCode } from "../../src/core/failure.ts";
import { documentedLink } from "../../src/core/link.ts";
import type { Task } from "../../src/core/task.ts";
import { ADMITTED, ASKED, COMMANDED, PROMPTED, STARTED, taskWith } from "./task.ts";

function commentOn(changes: Partial<Task>): string {
  return renderComment(taskWith(changes), "https://github.com");
}

/** What is said of a failure, paragraph by paragraph, without headline and facts. */
function bodyOf(changes: Partial<Task>): string[] {
  return commentOn(changes).split("\n\n").slice(1, -1);
}

describe("a task that failed", () => {
  const link = { linkUrl: documentedLink(STARTED.sessionId), linkSource: "documented" } as const;
  const before = { ...ADMITTED, state: "failed" } as const;
  const during = { ...ASKED, state: "failed" } as const;
  const after = { ...STARTED, ...link, state: "failed" } as const;

  test("whole", () => {
    expect(commentOn({ ...before, failureCode: "policy_blocked" })).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage – failed: \`policy_blocked\`

      A policy of the organisation or enterprise does not allow this Copilot session.

      An owner of the organisation can change it in the [Copilot policies of octo-org](https://github.com/organizations/octo-org/settings/copilot/policies); where the enterprise decides, an owner of the enterprise can. Trying again changes nothing until then.

      No session was created. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://github.com/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("whole, by a command, with a session", () => {
    const comment = commentOn({ ...after, ...COMMANDED, failureCode: "prompt_not_delivered" });
    expect(comment).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### Copilot task: triage – failed: \`prompt_not_delivered\`

      The session started, but it did not take the prompt.

      The session waits for words: you can open it and write to it yourself.

      A session exists: [open it in Mission Control](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21) before you ask for another one. To ask again, write the command in a new comment.

      <sub>Asked by [octocat](https://github.com/octocat) (command \`/copilot triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`0123456\`](https://github.com/octo-org/hello/commit/0123456789abcdef0123456789abcdef01234567) · task \`0b4f9bd6\`</sub>
      "
    `);
  });

  test("after its prompt was delivered", () => {
    const comment = commentOn({ ...PROMPTED, ...link, failureCode: "runtime_crashed" });
    expect(comment.split("\n")[1]).toMatchInlineSnapshot(
      `"### Copilot task: triage – in trouble: \`runtime_crashed\`"`,
    );
  });

  test("policy_blocked", () => {
    expect(bodyOf({ ...before, failureCode: "policy_blocked" })).toMatchInlineSnapshot(`
      [
        "A policy of the organisation or enterprise does not allow this Copilot session.",
        "An owner of the organisation can change it in the [Copilot policies of octo-org](https://github.com/organizations/octo-org/settings/copilot/policies); where the enterprise decides, an owner of the enterprise can. Trying again changes nothing until then.",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("not_entitled", () => {
    expect(bodyOf({ ...before, failureCode: "not_entitled" })).toMatchInlineSnapshot(`
      [
        "The account that the bot uses for Copilot has no right to Copilot cloud sessions.",
        "An owner of the organisation can give that account a seat in the [Copilot access settings of octo-org](https://github.com/organizations/octo-org/settings/copilot/seat_management).",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("bad_credentials", () => {
    expect(bodyOf({ ...before, failureCode: "bad_credentials" })).toMatchInlineSnapshot(`
      [
        "Copilot did not accept the token that the bot uses.",
        "The administrator of the bot can set a new \`COPILOT_GITHUB_TOKEN\` and restart the bot: the old one has expired, was revoked, or lacks a permission.",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("rate_limited", () => {
    expect(bodyOf({ ...before, failureCode: "rate_limited" })).toMatchInlineSnapshot(`
      [
        "Too many sessions were started in a short time.",
        "Nobody needs to change anything: wait a few minutes.",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("start_timed_out", () => {
    expect(bodyOf({ ...during, failureCode: "start_timed_out" })).toMatchInlineSnapshot(`
      [
        "The session was asked for, but its agent did not start in time.",
        "It may still start. [GitHub's status page](https://www.githubstatus.com) tells of outages.",
        "A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("start_timed_out, of a session whose id is known", () => {
    expect(bodyOf({ ...after, failureCode: "start_timed_out" })).toMatchInlineSnapshot(`
      [
        "The session was asked for, but its agent did not start in time.",
        "It may still start. [GitHub's status page](https://www.githubstatus.com) tells of outages.",
        "A session exists: [open it in Mission Control](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("prompt_not_delivered", () => {
    expect(bodyOf({ ...after, failureCode: "prompt_not_delivered" })).toMatchInlineSnapshot(`
      [
        "The session started, but it did not take the prompt.",
        "The session waits for words: you can open it and write to it yourself.",
        "A session exists: [open it in Mission Control](https://github.com/copilot/tasks/5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("runtime_unsupported", () => {
    expect(bodyOf({ ...before, failureCode: "runtime_unsupported" })).toMatchInlineSnapshot(`
      [
        "The Copilot runtime on the bot's machine cannot create cloud sessions.",
        "The administrator of the bot can install the versions that work together: \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80.",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("runtime_crashed", () => {
    expect(bodyOf({ ...during, failureCode: "runtime_crashed" })).toMatchInlineSnapshot(`
      [
        "The Copilot runtime on the bot's machine stopped in the middle of this task.",
        "If this happens again, the administrator of the bot finds the reason in its log.",
        "A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("repository_not_found", () => {
    expect(bodyOf({ ...before, failureCode: "repository_not_found" })).toMatchInlineSnapshot(`
      [
        "Copilot cannot see this repository with the account that the bot uses.",
        "An administrator of the repository can give that account access in the [access settings of hello](https://github.com/octo-org/hello/settings/access).",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("app_not_permitted", () => {
    expect(bodyOf({ ...before, failureCode: "app_not_permitted" })).toMatchInlineSnapshot(`
      [
        "GitHub does not let the bot's App do this: the App is not installed on this repository any more, or lacks a permission.",
        "An owner of octo-org can add hello to the App's repositories, or accept its permissions, in the [installed GitHub Apps of octo-org](https://github.com/organizations/octo-org/settings/installations); for a person's account these are in the [settings of the account](https://github.com/settings/installations).",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("mission_control_unreachable", () => {
    const failureCode = "mission_control_unreachable";
    expect(bodyOf({ ...during, failureCode })).toMatchInlineSnapshot(`
      [
        "Mission Control did not answer as it should.",
        "[GitHub's status page](https://www.githubstatus.com) tells of outages; the administrator of the bot can check its network and \`COPILOT_MC_BASE_URL\`.",
        "A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("github_unreachable", () => {
    expect(bodyOf({ state: "failed", failureCode: "github_unreachable" })).toMatchInlineSnapshot(`
      [
        "GitHub did not answer the bot's questions about this repository.",
        "[GitHub's status page](https://www.githubstatus.com) tells of outages.",
        "No session was created. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("interrupted", () => {
    expect(bodyOf({ ...during, failureCode: "interrupted" })).toMatchInlineSnapshot(`
      [
        "The bot was cut off in the middle of this task and does not know how far it came.",
        "The bot never creates a second session by itself.",
        "A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
      ]
    `);
  });
  test("unknown, with hostile words", () => {
    const failureDetail =
      "bo`om``\n<img src=x onerror=alert(1)> @octocat [x](javascript:alert(1)) <!-- \u001B[31m\u202E";
    expect(bodyOf({ ...during, failureCode: "unknown", failureDetail })).toMatchInlineSnapshot(`
      [
        "The session could not be created, for a reason that the bot does not know.",
        "The administrator of the bot finds more in its log.",
        "A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.",
        "The answer was: \`\`\` bo\`om\`\` <img src=x onerror=alert(1)> @octocat [x](javascript:alert(1)) <!-- \`\`\`",
      ]
    `);
  });
  test("unknown, with many words", () => {
    const failureDetail = "The cache grows without end. ".repeat(1_000);
    const body = bodyOf({ ...during, failureCode: "unknown", failureDetail });
    expect(body.at(-1)).toMatchInlineSnapshot(
      `"The answer was: \`The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache grows without end. The cache…\`"`,
    );
  });
  test("unknown, without a word", () => {
    const body = bodyOf({ ...during, failureCode: "unknown" });
    expect(body).not.toContainEqual(expect.stringContaining("The answer was"));
  });
  // `The answer was: ``` shows two backticks; there is nothing to show.
  test("unknown, with nothing but blanks", () => {
    const body = bodyOf({ ...during, failureCode: "unknown", failureDetail: " \n" });
    expect(body).not.toContainEqual(expect.stringContaining("The answer was"));
  });

  test("shows words of others only where nothing else is known", () => {
    const known: FailureCode[] = ["policy_blocked", "start_timed_out", "interrupted"];
    for (const failureCode of known) {
      const comment = commentOn({ ...during, failureCode, failureDetail: "boom" });
      expect(comment).not.toContain("boom");
    }
  });
});
