import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../../sandbox/mission-control/behaviour.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "../world.ts";
import { FOLLOWING } from "./followed.ts";

const world = useWorld({
  ...FOLLOWING,
  variables: {
    ...FOLLOWING.variables,
    MAX_CONCURRENT_STARTS: "1",
    SESSION_START_TIMEOUT_SECONDS: "14",
  },
  waits: { ...FOLLOWING.waits, promptNoticeMs: 1_000 },
});

/** A label on a new issue; what Mission Control is asked for it. */
async function label(behaviour?: Behaviour) {
  if (behaviour !== undefined) world.missionControl.behaveOnce(behaviour);
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
    const { requests, session, stop, comment } = await label({ workerDelayMs: 4_000 });
    await world.missionControl.until(() => requests().length === 1, 20_000);
    await stop("writer");
    expect(await comment("stopped")).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – stopped

      \`writer\` has stopped it before its prompt arrived.

      A session exists: [open it in Mission Control](https://github.com/copilot/tasks/UUID) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    await world.missionControl.until(() => session()?.aborts === 1, 20_000);
    expect(session()?.prompts).toEqual([]);
    expect(requests()).toEqual([CREATED, STEERED]);
  }, 60_000);

  it("while the bot waits for an agent that is late: the comment is corrected", async () => {
    const late = { requestedFirst: false, workerDelayMs: 60_000 };
    const { requests, session, stop, comment } = await label(late);
    expect(await comment("`start_timed_out`")).toHaveLength(1);
    await stop();
    expect(await comment("stopped")).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – stopped

      \`octocat\` has stopped it before its prompt arrived.

      A session exists: [open it in Mission Control](https://github.com/copilot/tasks/UUID) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(requests()).toEqual([CREATED]);
    expect(session()?.prompts).toEqual([]);
  }, 60_000);

  it("while it waits for its place: it ends at once, and nothing is created", async () => {
    const first = await label({ workerDelayMs: 12_000 });
    await world.missionControl.until(() => first.requests().length === 1, 20_000);
    const second = await label();
    await second.stop();
    await second.comment("stopped");
    expect(first.session()?.prompts).toEqual([]);
    expect(await second.comment("stopped")).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – stopped

      \`octocat\` has stopped it before it began.

      No session was created. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    await first.comment("Follow the session");
    const third = await label();
    await third.comment("Follow the session");
    expect(second.requests()).toEqual([STEERED, CREATED, STEERED]);
  }, 60_000);
});

describe("/copilot stop while the prompt is being sent", () => {
  it("has it stopped as soon as it arrives", async () => {
    const { requests, session, stop, comment } = await label({ steer: { status: 500, times: 1 } });
    expect(await comment("has not arrived yet")).toHaveLength(1);
    await stop();
    expect((await comment("**Stopped**"))[0]).toContain("\n\n`octocat` has stopped it.\n\n");
    expect(session()?.prompts).toHaveLength(1);
    expect(session()?.aborts).toBe(1);
    expect(requests()).toEqual([CREATED, STEERED, STEERED, STEERED]);
  }, 60_000);

  it("has it not sent again", async () => {
    const { session, stop, comment } = await label({ steer: { status: 400 } });
    expect(await comment("has not arrived yet")).toHaveLength(1);
    await stop();
    const [told] = await comment("– stopped");
    expect(told).toContain("`octocat` has stopped it before its prompt arrived.");
    expect(session()?.prompts).toEqual([]);
  }, 60_000);
});
