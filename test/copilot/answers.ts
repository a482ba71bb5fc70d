import { describe, expect, it } from "vitest";
import { askedOf, asks, asksPermission, emit, idle, plans, says } from "./script.ts";
import type { World } from "./world.ts";
import { startStory } from "./world.ts";

/** How the agent's requests are answered, whatever the runtime. */
export function describeAnswers(world: World): void {
  describe.concurrent("a permission", () => {
    it("is granted, whatever else has happened since it was asked for", async () => {
      const story = await startStory(world, {
        script: [
          asksPermission("r1"),
          asksPermission("r2", "npm test"),
          says("I wait."),
          { until: "answered" },
          says("Thanks."),
          idle,
        ],
      });
      await story.next("said");
      expect(await story.session.say("Somebody will answer.")).toBe("delivered");
      emit(world, story, "session.title_changed", { title: "Waiting" });
      emit(world, story, "assistant.message", { messageId: "m", content: "Still waiting." });
      await story.next("said", ({ text }) => text === "Still waiting.");
      expect(await story.session.answer("r2", { approved: true })).toBe("answered");
      expect(await story.session.answer("r1", { approved: true })).toBe("answered");
      await story.next("idle");
      expect(story.steered().slice(1)).toEqual([
        {
          type: "permission_response",
          content: { promptId: "call-r2", approved: true, scope: "once" },
        },
        {
          type: "permission_response",
          content: { promptId: "call-r1", approved: true, scope: "once" },
        },
      ]);
      await story.session.detach();
    });

    it("is denied, which ends the agent's turn", async () => {
      const story = await startStory(world, { script: [asksPermission("r1"), says("x")] });
      await askedOf(story, "r1");
      const answer = { approved: false, text: "Not to main." };
      expect(await story.session.answer("r1", answer)).toBe("answered");
      await story.next("idle");
      expect(story.task.permissionResponses).toEqual([
        { promptId: "call-r1", approved: false, scope: "once" },
      ]);
      await story.session.detach();
    });

    it("is not given twice, nor to what was never asked", async () => {
      const story = await startStory(world, { script: [asksPermission("r1")] });
      await askedOf(story, "r1");
      const answers = [true, false].map((approved) => story.session.answer("r1", { approved }));
      expect(await Promise.all(answers)).toEqual(["answered", "not_waiting"]);
      expect(await story.session.answer("r9", { approved: true })).toBe("not_waiting");
      expect(story.task.permissionResponses).toHaveLength(1);
      await story.session.detach();
    });

    it("is not given when people were faster in Mission Control", async () => {
      const story = await startStory(world, { script: [asksPermission("r1")] });
      await askedOf(story, "r1");
      emit(world, story, "permission.completed", { requestId: "r1", result: { kind: "approved" } });
      await story.next("answered");
      expect(await story.session.answer("r1", { approved: false })).toBe("not_waiting");
      expect(story.task.permissionResponses).toEqual([]);
      await story.session.detach();
    });

    it("is given again when Mission Control could not take it", async () => {
      const story = await startStory(world, {
        steer: { after: 1, times: 1, status: 500 },
        script: [asksPermission("r1")],
      });
      await askedOf(story, "r1");
      expect(await story.session.answer("r1", { approved: true })).toBe("answered");
      expect(story.task.permissionResponses).toHaveLength(1);
      await story.session.detach();
    });

    it("is not given when the agent does not take it", async () => {
      const story = await startStory(world, {
        script: [asksPermission("r1"), { afterMs: 0, worker: "dies" }],
      });
      await askedOf(story, "r1");
      expect(await story.session.answer("r1", { approved: true })).toBe("unreachable");
      await story.session.detach();
    });
  });

  describe.concurrent("a question", () => {
    it.each([
      [
        "by one of its choices",
        { approved: true, text: "DEV" },
        { answer: "dev", wasFreeform: false },
      ],
      [
        "in other words",
        { approved: true, text: "Neither" },
        { answer: "Neither", wasFreeform: true },
      ],
      ["by mere approval", { approved: true }, { answer: "Yes", wasFreeform: true }],
      [
        "by mere denial",
        { approved: false },
        { answer: "The user declined to answer.", wasFreeform: true },
      ],
      [
        "by a denial with words, which aren't taken for a choice",
        { approved: false, text: "dev" },
        { answer: "The user declined to answer: dev", wasFreeform: true },
      ],
    ])("is answered %s", async (_how, answer, response) => {
      const story = await startStory(world, { script: [asks("q1", "Which?", ["main", "dev"])] });
      await askedOf(story, "q1");
      expect(await story.session.answer("q1", answer)).toBe("answered");
      expect(story.task.responses).toEqual([{ promptId: "call-q1", ...response }]);
      await story.session.detach();
    });

    it("is answered for itself, among others", async () => {
      const story = await startStory(world, {
        script: [
          asks("q1", "Which branch?"),
          asks("q2", "Which test?"),
          asks("q3", "Which branch?"),
        ],
      });
      await askedOf(story, "q3");
      emit(world, story, "user_input.completed", { requestId: "q1", answer: "main" });
      await story.next("answered");
      expect(await story.session.answer("q3", { approved: true, text: "dev" })).toBe("answered");
      expect(await story.session.answer("q2", { approved: true, text: "all" })).toBe("answered");
      const answers = new Map(
        story.task.responses.map(({ promptId, ...rest }) => [promptId, rest]),
      );
      expect(answers.get("call-q3")).toMatchObject({ answer: "dev" });
      expect(answers.get("call-q2")).toMatchObject({ answer: "all" });
      await story.session.detach();
    });

    it("that wants a form is left to Mission Control", async () => {
      const data = { requestId: "e1", message: "Who are you?", mode: "form" };
      const story = await startStory(world, {
        script: [{ afterMs: 0, type: "elicitation.requested", data }],
      });
      await askedOf(story, "e1");
      expect(await story.session.answer("e1", { approved: true })).toBe("unreachable");
      await story.session.detach();
    });
  });

  describe.concurrent("a plan", () => {
    it.each([
      ["approved as it is", { approved: true }, { approved: true, selectedAction: "interactive" }],
      [
        "approved with another action",
        { approved: true, text: "Autopilot" },
        { approved: true, selectedAction: "autopilot" },
      ],
      [
        "sent back with a remark",
        { approved: false, text: "Smaller steps." },
        { approved: false, feedback: "Smaller steps." },
      ],
    ])("is %s", async (_how, answer, response) => {
      const story = await startStory(world, { script: [plans("p1")] });
      await askedOf(story, "p1");
      expect(await story.session.answer("p1", answer)).toBe("answered");
      expect(story.task.responses).toEqual([{ promptId: "p1", ...response }]);
      await story.session.detach();
    });
  });
}
