import { describe, expect, it } from "vitest";
import { askedOf, asks, asksPermission, emit } from "./script.ts";
import { describeSteering } from "./steering.ts";
import { follow, requestFor, startStory, useWorld } from "./world.ts";

const world = useWorld();

/** A worker that takes the model that it's given. */
const SET = { "session.model.switchTo": {} };

describeSteering(world, { unseen: expect.objectContaining({ code: "prompt_not_delivered" }) });

describe.concurrent("a runtime of the older family", () => {
  it("resends a follow-up that Mission Control can't take now, and nothing else does", async () => {
    const behavior = { steer: { after: 1, times: 1, status: 500 } };
    const story = await startStory(world, behavior, { deliveryMs: 12_000 });
    expect(await story.session.say("Hello?")).toBe("delivered");
    expect(story.task.prompts).toEqual(["Fix it.", "Hello?"]);
    const message = { type: "user_message", content: "Hello?" };
    expect(story.steered()).toEqual([message, message]);
    await story.session.detach();
  });

  it("applies the policy's settings to a session that it reconnects to", async () => {
    const repository = "settings-again";
    world.missionControl.behaveFor(`octo/${repository}`, { workerDelayMs: 0, rpc: SET });
    const opening = await world.copilot.open(requestFor(repository));
    if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
    await opening.session.detach();
    const wanted = { ...requestFor(repository), model: "claude-sonnet-4.6" };
    const session = await world.copilot.attach(opening.session.id, wanted);
    expect(session?.settings).toEqual([
      { name: "model", value: "claude-sonnet-4.6", isTaken: true },
    ]);
    await session?.detach();
  });

  it("reconnects to a session: permissions can be answered, old questions can't", async () => {
    const before = await startStory(world, {
      script: [asksPermission("r1"), asks("q1", "Which?")],
    });
    await askedOf(before, "q1");
    await before.session.detach();
    const session = await world.copilot.attach(before.session.id, requestFor("story"));
    if (session === null) throw new TypeError("not reached");
    const story = follow(world, session);
    await askedOf(story, "q1");
    expect(await session.answer("q1", { approved: true, text: "main" })).toBe("unreachable");
    expect(await session.answer("r1", { approved: true })).toBe("answered");
    emit(world, story, "user_input.requested", { requestId: "q2", question: "And now?" });
    await askedOf(story, "q2");
    expect(await session.answer("q2", { approved: true, text: "Rest." })).toBe("answered");
    expect(story.task.responses).toMatchObject([{ promptId: "q2", answer: "Rest." }]);
    await session.detach();
  });
});
