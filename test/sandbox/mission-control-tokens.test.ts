import { expect, test } from "vitest";
import { startGitHub } from "../../sandbox/github/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";

test("tokens are looked up where it's set, and refused here as there", async () => {
  const github = await startGitHub();
  const missionControl = await startMissionControl();
  missionControl.lookTokensUp(github.oauth.lookUpCopilot);
  const { token } = github.oauth.authorize("writer");
  const origin = missionControl.environment["COPILOT_API_URL"] ?? "";
  const statusOf = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${origin}${path}`, { ...init, headers });
    return [response.status, await response.json()] as const;
  };
  const create = { method: "POST", body: "{}" };
  const [, account] = await statusOf("/copilot_internal/user");
  expect(account).toMatchObject({ login: "writer", endpoints: { api: origin } });
  expect((await statusOf("/agents/tasks", create))[0]).toBe(201);
  const seat = github.oauth.copilotOf("writer");
  seat.cloudSessions = false;
  const blocked = [403, { message: "blocked by org policy" }];
  expect(await statusOf("/agents/tasks", create)).toEqual(blocked);
  seat.isEnabled = false;
  const unlicensed = [403, { message: "Not licensed to use Copilot" }];
  expect(await statusOf("/agents/tasks", create)).toEqual(unlicensed);
  Object.assign(seat, { isEnabled: true, cloudSessions: true });
  await github.oauth.revoke("writer");
  const refused = [401, { message: "Bad credentials" }];
  expect(await statusOf("/copilot_internal/user")).toMatchObject(refused);
  expect(await statusOf("/agents/tasks", create)).toMatchObject(refused);
  await Promise.all([github.close(), missionControl.close()]);
});
