import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CopilotClient, type SessionConfig, type SessionEvent } from "@github/copilot-sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startMissionControl, type MissionControl } from "../../sandbox/mission-control/server.ts";

let missionControl: MissionControl;
let baseDirectory: string;
let client: CopilotClient;

beforeAll(async () => {
  missionControl = await startMissionControl();
  baseDirectory = await mkdtemp(join(tmpdir(), "mission-control-test-"));
  const env = { ...missionControl.environment, GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot" };
  client = new CopilotClient({ mode: "empty", baseDirectory, useLoggedInUser: false, env });
  await client.start();
});

afterAll(async () => {
  await client.stop();
  await missionControl.close();
  await rm(baseDirectory, { recursive: true, force: true });
});

function sessionIn(name: string, events: SessionEvent[] = []): SessionConfig {
  return {
    gitHubToken: "gho_octocat",
    availableTools: [],
    cloud: { repository: { owner: "octo", name, branch: "main" } },
    onEvent: (event) => events.push(event),
  };
}

function tasksOf(name: string): MissionControl["tasks"] {
  return missionControl.tasks.filter(({ repository }) => repository === `octo/${name}`);
}

function creationsOf(name: string): MissionControl["requests"] {
  return missionControl.requests.filter(
    ({ method, path, body }) =>
      method === "POST" && path === "/agents/tasks" && JSON.stringify(body).includes(`"${name}"`),
  );
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const url = new URL(path, missionControl.url);
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

describe("with the real runtime", () => {
  test("a task starts, takes its prompt, shows its link and says that it is done", async () => {
    missionControl.behaveFor("octo/good", {
      context: { branch: "fix" },
      script: [{ afterMs: 0, type: "session.task_complete", data: { summary: "Done." } }],
    });
    const events: SessionEvent[] = [];
    const session = await client.createSession(sessionIn("good", events));
    await session.send({ prompt: "Fix it." });
    await missionControl.until(() => tasksOf("good")[0]?.prompts.includes("Fix it.") ?? false);
    await vi.waitFor(() => {
      expect(events.map(({ type }) => type)).toContain("session.task_complete");
    }, 30_000);

    expect(events).toContainEqual(
      expect.objectContaining({
        type: "session.start",
        data: expect.objectContaining({
          producer: "copilot-agent",
          context: { cwd: "/workspace/good", repository: "octo/good", branch: "fix" },
        }),
      }),
    );
    const url = `https://github.com/copilot/tasks/${session.sessionId}`;
    expect(events).toContainEqual(
      expect.objectContaining({ type: "session.info", data: expect.objectContaining({ url }) }),
    );
    expect(creationsOf("good")).toEqual([
      expect.objectContaining({
        authorization: "gho_octocat",
        integrationId: "copilot-task-bot",
        agentSlug: "copilot-developer-sandbox",
        body: { repositories: [{ owner: "octo", name: "good" }] },
      }),
    ]);
    await session.disconnect();
  });

  test("a refusal creates nothing", async () => {
    const body = { message: "blocked by org policy", reason: "policy_blocked" };
    missionControl.behaveFor("octo/refused", { create: { status: 403, body } });
    await expect(client.createSession(sessionIn("refused"))).rejects.toThrow(
      "Request session.create failed with message: blocked by org policy",
    );
    expect(tasksOf("refused")).toEqual([]);
  });

  test("a task whose answer was lost exists, once", async () => {
    missionControl.behaveFor("octo/lost", { create: { fault: "lose answer" } });
    await expect(client.createSession(sessionIn("lost"))).rejects.toThrow(
      "error sending request for url",
    );
    expect(tasksOf("lost")).toHaveLength(1);
    expect(creationsOf("lost")).toHaveLength(1);
  });

  test("a refused token creates nothing", async () => {
    const body = { message: "Bad credentials" };
    missionControl.answerToken("gho_bad", { status: 401, body });
    await expect(
      client.createSession({ ...sessionIn("bad-token"), gitHubToken: "gho_bad" }),
    ).rejects.toThrow("Failed to fetch Copilot user info: 401 Unauthorized");
    expect(creationsOf("bad-token")).toEqual([]);
  });

  test("a prompt refused at first is sent again by the runtime itself", async () => {
    const steer = { status: 429, headers: { "retry-after": "1" }, times: 1 };
    missionControl.behaveFor("octo/busy", { workerDelayMs: 0, steer });
    const session = await client.createSession(sessionIn("busy"));
    await session.send({ prompt: "Fix it." });
    await missionControl.until(() => tasksOf("busy")[0]?.prompts.length === 1);
    await session.disconnect();
  });

  test("a task can be found again by its id", async () => {
    missionControl.behaveFor("octo/again", { workerDelayMs: 0 });
    const { sessionId } = await client.createSession(sessionIn("again"));
    await client.forceStop();
    await client.start();

    await client.rpc.account.login({
      host: "https://github.com",
      login: "octocat",
      token: "gho_octocat",
    });
    await client.rpc.sessions.connect({ sessionId });
    const found = await client.resumeSession(sessionId, {
      gitHubToken: "gho_octocat",
      availableTools: [],
    });
    const types = (await found.getEvents()).map(({ type }) => type);
    expect(types).toContain("session.start");
    expect(types).not.toContain("user.message");
    await found.send({ prompt: "Fix it." });
    await missionControl.until(() => tasksOf("again")[0]?.prompts.length === 1);
    await found.disconnect();
  });
});

describe("by hand", () => {
  test("a behavior is set for the next task", async () => {
    const behavior = { create: { status: 503, body: "<html>" } };
    const answer = await post("/sandbox/behavior", {
      repository: "octo/next",
      once: true,
      behavior,
    });
    expect(answer.status).toBe(200);
    const creation = { repositories: [{ owner: "octo", name: "next" }] };
    expect((await post("/agents/tasks", creation)).status).toBe(503);
    expect((await post("/agents/tasks", creation)).status).toBe(201);
  });

  test("a field that is not known is refused with a sentence", async () => {
    const answer = await post("/sandbox/behavior", { behavior: { creates: { status: 403 } } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchInlineSnapshot(`
      {
        "message": "This was not accepted. body.behavior: Unrecognized key: "creates".",
      }
    `);
  });

  test("a wait that fails says what was seen", async () => {
    await expect(missionControl.until(() => false, 10)).rejects.toThrow(
      /^It did not happen within 10 ms\. Seen: GET \/copilot_internal\/user, POST/,
    );
  });
});
