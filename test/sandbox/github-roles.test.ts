import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import type { Permission } from "../../sandbox/github/seed.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

const secret = { owner: "octo-org", repo: "secret" };

let github: LoopbackGitHub;
let octokit: InstallationOctokit;

beforeAll(async () => {
  github = await startGitHub({ repositories: [{ name: "secret", private: true }] });
  octokit = await octokitOf(github, github.installationId);
});

afterAll(() => github.close());

async function roleOf(username: string, repository = secret) {
  const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
    ...repository,
    username,
  });
  return data;
}

describe("what a person may do", () => {
  const granted: readonly [Permission, string, string][] = [
    ["admin", "admin", "pull triage push maintain admin"],
    ["maintain", "write", "pull triage push maintain"],
    ["write", "write", "pull triage push"],
    ["triage", "read", "pull triage"],
    ["read", "read", "pull"],
    ["none", "none", ""],
  ];

  test.each(granted)("%s, as GitHub's description has it", async (given, permission, each) => {
    await github.grant(secret, "reader", given);
    const role = await roleOf("reader");
    expect(role).toMatchObject({ permission, role_name: given, user: { login: "reader" } });
    const { permissions = {} } = role.user ?? {};
    const may = Object.entries(permissions).flatMap(([name, yes]) => (yes ? [name] : []));
    expect(may.join(" ")).toBe(each);
    expect(Object.keys(permissions)).toHaveLength(5);
  });

  test("a role of the organization's own, until another is granted", async () => {
    await github.grant(secret, "reader", "write", "Security Engineer");
    expect(await roleOf("reader")).toMatchObject({
      permission: "write",
      role_name: "Security Engineer",
      user: { permissions: { push: true, maintain: false } },
    });
    await github.grant(secret, "reader", "read");
    expect((await roleOf("reader")).role_name).toBe("read");
  });

  test("everybody reads what is public", async () => {
    const role = await roleOf("stranger", hello);
    expect(role).toMatchObject({ permission: "read", user: { permissions: { pull: true } } });
  });

  test("nobody", async () => {
    const message = expect.stringMatching(/^nobody is not a user/);
    await expect(roleOf("nobody")).rejects.toMatchObject({ status: 404, message });
  });
});

describe("teams", () => {
  const team = { org: "octo-org", team_slug: "reviewers" };
  const of = async (username: string, team_slug = "reviewers") =>
    (await octokit.rest.teams.getMembershipForUserInOrg({ ...team, team_slug, username })).data;

  beforeAll(() => {
    github.installation.permissions["members"] = "read";
    const invited = { login: "reader", state: "pending" } as const;
    github.team("octo-org", "reviewers", [
      "writer",
      { login: "octocat", role: "maintainer" },
      invited,
    ]);
  });

  test("who is in one", async () => {
    const writer = await of("writer");
    expect(writer).toMatchObject({ state: "active", role: "member" });
    expect(await of("octocat")).toMatchObject({ state: "active", role: "maintainer" });
    expect(await of("reader")).toMatchObject({ state: "pending", role: "member" });
    const { data: found } = await octokit.rest.teams.getByName(team);
    expect(found).toMatchObject({ slug: "reviewers" });
  });

  test("who isn't, and a team that doesn't exist", async () => {
    await expect(of("stranger")).rejects.toMatchObject({ status: 404 });
    await expect(of("writer", "nobodies")).rejects.toMatchObject({ status: 404 });
    github.team("octo-org", "reviewers", []);
    await expect(of("writer")).rejects.toMatchObject({ status: 404 });
  });

  test("being in one makes nobody an owner of the organization", async () => {
    github.team("octo-org", "reviewers", ["stranger"]);
    expect((await roleOf("stranger")).permission).toBe("none");
  });

  test("an App without the permission", async () => {
    delete github.installation.permissions["members"];
    const message = expect.stringContaining("Resource not accessible by integration");
    await expect(of("writer")).rejects.toMatchObject({ status: 403, message });
  });
});
