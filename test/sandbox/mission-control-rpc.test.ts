import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CopilotSession } from "@github/copilot-sdk";
import { CopilotClient, RuntimeConnection } from "@github/copilot-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { startMissionControl, type MissionControl } from "../../sandbox/mission-control/server.ts";
import type { RecordedTask } from "../../sandbox/mission-control/task.ts";
import { NEWEST } from "../../sandbox/newest-runtime.ts";

let missionControl: MissionControl;
let baseDirectory: string;
let client: CopilotClient;

beforeAll(async () => {
  missionControl = await startMissionControl();
  baseDirectory = await mkdtemp(join(tmpdir(), "mission-control-test-"));
  client = new CopilotClient({
    mode: "empty",
    baseDirectory,
    useLoggedInUser: false,
    env: { HOME: process.env["HOME"], ...missionControl.environment },
    gitHubToken: "gho_octocat",
    connection: RuntimeConnection.forStdio({ path: NEWEST }),
  });
  await client.start();
});

afterAll(async () => {
  await client.stop();
  await missionControl.close();
  await rm(baseDirectory, { recursive: true, force: true });
});

interface Begun {
  readonly session: CopilotSession;
  readonly task: RecordedTask;
}

async function begun(name: string, behavior: Behavior = {}): Promise<Begun> {
  missionControl.behaveFor(`octo/${name}`, { workerDelayMs: 0, ...behavior });
  const session = await client.createSession({
    cloud: { repository: { owner: "octo", name, branch: "main" } },
    availableTools: [],
    includeSubAgentStreamingEvents: false,
  });
  const task = missionControl.tasks.find(({ repository }) => repository === `octo/${name}`);
  if (task === undefined) throw new TypeError("no task");
  return { session, task };
}

const question = {
  afterMs: 0,
  type: "user_input.requested",
  data: { requestId: "q1", question: "Which?", toolCallId: "call-q1" },
};
const plan = {
  afterMs: 0,
  type: "exit_plan_mode.requested",
  data: { requestId: "p1", summary: "- Fix it", planContent: "", actions: ["interactive"] },
};

describe.concurrent("with the newest runtime", () => {
  test("a prompt follows the question whether the sandbox is enforced", async () => {
    const { session, task } = await begun("prompt");
    await session.send({ prompt: "Fix it." });
    await missionControl.until(() => task.prompts.length === 1);
    expect(task.calls).toEqual([{ method: "session.sandbox.getEnforcementStatus", params: {} }]);
    const steered = missionControl.requests.find(({ path }) => path.endsWith(`${task.id}/steer`));
    expect(steered?.body).toEqual({
      type: "user_message",
      content: "Fix it.",
      external_id: expect.any(String),
    });
    await session.disconnect();
  });

  test.each([
    ["is not known", { status: 404 }],
    ["is refused", { error: "not here" }],
    ["has no answer", { fault: "drop connection" }],
  ] as const)("where that question %s, the prompt isn't sent", async (_how, answer) => {
    const name = JSON.stringify(answer).replaceAll(/\W/gu, "");
    const { session, task } = await begun(name, {
      rpc: { "session.sandbox.getEnforcementStatus": answer },
    });
    await expect(session.send({ prompt: "Fix it." })).rejects.toThrow("sandbox enforcement");
    expect(task.prompts).toEqual([]);
    await session.disconnect();
  });

  test("questions and plans are answered by calls", async () => {
    const { session, task } = await begun("answers", { script: [question, plan] });
    await session.send({ prompt: "Fix it." });
    await missionControl.until(() => task.events.some(({ type }) => type === plan.type));
    const response = { answer: "main", wasFreeform: true };
    await session.rpc.ui.handlePendingUserInput({ requestId: "q1", response });
    await session.rpc.ui.handlePendingExitPlanMode({
      requestId: "p1",
      response: { approved: false, feedback: "Smaller steps." },
    });
    expect(task.responses).toEqual([
      { promptId: "call-q1", ...response },
      { promptId: "p1", approved: false, feedback: "Smaller steps." },
    ]);
    const types = task.events.map(({ type }) => type);
    expect(types.slice(-2)).toEqual(["user_input.completed", "exit_plan_mode.completed"]);
    await session.disconnect();
  });

  test("an answer that nothing waits for changes nothing", async () => {
    const { session, task } = await begun("nothing");
    const response = { answer: "main", wasFreeform: true };
    const came = await session.rpc.ui.handlePendingUserInput({ requestId: "q9", response });
    expect(came.success).toBe(false);
    expect(task.responses).toEqual([]);
    await session.disconnect();
  });

  test("the mode is steered", async () => {
    const { session, task } = await begun("mode");
    await session.rpc.mode.set({ mode: "plan" });
    await missionControl.until(() => task.events.at(-1)?.type === "session.mode_changed");
    expect(task.events.at(-1)?.data).toEqual({ previousMode: "interactive", newMode: "plan" });
    await session.disconnect();
  });

  test("the model and its effort are set, and what the worker doesn't know is refused", async () => {
    const { session, task } = await begun("model");
    const switched = await session.rpc.model.switchTo({ modelId: "claude-sonnet-4.6" });
    expect(switched).toMatchObject({ modelId: "claude-sonnet-4.6" });
    const effort = await session.rpc.model.setReasoningEffort({ reasoningEffort: "high" });
    expect(effort).toMatchObject({ reasoningEffort: "high" });
    await expect(session.rpc.history.compact({})).rejects.toThrow();
    expect(task.calls.map(({ method }) => method).slice(0, 2)).toEqual([
      "session.model.switchTo",
      "session.model.setReasoningEffort",
    ]);
    await session.disconnect();
  });
});
