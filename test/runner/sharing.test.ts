import { describe, expect, test } from "vitest";
import type { HostedControls, Share } from "../../src/ports/hosted-controls.ts";
import type { SessionCommandType } from "../../src/core/session/session-command.ts";
import type { Layer } from "../core/task.ts";
import { HOSTED, over } from "../core/task.ts";
import { commanded } from "../store/trigger.ts";
import { MINUTE, openFollowing, pass, useClock } from "./opened-following.ts";

useClock();

const URL = "https://github.com/octo-org/hello/tasks/9";
const UNSEEN = over(HOSTED, { session: { link: null } });

/** A machine's session, which keeps what it's asked for. */
function play(share: Share, confirmsEnd = true) {
  const calls: string[] = [];
  const hosted: HostedControls = {
    machine: "build-1",
    isIsolated: true,
    shared: null,
    hasPrompt: true,
    share() {
      calls.push("share");
      return Promise.resolve(share);
    },
    unshare() {
      calls.push("unshare");
      return Promise.resolve(confirmsEnd);
    },
    usage: () => Promise.resolve(null),
    push: () => Promise.reject(new Error("nothing is pushed here")),
  };
  return { calls, hosted };
}

/** Follows a session, gives it a command each minute, and what the comment, without its details, says after each. */
async function commentsAfter(
  commands: readonly SessionCommandType[],
  hosted: HostedControls | null,
  layer: Layer,
) {
  const { follow, following, tasks, sessionCommands, edits, get } = await openFollowing();
  const { task } = await follow(layer, { hosted });
  const comments: string[] = [];
  for (const [index, type] of commands.entries()) {
    const made = await tasks.insert(commanded(9 + index));
    const id = made?.id ?? "";
    await sessionCommands.give({ id, taskId: task.id, type, text: "", requester: "octocat" });
    following.nudge(task.id);
    await pass(MINUTE);
    const [shown = ""] = edits.at(-1)?.split("\n\n<details>") ?? [];
    comments.push(shown.split("\n").slice(1).join("\n"));
  }
  return { comments, task: await get(task) };
}

describe("commands about sharing", () => {
  test("show a session on the administrator's machine on GitHub, and end that", async () => {
    const { calls, hosted } = play({ type: "shared", url: URL });
    const { comments, task } = await commentsAfter(["share", "unshare"], hosted, UNSEEN);
    expect(calls).toEqual(["share", "unshare"]);
    expect(comments).toMatchInlineSnapshot(`
      [
        "### 🔄 Copilot is working: triage

      **Running for less than a minute** · [Open session](https://github.com/octo-org/hello/tasks/9)

      \`octocat\` shared this session on GitHub.",
        "### 🔄 Copilot is working: triage

      **Running for 1 min**

      \`octocat\` stopped sharing this session. GitHub may still show what happened before that.

      To see this session on GitHub, comment \`/copilot share 0b4f9bd6\`.",
      ]
    `);
    expect(task?.session.link).toBeNull();
    expect(task?.session.hosting?.share).toEqual({ type: "not_shared" });
  });

  test("say why a session can't be shared, who can change it, and that it continues", async () => {
    const { hosted } = play({
      type: "refused",
      failure: {
        code: "share_refused",
        cause: "share_policy",
        message: "Remote sessions are not enabled",
        nothingCreated: true,
      },
    });
    const { comments, task } = await commentsAfter(["share"], hosted, UNSEEN);
    expect(comments).toMatchInlineSnapshot(`
      [
        "### 🔄 Copilot is working: triage

      **Running for less than a minute**

      \`octocat\` asked to share this session, but it can't be shown on GitHub.

      **Not shown on GitHub:** A Copilot policy doesn't allow this session to be seen and controlled on GitHub (\`share_refused\`). An organization owner can set **Store local sessions in the Cloud** to **View and control** in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If another organization provides the Copilot account's license, an owner of that organization can do so there. Once that's fixed, comment \`/copilot share 0b4f9bd6\`. The session itself isn't affected.",
      ]
    `);
    expect(task?.session.hosting?.share).toMatchInlineSnapshot(`
      {
        "cause": "share_policy",
        "code": "share_refused",
        "detail": "Remote sessions are not enabled",
        "type": "refused",
      }
    `);
    expect(task?.state).toBe("in_progress");
  });

  test("leave the link where nobody confirms that sharing has ended", async () => {
    const seen = over(HOSTED, {
      session: { link: { url: URL, source: "session" }, hosting: { share: { type: "shared" } } },
    });
    const { hosted } = play({ type: "shared", url: URL }, false);
    const { comments, task } = await commentsAfter(["unshare"], hosted, seen);
    expect(comments).toMatchInlineSnapshot(`
      [
        "### 🔄 Copilot is working: triage

      **Running for less than a minute** · [Open session](https://github.com/octo-org/hello/tasks/9)

      \`octocat\` asked to stop sharing this session, but it hasn't confirmed that, so GitHub may still show it.",
      ]
    `);
    expect(task?.session.link?.url).toBe(URL);
  });

  test("share nothing where the policy says never, whoever lets them through", async () => {
    const { calls, hosted } = play({ type: "shared", url: URL });
    const never = over(UNSEEN, { session: { hosting: { sharing: "never" } } });
    const { comments } = await commentsAfter(["share"], hosted, never);
    expect(calls).toEqual([]);
    expect(comments).toMatchInlineSnapshot(`
      [
        "### 🔄 Copilot is working: triage

      **Running for less than a minute**

      This session isn't shown on GitHub, because the policy says \`share: never\`.",
      ]
    `);
  });

  test("change nothing of a cloud session", async () => {
    const { comments, task } = await commentsAfter(["share", "unshare"], null, {});
    expect(comments).toMatchInlineSnapshot(`
      [
        "### 🔄 Copilot is working: triage

      **Running for less than a minute** · [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      This session runs in GitHub's cloud, so it's on GitHub anyway.",
        "### 🔄 Copilot is working: triage

      **Running for 1 min** · [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      This session runs in GitHub's cloud, so it's on GitHub anyway.",
      ]
    `);
    expect(task?.session.link).not.toBeNull();
  });
});
