import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { startMissionControl, type MissionControl } from "../../sandbox/mission-control/server.ts";
import type { RecordedTask } from "../../sandbox/mission-control/task.ts";

let missionControl: MissionControl;

beforeAll(async () => {
  missionControl = await startMissionControl();
});
afterAll(() => missionControl.close());

type Script = NonNullable<Behavior["script"]>;

/** A task whose worker has taken its first prompt. */
async function begun(script: Script, behavior: Behavior = {}) {
  missionControl.behaveOnce({ workerDelayMs: 0, script, ...behavior });
  await post("/agents/tasks", { repositories: [{ owner: "octo", name: "hello" }] });
  const task = missionControl.tasks.at(-1);
  if (task === undefined) throw new TypeError("no task");
  await missionControl.until(() => typesOf(task).includes("session.start"));
  const steer = (type: string, content: unknown = "") =>
    post(`/agents/tasks/${task.id}/steer`, {
      type,
      content: typeof content === "string" ? content : JSON.stringify(content),
    });
  await missionControl.until(() => typesOf(task).includes("session.info"));
  const before = typesOf(task).length + 1;
  await steer("user_message", "Fix it.");
  return { task, steer, types: () => typesOf(task).slice(before) };
}

function typesOf({ events }: RecordedTask): string[] {
  return events.map(({ type }) => type);
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const url = new URL(path, missionControl.url);
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

const says = (content: string) => ({ afterMs: 0, type: "assistant.message", data: { content } });
const asks = (requestId: string) => ({
  afterMs: 0,
  type: "permission.requested",
  data: { requestId, permissionRequest: { kind: "read", toolCallId: `call-${requestId}` } },
});
const question = { afterMs: 0, type: "user_input.requested", data: { requestId: "q1" } };
const idle = { afterMs: 0, type: "session.idle", data: {} };
const granted = { promptId: "call-r1", approved: true, scope: "once" };

describe("a script", () => {
  test("waits for answers", async () => {
    const { steer, types } = await begun([asks("r1"), question, { until: "answered" }, says("x")]);
    await missionControl.until(() => types().length === 2);
    await steer("permission_response", granted);
    expect(types()).not.toContain("assistant.message");
    await steer("ask_user_response", { promptId: "q1", answer: "main", wasFreeform: true });
    await missionControl.until(() => types().includes("assistant.message"));
    expect(types()).toEqual([
      "permission.requested",
      "user_input.requested",
      "permission.completed",
      "user_input.completed",
      "assistant.message",
    ]);
  });

  test("waits for messages, each once", async () => {
    const { task, steer } = await begun([
      { until: "message" },
      says("one"),
      { until: "message" },
      says("two"),
    ]);
    const texts = () => task.events.map(({ data }) => data["content"]).filter((text) => text);
    await steer("user_message", "first");
    await missionControl.until(() => texts().includes("one"));
    expect(texts()).not.toContain("two");
    await steer("user_message", "second");
    await missionControl.until(() => texts().includes("two"));
  });

  test("is broken off by an abort, up to the next message", async () => {
    const { task, steer, types } = await begun([
      { ...says("never"), afterMs: 60_000 },
      says("never"),
      { until: "message" },
      says("again"),
    ]);
    await steer("abort");
    expect(types()).toEqual(["abort", "abort", "session.idle"]);
    await steer("user_message", "Go on.");
    await missionControl.until(() => types().includes("assistant.message"));
    expect(task.events.at(-1)?.data).toEqual({ content: "again" });
  });

  test("lists an event twice, and with another time", async () => {
    const { task } = await begun([
      { ...says("twice"), twice: true },
      { ...says("old"), stampMs: -60_000 },
    ]);
    await missionControl.until(() => task.events.at(-1)?.data["content"] === "old");
    const [one, same, old] = task.events.slice(-3);
    expect(same).toEqual(one);
    expect(Date.parse(old?.timestamp ?? "")).toBeLessThan(
      Date.parse(one?.timestamp ?? "") - 50_000,
    );
  });

  test("lets the worker die", async () => {
    const { task, steer, types } = await begun([{ afterMs: 0, worker: "dies" }, says("never")]);
    await vi.waitFor(async () => {
      const before = task.prompts.length;
      await steer("user_message", "Are you there?");
      expect(task.prompts).toHaveLength(before);
    }, 30_000);
    await steer("abort");
    expect(types()).not.toContain("abort");
  });

  test("that waits for what is not known is refused", () => {
    const steps: unknown = JSON.parse('[{ "until": "tomorrow" }]');
    expect(() => missionControl.behaveOnce(Object({ script: steps }))).toThrow(/script/);
  });
});

describe("the worker", () => {
  test("ends its turn when it is denied something", async () => {
    const { steer, types } = await begun([asks("r1"), { until: "answered" }, says("never")]);
    await missionControl.until(() => types().length === 1);
    await steer("permission_response", { ...granted, approved: false });
    expect(types()).toEqual([
      "permission.requested",
      "permission.completed",
      "tool.execution_complete",
      "session.idle",
    ]);
  });

  test("cancels what it asked when it is stopped, and says nothing of its questions", async () => {
    const { steer, types } = await begun([asks("r1"), question]);
    await missionControl.until(() => types().length === 2);
    await steer("abort");
    expect(types().slice(2)).toEqual(["permission.completed", "abort", "abort", "session.idle"]);
  });

  test("says nothing when it is stopped while it rests", async () => {
    const { task, steer, types } = await begun([idle]);
    await missionControl.until(() => types().length === 1);
    await steer("abort");
    expect(task.aborts).toBe(1);
    expect(types()).toEqual(["session.idle"]);
  });

  test("does not hear answers that it does not wait for", async () => {
    const { task, steer, types } = await begun([]);
    await steer("permission_response", granted);
    await steer("plan_approval_response", { promptId: "p1", approved: true });
    expect(types()).toEqual([]);
    expect(task.permissionResponses).toHaveLength(1);
    expect(task.responses).toEqual([{ promptId: "p1", approved: true }]);
  });
});

describe("steering", () => {
  test("goes wrong after so many commands", async () => {
    const { task, steer } = await begun([], { steer: { after: 1, times: 1, status: 503 } });
    expect((await steer("user_message", "one")).status).toBe(503);
    expect((await steer("user_message", "two")).status).toBe(200);
    expect(task.prompts).toEqual(["Fix it.", "two"]);
  });
});
