import { describe, expect, it } from "vitest";
import type { ReportedEvent } from "../../src/core/session/events.ts";
import { createObserver } from "../../src/copilot/observer.ts";

let count = 0;

/** An event as it may come from outside, with an id of its own. */
function event(type: string, data: unknown): ReportedEvent {
  count += 1;
  const timestamp = new Date(1_700_000_000_000 + count * 1_000).toISOString();
  return { id: `event-${count}`, timestamp, type, data };
}

function read(...events: readonly ReportedEvent[]) {
  const observer = createObserver();
  const news = events.flatMap((one) => observer.read(one));
  return { observer, news, types: news.map(({ type }) => type) };
}

const ask = (requestId = "r1") =>
  event("permission.requested", {
    requestId,
    permissionRequest: { kind: "read", toolCallId: `call-${requestId}` },
  });
const message = (messageId: string) => event("assistant.message", { messageId, content: "Hello" });

describe("an observation", () => {
  it("that the session names is returned once, whatever the ids of its events", () => {
    const { news } = read(message("m1"), message("m1"), ask(), ask(), message("m2"));
    expect(news.map(({ id }) => id)).toEqual(["said m1 0", "asked r1", "said m2 0"]);
  });

  it("without a name is returned once when its event is listed twice in a row", () => {
    const { types } = read(event("session.idle", {}), event("session.idle", {}));
    expect(types).toEqual(["idle"]);
  });

  it("without a name is returned again when something else was between", () => {
    const idle = () => event("session.idle", {});
    const { news } = read(idle(), event("assistant.turn_start", {}), idle());
    expect(news.map(({ id }) => id)).toEqual(["idle 1", "working 1", "idle 2"]);
  });

  it("has the same id for whoever sees the session from its beginning", () => {
    const [once, again] = [1, 2].map(() => [
      event("session.idle", {}),
      message("m1"),
      event("session.idle", {}),
    ]);
    const idsOf = (events = once) => read(...(events ?? [])).news.map(({ id }) => id);
    expect(idsOf(again)).toEqual(idsOf(once));
  });
});

describe("work", () => {
  it("is returned each time, and remembered from the first to the last time", () => {
    const turns = Array.from({ length: 50 }, () => event("assistant.turn_start", {}));
    const { observer, news } = read(...turns);
    expect(news).toHaveLength(50);
    expect(observer.observed.map(({ id }) => id)).toEqual(["working 1", "working 50"]);
  });
});

describe("a request", () => {
  it("waits until its answer is reported", () => {
    const { observer } = read(ask());
    expect(observer.waiting("r1")).toMatchObject({ requestId: "r1", toolCallId: "call-r1" });
    observer.read(event("permission.completed", { requestId: "r1" }));
    expect(observer.waiting("r1")).toBeUndefined();
  });

  it("without a known time isn't returned", () => {
    const { types } = read({ ...ask(), timestamp: "yesterday" });
    expect(types).toEqual([]);
  });

  it("whose answer was reported first doesn't wait", () => {
    const { observer } = read(event("permission.completed", { requestId: "r1" }), ask());
    expect(observer.waiting("r1")).toBeUndefined();
  });

  it("is settled when the tool that asked has finished", () => {
    const { observer, types } = read(
      ask("r1"),
      ask("r2"),
      event("tool.execution_complete", { toolCallId: "call-r1", success: false }),
    );
    expect(types).toEqual(["asked", "asked", "answered"]);
    expect(observer.waiting("r1")).toBeUndefined();
    expect(observer.waiting("r2")).toBeDefined();
  });

  it.each(["session.idle", "session.shutdown", "abort"])("is settled by %s, before it", (type) => {
    const { observer, types } = read(
      ask(),
      event(type, { shutdownType: "routine", reason: "remote_command" }),
    );
    expect(types.slice(0, 2)).toEqual(["asked", "answered"]);
    expect(types).toHaveLength(3);
    expect(observer.waiting("r1")).toBeUndefined();
    expect(observer.isResting()).toBe(true);
  });
});

describe("an agent", () => {
  it("rests until it has something to do", () => {
    const { observer } = read(event("session.idle", {}));
    expect(observer.isResting()).toBe(true);
    observer.read(event("user.message", { content: "Go on." }));
    expect(observer.isResting()).toBe(false);
  });
});

describe("an event of no known shape", () => {
  it.each([
    ["permission.requested", null],
    ["tool.execution_complete", null],
    ["assistant.message", "words"],
    ["session.idle", undefined],
  ])("%s %j returns nothing", (type, data) => {
    expect(read(ask(), event(type, data)).types.filter((one) => one !== "answered")).toEqual([
      "asked",
    ]);
  });
});
