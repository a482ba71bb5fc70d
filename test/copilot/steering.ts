import { describe, expect, it } from "vitest";
import { askedOf, asks, asksPermission, emit, idle, plans, says } from "./script.ts";
import type { World } from "./world.ts";
import { requestFor, startStory } from "./world.ts";

/**
 * How a session is steered and disconnected, whatever the runtime.
 *
 * @param unseen what a follow-up comes to that isn't seen to arrive
 */
export function describeSteering(world: World, { unseen }: { readonly unseen: unknown }): void {
  describe.concurrent("a follow-up", () => {
    it("reaches an agent that rests, and one that works", async () => {
      const story = await startStory(world, {
        script: [
          idle,
          { until: "message" },
          says("Again?"),
          { until: "message" },
          says("So be it."),
        ],
      });
      await story.next("idle");
      expect(await story.session.say("Once more.")).toBe("delivered");
      await story.next("said", ({ text }) => text === "Again?");
      expect(await story.session.say("Once more.")).toBe("delivered");
      await story.next("said", ({ text }) => text === "So be it.");
      expect(story.task.prompts).toEqual(["Fix it.", "Once more.", "Once more."]);
      await story.session.detach();
    });

    it("that Mission Control does not know what to do with is not delivered", async () => {
      const story = await startStory(world, { steer: { after: 1, status: 404 } });
      expect(await story.session.say("Hello?")).toEqual(unseen);
      expect(story.task.prompts).toEqual(["Fix it."]);
      await story.session.detach();
    });

    it("in the words of the one before is not taken for it", async () => {
      const story = await startStory(world, { steer: { after: 2, status: 404 } });
      expect(await story.session.say("Hello?")).toBe("delivered");
      expect(await story.session.say("Hello?")).toEqual(unseen);
      expect(story.task.prompts).toEqual(["Fix it.", "Hello?"]);
      await story.session.detach();
    });

    it("counts as delivered when Mission Control has it", async () => {
      const story = await startStory(world, { steer: { after: 1, swallow: true } });
      expect(await story.session.say("Hello?")).toBe("delivered");
      expect(story.task.prompts).toEqual(["Fix it."]);
      await story.session.detach();
    });
  });

  describe.concurrent("stopping", () => {
    it("is confirmed by the session", async () => {
      const story = await startStory(world, {
        script: [{ afterMs: 60_000, type: "assistant.message", data: { content: "too late" } }],
      });
      expect(await story.session.abort()).toBe("aborted");
      await story.next("idle");
      expect(story.seen.map(({ type }) => type)).toEqual(["aborted", "idle"]);
      expect(story.task.aborts).toBe(1);
      await story.session.detach();
    });

    it("an agent that rests needs no confirmation", async () => {
      const story = await startStory(world, { script: [idle] });
      await story.next("idle");
      expect(await story.session.abort()).toBe("aborted");
      expect(story.task.aborts).toBe(1);
      await story.session.detach();
    });

    it("is confirmed by an agent that came to rest by itself meanwhile", async () => {
      const story = await startStory(world, { steer: { after: 1, swallow: true } });
      const stopped = story.session.abort();
      await world.missionControl.until(() => story.steered().length === 1);
      emit(world, story, "session.idle", {});
      expect(await stopped).toBe("aborted");
      await story.session.detach();
    });

    it("settles what the agent waited for", async () => {
      const story = await startStory(world, {
        script: [asksPermission("r1"), asks("q1", "Which?")],
      });
      await askedOf(story, "q1");
      expect(await story.session.abort()).toBe("aborted");
      expect(await story.session.answer("r1", { approved: true })).toBe("not_waiting");
      expect(await story.session.answer("q1", { approved: true })).toBe("not_waiting");
      const settled = story.seen.filter(({ type }) => type === "answered");
      expect(settled.map(({ id }) => id)).toEqual(["answered r1", "answered q1"]);
      await story.session.detach();
    });

    it("is not confirmed when the command is lost", async () => {
      const story = await startStory(world, { steer: { after: 1, swallow: true } });
      expect(await story.session.abort()).toBe("unconfirmed");
      await story.session.detach();
    });

    it("is refused when Mission Control refuses it", async () => {
      const story = await startStory(world, { steer: { after: 1, status: 403 } });
      expect(await story.session.abort()).toBe("unreachable");
      expect(story.task.aborts).toBe(0);
      await story.session.detach();
    });
  });

  describe.concurrent("letting go", () => {
    it("leaves all requests to people", async () => {
      const story = await startStory(world, {
        script: [asksPermission("r1"), asks("q1", "Which?"), plans("p1")],
      });
      await askedOf(story, "p1");
      const { session } = story;
      await session.detach();
      expect(session.lost.aborted).toBe(true);
      expect(await session.answer("r1", { approved: true })).toBe("unreachable");
      expect(await session.abort()).toBe("unreachable");
      expect(await session.say("Hello?")).toBe("unwatched");
      expect(story.steered()).toEqual([]);
    });
  });

  describe.concurrent("the settings of a session", () => {
    const wanted = { model: "claude-sonnet-4.6", reasoningEffort: "high" };

    it.each([
      ["are taken when the worker confirms them", {}, true],
      ["aren't taken when it knows no such thing", { error: "Unknown model" }, false],
      ["aren't taken when Mission Control doesn't pass them on", { status: 404 }, false],
    ] as const)("%s", async (_how, answer, isTaken) => {
      const repository = `settings-${JSON.stringify(answer).replaceAll(/\W/gu, "")}`;
      const rpc = { "session.model.switchTo": answer, "session.model.setReasoningEffort": answer };
      world.missionControl.behaveFor(`octo/${repository}`, { workerDelayMs: 0, rpc });
      const opening = await world.copilot.open({ ...requestFor(repository), ...wanted });
      if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
      expect(opening.session.settings).toEqual([
        { name: "model", value: "claude-sonnet-4.6", isTaken },
        { name: "reasoning_effort", value: "high", isTaken },
      ]);
      expect(await opening.session.deliver("Fix it.")).toBe("delivered");
      await opening.session.detach();
    });
  });

  describe.concurrent("the limit of a session", () => {
    it("is refused before anything is created when the runtime would refuse it behind that", async () => {
      const request = { ...requestFor("limited"), sessionLimits: { maxAiCredits: 29 } };
      expect(await world.copilot.open(request)).toMatchObject({
        type: "failed",
        failure: { nothingCreated: true },
      });
      expect(
        world.missionControl.tasks.some(({ repository }) => repository === "octo/limited"),
      ).toBe(false);
    });

    it("is taken by the runtime from 30 on", async () => {
      const request = { ...requestFor("limited"), sessionLimits: { maxAiCredits: 30 } };
      const opening = await world.copilot.open(request);
      expect(opening.type).toBe("started");
      if (opening.type === "started") await opening.session.detach();
    });
  });
}
