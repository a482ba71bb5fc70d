import { describe, expect, it } from "vitest";
import type { Behavior } from "../../../sandbox/mission-control/behavior.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import { asked, botComments, canAttach, canSendAgain, steady, useWorld } from "../world.ts";
import { FOLLOWING } from "./followed.ts";

const world = useWorld({
  ...FOLLOWING,
  variables: {
    ...FOLLOWING.variables,
    MAX_CONCURRENT_STARTS: "1",
    SESSION_START_TIMEOUT_SECONDS: "14",
  },
  timeouts: { ...FOLLOWING.timeouts, promptNoticeMs: 1_000 },
});

/** A label on a new issue; what Mission Control is asked for it. */
async function label(behavior?: Behavior) {
  if (behavior !== undefined) world.missionControl.behaveOnce(behavior);
  const before = asked(world).length;
  const sessions = world.missionControl.tasks.length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes", body: "" });
  await octocat.label(issue, "copilot:triage");
  const requests = () => asked(world).slice(before);
  const session = () => world.missionControl.tasks[sessions];
  const stop = (requester = "octocat") =>
    world.github.as(requester).comment(issue, "/copilot stop");
  const comment = async (words: string) => {
    const comments = await botComments(world, issue, (body) => body.includes(words));
    return comments.map((body) => steady(body, world));
  };
  return { issue, requests, session, stop, comment };
}

const CREATED = "POST /agents/tasks";
const STEERED = "POST /agents/tasks/UUID/steer";

describe("/copilot stop before the prompt is sent", () => {
  it("while the agent starts: it gets no prompt, and is stopped", async () => {
    const { requests, session, stop, comment } = await label({ worker: "none" });
    await world.missionControl.until(() => requests().length === 1, 30_000);
    await stop("writer");
    world.missionControl.startWorker(session()?.id ?? "");
    expect(await comment("stopped")).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Stopped by \`writer\` before Copilot received the prompt.

      A session exists: [open it](https://github.com/copilot/tasks/UUID) before you start another one. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    await world.missionControl.until(() => session()?.aborts === 1, 30_000);
    expect(session()?.prompts).toEqual([]);
    expect(requests()).toEqual([CREATED, STEERED]);
  });

  it("while the bot waits for an agent that is late: the comment is corrected", async () => {
    const late = { requestedFirst: false, workerDelayMs: 60_000 };
    const { requests, session, stop, comment } = await label(late);
    expect(await comment("`start_timed_out`")).toHaveLength(1);
    await stop();
    if (!canAttach) {
      // It doesn't wait for what it can't reconnect to: the task has failed.
      expect((await comment("Nothing changed"))[1]).toContain(
        "\n\nThe bot can't reach the session of task `UUID8`. Open it from the task's comment.\n\n",
      );
      expect(requests()).toEqual([CREATED]);
      return;
    }
    expect(await comment("stopped")).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Stopped by \`octocat\` before Copilot received the prompt.

      A session exists: [open it](https://GITHUB/copilot/tasks/UUID), or find it in the [list of sessions](https://GITHUB/copilot/agents), before you start another one. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests()).toEqual([CREATED]);
    expect(session()?.prompts).toEqual([]);
  });

  it("while the task is queued: it ends at once, and nothing is created", async () => {
    const first = await label({ worker: "none" });
    await world.missionControl.until(() => first.requests().length === 1, 30_000);
    const second = await label();
    await second.stop();
    await second.comment("stopped");
    expect(first.session()?.prompts).toEqual([]);
    expect(await second.comment("stopped")).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Stopped by \`octocat\` before it started.

      No session was created, so nothing was charged. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    world.missionControl.startWorker(first.session()?.id ?? "");
    await first.comment("[Open session]");
    const third = await label();
    await third.comment("[Open session]");
    expect(second.requests()).toEqual([STEERED, CREATED, STEERED]);
  });
});

describe("/copilot stop while the prompt is being sent", () => {
  it("stops the session as soon as it arrives, if it is sent again", async () => {
    const { requests, session, stop, comment } = await label({ steer: { status: 500, times: 1 } });
    expect(await comment("hasn't received the request yet")).toHaveLength(1);
    await stop();
    const before = canSendAgain ? "" : " before Copilot received the prompt";
    expect((await comment("Copilot was stopped"))[0]).toContain(
      `\n\nStopped by \`octocat\`${before}.\n\n`,
    );
    await world.missionControl.until(() => session()?.aborts === 1, 30_000);
    expect(session()?.prompts).toHaveLength(Number(canSendAgain));
    const again = canSendAgain ? [STEERED] : [];
    expect(requests()).toEqual([CREATED, STEERED, ...again, STEERED]);
  });

  it("keeps it from being sent again", async () => {
    const { session, stop, comment } = await label({ steer: { status: 400 } });
    expect(await comment("hasn't received the request yet")).toHaveLength(1);
    await stop();
    const [stopped] = await comment("Copilot was stopped");
    expect(stopped).toContain("Stopped by `octocat` before Copilot received the prompt.");
    expect(session()?.prompts).toEqual([]);
  });
});
