import { describe, expect, it } from "vitest";
import { describeAnswers } from "./answers.ts";
import { NEWEST } from "../../sandbox/newest-runtime.ts";
import { createCopilot } from "../../src/copilot/copilot.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { askedOf, asks, asksPermission, plans } from "./script.ts";
import { describeSteering } from "./steering.ts";
import { requestFor, startStory, useWorld } from "./world.ts";

const SILENT = { warn() {} };
const world = useWorld({ program: NEWEST });

describeAnswers(world);
describeSteering(world, { unseen: "unconfirmed" });

describe.concurrent("a runtime of the newer family", () => {
  it.each([
    ["is refused", { status: 500, times: 1 }, []],
    ["arrives late", { delayMs: 3_000, times: 1 }, ["Fix it."]],
  ] as const)("sends a prompt once that %s, and says so", async (how, steer, prompts) => {
    const repository = how.replaceAll(" ", "-");
    world.missionControl.behaveFor(`octo/${repository}`, { workerDelayMs: 0, steer });
    const copilot = createCopilot(world.runtime, { ...TIMEOUTS, deliveryMs: 1_000 }, SILENT);
    const opening = await copilot.open(requestFor(repository));
    if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
    expect(await opening.session.deliver("Fix it.")).toMatchObject({
      code: "prompt_not_delivered",
      message: expect.stringContaining("it may still arrive"),
    });
    const task = world.missionControl.tasks.find(({ id }) => id === opening.session.id);
    await world.missionControl.until(() => task?.prompts.length === prompts.length);
    expect(task?.prompts).toEqual(prompts);
    const steered = world.missionControl.requests.filter(({ path }) =>
      path.endsWith(`/${opening.session.id}/steer`),
    );
    expect(steered).toHaveLength(1);
    await opening.session.detach();
  });

  it("knows by the agent that a follow-up has arrived whose answer got lost, and sends it once", async () => {
    const story = await startStory(world, { steer: { after: 1, fault: "lose answer", times: 1 } });
    expect(await story.session.say("Go on.")).toBe("delivered");
    expect(story.task.prompts).toEqual(["Fix it.", "Go on."]);
    await story.session.detach();
  });

  it("sends nothing while Mission Control doesn't answer about the sandbox, and the bot says so", async () => {
    const repository = "silent";
    const enforcement = "session.sandbox.getEnforcementStatus";
    world.missionControl.behaveFor(`octo/${repository}`, {
      workerDelayMs: 0,
      rpc: { [enforcement]: { status: 404 } },
    });
    const opening = await world.copilot.open(requestFor(repository));
    if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
    expect(await opening.session.deliver("Fix it.")).toMatchObject({
      code: "prompt_not_delivered",
      message: expect.stringContaining("sandbox is enforced"),
    });
    const task = world.missionControl.tasks.find(({ id }) => id === opening.session.id);
    expect(task?.prompts).toEqual([]);
    await opening.session.detach();
  });

  it("answers every open request, also one made while nobody watched", async () => {
    const story = await startStory(world, {
      script: [asksPermission("r1"), asks("q1", "Which?"), plans("p1")],
    });
    await askedOf(story, "p1");
    expect(["r1", "q1", "p1"].map((id) => story.session.canAnswer(id))).toEqual([true, true, true]);
    await story.session.detach();
  });

  it("reports that a session without an agent can't be reached later", async () => {
    world.missionControl.behaveFor("octo/empty", { events: "empty", requestedFirst: false });
    const opening = await world.copilot.open(requestFor("empty"));
    const late = opening.type === "late" ? await opening.end : opening;
    const sessionId: unknown = expect.any(String);
    expect(late).toMatchObject({
      type: "failed",
      failure: { code: "start_timed_out", sessionId },
      canAttach: false,
    });
  });

  it("can't reconnect to a session, and makes no request", async () => {
    const story = await startStory(world);
    await story.session.detach();
    const before = world.missionControl.requests.length;
    expect(await world.copilot.attach(story.session.id, requestFor("story"))).toBeNull();
    expect(
      world.missionControl.requests
        .slice(before)
        .filter(({ path }) => path.includes(story.task.id)),
    ).toEqual([]);
  });
});
