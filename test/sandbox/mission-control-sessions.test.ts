import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";

let missionControl: MissionControl;
beforeAll(async () => void (missionControl = await startMissionControl()));
afterAll(() => missionControl.close());

async function ask(path: string, body?: unknown, token = "gho_octocat") {
  const origin = missionControl.environment["COPILOT_API_URL"] ?? "";
  const method = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}${path}`, { ...method, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const json = async (...asked: Parameters<typeof ask>) => {
  const { status, text } = await ask(...asked);
  return [status, JSON.parse(text)] as const;
};
const share = (sessionId: string, repository: readonly [number, number] = [1, 2]) =>
  json("/agents/sessions", {
    agent_task_id: sessionId,
    owner_id: repository[0],
    repo_id: repository[1],
  });

function complete(messages: unknown[], stream = false) {
  return ask("/chat/completions", { model: "gpt-5.4", stream, messages });
}

function messageOf(text: string): unknown {
  return z.looseObject({ choices: z.array(z.looseObject({})) }).parse(JSON.parse(text)).choices[0];
}

test("a local session is shared, reports events, and gets commands until it has done them", async () => {
  const [status, body] = await share("local-1");
  const session = missionControl.sessions.find(({ sessionId }) => sessionId === "local-1");
  expect(status).toBe(201);
  expect(body).toEqual({
    id: session?.id,
    task_id: session?.taskId,
    agent_task_id: session?.taskId,
    state: "in_progress",
    owner_id: 1,
    repo_id: 2,
  });
  const path = `/agents/sessions/${session?.id}`;
  expect(await json(path)).toEqual([200, body]);
  missionControl.command(session?.id ?? "", { type: "user_message", content: "Go on." });
  const [, { commands }] = await json(`${path}/commands`);
  expect(commands).toMatchObject([
    { type: "user_message", content: "Go on.", state: "in_progress" },
  ]);
  const { id } = z.array(z.looseObject({ id: z.string() })).parse(commands)[0] ?? {};
  const events = [{ type: "session.idle", data: {} }];
  expect(await json(`${path}/events`, { events, completed_command_ids: [id] })).toEqual([200, {}]);
  expect(await json(`${path}/commands`)).toEqual([200, { commands: [] }]);
  expect(session?.events).toEqual(events);
});

test("sharing is refused, goes without a link, or is off by policy", async () => {
  missionControl.behaveFor("1/3", { share: { status: 500, body: {} } });
  missionControl.behaveFor("1/4", { share: { noTask: true } });
  expect(await share("local-2", [1, 3])).toEqual([500, {}]);
  expect((await share("local-3", [1, 4]))[1]).not.toHaveProperty("task_id");
  missionControl.lookTokensUp(() => ({ status: 200, body: { cli_remote_control_enabled: false } }));
  const blocked = { message: "blocked by org policy", reason: "policy_blocked" };
  expect(await share("local-4")).toEqual([403, blocked]);
  expect(missionControl.sessions.map(({ sessionId }) => sessionId)).not.toContain("local-4");
  missionControl.lookTokensUp(() => ({ status: 200, body: {} }));
});

test("the model plays what it's given, by how often it has spoken, and reacts to results", async () => {
  missionControl.play({
    prompt: "Fix #7",
    turns: [
      { says: "Looking.", calls: [{ tool: "bash", arguments: { command: "ls" } }] },
      [{ ifResult: "denied", says: "I may not." }, { says: "I've seen it." }],
    ],
  });
  const user = { role: "user", content: "Please: Fix #7" };
  const assistant = { role: "assistant", content: "Looking." };
  const first = await complete([user], true);
  expect(first.headers.get("content-type")).toBe("text/event-stream");
  expect(first.headers.get("x-github-request-id")).not.toBeNull();
  const [chunk = "", end] = first.text.trim().split("\n\n");
  expect(end).toBe("data: [DONE]");
  expect(messageOf(chunk.replace("data: ", ""))).toMatchObject({
    finish_reason: "tool_calls",
    delta: { content: "Looking.", tool_calls: [{ function: { name: "bash" } }] },
  });
  for (const [result, says] of [
    ["permission denied", "I may not."],
    ["README.md", "I've seen it."],
  ]) {
    const second = await complete([user, assistant, { role: "tool", content: result }]);
    expect(messageOf(second.text)).toMatchObject({
      finish_reason: "stop",
      message: { content: says },
    });
  }
  const unknown = await complete([{ role: "user", content: "Hello" }]);
  expect(messageOf(unknown.text)).toMatchObject({ message: { content: "Done." } });
});
