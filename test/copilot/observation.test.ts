import { describe, expect, it } from "vitest";
import { killRuntime } from "../kill-runtime.ts";
import { follow, requestFor, startStory, useWorld } from "./world.ts";

const world = useWorld();

const says = (content: string, more: object = {}) => ({
  afterMs: 0,
  type: "assistant.message",
  data: { messageId: content, content },
  ...more,
});
const idle = { afterMs: 0, type: "session.idle", data: {} } as const;
const texts = (seen: readonly { readonly type: string; readonly text?: string }[]) =>
  seen.flatMap(({ type, text }) => (type === "said" ? [text] : []));

describe.concurrent("a session that is observed", () => {
  it("reports its link once, whenever it comes", async () => {
    const { session, seen, next } = await startStory(world, { script: [idle] });
    await next("idle");
    const info = { infoType: "remote", url: "https://github.com/octo/story/tasks/1", message: "" };
    world.missionControl.emit(session.id, "session.info", { infoType: "warning", message: "x" });
    world.missionControl.emit(session.id, "session.info", info);
    world.missionControl.emit(session.id, "session.info", info);
    world.missionControl.emit(session.id, "assistant.message", { messageId: "m", content: "End." });
    await next("said");
    expect(seen.map(({ id }) => id)).toEqual(["idle 1", `link ${info.url}`, "said m 0"]);
    await session.detach();
  });

  it("returns what its agent does, from the past on", async () => {
    const { session, next } = await startStory(world, {
      script: [
        { afterMs: 0, type: "assistant.turn_start", data: { turnId: "0" } },
        says("I look."),
        {
          afterMs: 0,
          type: "tool.execution_complete",
          data: {
            toolCallId: "call-1",
            success: true,
            result: { content: "https://github.com/octo/hello/pull/7\n" },
          },
        },
        { afterMs: 0, type: "session.task_complete", data: { summary: "Fixed." } },
        idle,
      ],
    });
    await next("idle");
    const late = follow(world, session);
    expect(late.seen.map(({ id: _id, at: _at, ...rest }) => rest)).toEqual([
      { type: "working" },
      { type: "said", text: "I look." },
      { type: "pull_request", url: "https://github.com/octo/hello/pull/7" },
      { type: "completed", summary: "Fixed." },
      { type: "idle" },
    ]);
    world.missionControl.emit(session.id, "session.error", { message: "No credits." });
    expect(await late.next("failed")).toMatchObject({ message: "No credits." });
    await session.detach();
  });

  it("returns nothing more once it's closed", async () => {
    const { session, next } = await startStory(world, { script: [says("one")] });
    await next("said");
    const seen: string[] = [];
    const end = session.observe(({ type }) => seen.push(type));
    end();
    world.missionControl.emit(session.id, "session.idle", {});
    await next("idle");
    expect(seen).toEqual(["said"]);
    await session.detach();
  });

  it("returns once what Mission Control lists twice", async () => {
    const { session, seen, next } = await startStory(world, {
      script: [says("once", { twice: true }), { ...idle, twice: true }, says("then")],
    });
    await next("said", ({ text }) => text === "then");
    expect(seen.map(({ id }) => id)).toEqual(["said once 0", "idle 1", "said then 0"]);
    await session.detach();
  });

  it("returns events that are listed out of order by their time", async () => {
    const { session, seen, next } = await startStory(world, {
      script: [
        says("third", { stampMs: 3_000 }),
        says("first", { stampMs: 1_000 }),
        says("second", { stampMs: 2_000 }),
      ],
    });
    await next("said", ({ text }) => text === "third");
    expect(texts(seen)).toEqual(["first", "second", "third"]);
    await session.detach();
  });

  it("returns what came too late for this connection to the next one, in its place", async () => {
    const { session, seen, next } = await startStory(world, { script: [says("before")] });
    await next("said");
    const emitMessage = (content: string, stampMs?: number) =>
      world.missionControl.emit(
        session.id,
        "assistant.message",
        { messageId: content, content },
        { stampMs },
      );
    emitMessage("late", -5_000);
    emitMessage("after");
    await next("said", ({ text }) => text === "after");
    expect(texts(seen)).toEqual(["before", "after"]);
    await session.detach();

    const again = await world.copilot.attach(session.id, requestFor("story"));
    if (again === null) throw new TypeError("not reached");
    expect(texts(follow(world, again).seen)).toEqual(["late", "before", "after"]);
    await again.detach();
  });

  it("returns the pieces of a message when they're complete", async () => {
    const { session, seen, next } = await startStory(world, {
      script: [
        {
          afterMs: 0,
          type: "assistant.message_delta",
          data: { messageId: "m", deltaContent: "He" },
        },
        says("Hello"),
      ],
    });
    await next("said");
    expect(texts(seen)).toEqual(["Hello"]);
    await session.detach();
  });

  it("is silent when its worker is", async () => {
    const { session, seen, next } = await startStory(world, {
      script: [says("last words"), { afterMs: 0, worker: "dies" }],
    });
    await next("said");
    expect(await session.abort()).toBe("unconfirmed");
    expect(seen.map(({ type }) => type)).toEqual(["said"]);
    expect(session.lost.aborted).toBe(false);
    await session.detach();
  });
});

describe("ten sessions on one runtime", () => {
  it("each return their own events", async () => {
    const stories = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        startStory(world, { script: [says(`I am ${index}`), idle] }),
      ),
    );
    await Promise.all(stories.map(({ next }) => next("idle")));
    expect(stories.map(({ seen }) => texts(seen))).toEqual(
      stories.map((_, index) => [`I am ${index}`]),
    );
    await Promise.all(stories.map(({ session }) => session.detach()));
  });
});

describe("a runtime that dies", () => {
  it("is reported, and its sessions are reconnected, with the same event ids", async () => {
    const story = await startStory(world, { script: [says("one"), idle] });
    await story.next("idle");
    const lost = new Promise((resolve) => story.session.lost.addEventListener("abort", resolve));
    killRuntime();
    await lost;
    expect(await story.session.say("Still there?")).toBe("unwatched");
    expect(await story.session.abort()).toBe("unreachable");
    expect(await story.session.answer("r1", { approved: true })).toBe("unreachable");

    const session = await world.copilot.attach(story.session.id, requestFor("story"));
    if (session === null) throw new TypeError("not reached");
    const again = follow(world, session);
    expect(again.seen.map(({ id }) => id)).toEqual(story.seen.map(({ id }) => id));
    world.missionControl.emit(session.id, "assistant.message", { messageId: "m", content: "two" });
    await again.next("said", ({ text }) => text === "two");
    expect(await session.say("Go on.")).toBe("delivered");
    expect(story.task.prompts).toEqual(["Fix it.", "Go on."]);
    await session.detach();
  });
});
