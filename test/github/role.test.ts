import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { membership, permission, team } from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { answer } from "./survey-answers.ts";

const github = useGitHub();

const PERMISSION = "GET /repos/octo-org/hello/collaborators/hubot/permission";
const TOKEN = "POST /app/installations/31/access_tokens";
const HUBOT = { login: "hubot", id: 480_938 };
const task = taskWith();

describe("a role", () => {
  const nothing = { pull: false, triage: false, push: false, maintain: false, admin: false };
  const triage = { permissions: { ...nothing, pull: true, triage: true } };
  const maintain = { permissions: { ...triage.permissions, push: true, maintain: true } };

  test.each([
    ["admin", permission("admin", HUBOT)],
    ["maintain", permission("write", HUBOT, "maintain")],
    ["maintain", permission("write", { ...HUBOT, ...maintain }, "Release managers")],
    ["write", permission("write", HUBOT)],
    ["write", permission("write", { ...HUBOT, ...triage }, "Contractors")],
    ["triage", permission("read", HUBOT, "triage")],
    ["triage", permission("read", { ...HUBOT, ...triage }, "Support")],
    ["read", permission("read", HUBOT)],
    ["read", permission("read", { ...HUBOT, permissions: { ...nothing, pull: true } }, "Auditors")],
    // The names of an organization's own roles mean nothing.
    ["read", permission("read", HUBOT, "admin")],
    ["write", permission("write", HUBOT, "admin")],
    ["none", permission("none", HUBOT)],
    ["none", permission("none", HUBOT, "maintain")],
    ["none", permission("owner of everything", HUBOT)],
  ])("%s", async (role, answered) => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, answered);

    expect(await connection.roleOf(task, HUBOT)).toBe(role);
  });

  test.each([
    ["somebody who took over the login", HUBOT, permission("admin", { ...HUBOT, id: 1 })],
    ["an account that is gone", HUBOT, permission("admin", null)],
    ["an App", { login: "hubot", id: null }, permission("admin", HUBOT)],
    ["an App that is gone", { login: "hubot", id: null }, permission("admin", null)],
  ])("nobody's: %s", async (_who, person, answered) => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, answered);

    expect(await connection.roleOf(task, person)).toBe("none");
  });

  test("nobody's: a login that GitHub does not know", async () => {
    const connection = await github.connectInstalled();
    github.refuses(PERMISSION, 404, { message: "hubot is not a user" });

    expect(await connection.roleOf(task, HUBOT)).toBe("none");
  });

  test("that GitHub doesn't return isn't taken for none", async () => {
    const connection = await github.connectInstalled();
    github.refuses(PERMISSION, 403, { message: "Resource not accessible by integration" });

    await expect(connection.roleOf(task, HUBOT)).rejects.toMatchObject({ status: 403 });
  });

  test("of an installation that is gone is not taken for none", async () => {
    const connection = await github.connect();
    github.refuses(TOKEN, 404);

    await expect(connection.roleOf(task, HUBOT)).rejects.toMatchObject({ status: 404 });
  });

  test("in a survey is the requester's", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission("read", HUBOT, "triage"));
    github.returns(answer());

    const asked = taskWith({ requester: { login: HUBOT.login, id: HUBOT.id } });
    expect(await connection.survey(asked)).toMatchObject({ role: "triage" });
  });

  test("in a survey isn't returned for a requester whose login somebody took over", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission("admin", HUBOT));
    github.returns(answer());

    const asked = taskWith({ requester: { login: HUBOT.login, id: 1 } });
    expect(await connection.survey(asked)).toMatchObject({ role: "none" });
  });
});

describe("whether the requester is in a team", () => {
  const TEAM = "GET /orgs/octo-org/teams/release-managers";
  const MEMBERSHIP = `${TEAM}/memberships/octocat` as const;

  test.each([
    ["active", "member"],
    ["pending", "not a member"],
  ] as const)("%s", async (state, expected) => {
    const connection = await github.connectInstalled();
    github.answers(MEMBERSHIP, membership(state));

    expect(await connection.membership(task, "octo-org", "release-managers")).toBe(expected);
  });

  test("not, where there is such a team", async () => {
    const connection = await github.connectInstalled();
    github.refuses(MEMBERSHIP, 404, { message: "Not Found" });
    github.answers(TEAM, team());

    expect(await connection.membership(task, "octo-org", "release-managers")).toBe("not a member");
  });

  test("missing, where there is no such team", async () => {
    const connection = await github.connectInstalled();
    github.refuses(MEMBERSHIP, 404, { message: "Not Found" });
    github.refuses(TEAM, 404, { message: "Not Found" });

    expect(await connection.membership(task, "octo-org", "release-managers")).toBe("missing");
  });

  test("unreadable, where the App may not know", async () => {
    const connection = await github.connectInstalled();
    github.refuses(MEMBERSHIP, 403, { message: "Resource not accessible by integration" });

    expect(await connection.membership(task, "octo-org", "release-managers")).toBe("unreadable");
  });

  test("not known while GitHub does not answer", async () => {
    const connection = await github.connectInstalled();
    github.refuses(MEMBERSHIP, 502, { times: 4 });

    const asked = connection.membership(task, "octo-org", "release-managers");
    await expect(asked).rejects.toMatchObject({ status: 502 });
  });

  test("not known within a limit", async () => {
    const connection = await github.connectInstalled();
    github.refuses(MEMBERSHIP, 403, { headers: { "retry-after": "17" } });

    const asked = connection.membership(task, "octo-org", "release-managers");
    await expect(asked).rejects.toMatchObject({ status: 403 });
  });

  test.each([
    [404, "Not Found"],
    [403, "This installation has been suspended"],
  ])("not known in an installation that is gone or suspended: %i", async (status, message) => {
    const connection = await github.connect();
    github.refuses(TOKEN, status, { message });

    const asked = connection.membership(task, "octo-org", "release-managers");
    await expect(asked).rejects.toMatchObject({ status });
  });
});
