import { Octokit } from "@octokit/rest";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { connectToGitHub } from "../../src/github/connection.ts";
import type { Administrators, GitHubAccount } from "../../src/ports/administrators.ts";
import { ViewingTrouble } from "../../src/ports/viewing.ts";
import { problemsOfRequest } from "./openapi.ts";

let github: LoopbackGitHub;
let administrators: Administrators;
let organization: GitHubAccount;
/** How many requests there were before the latest question. */
let asked = 0;

beforeAll(async () => {
  github = await startGitHub();
  github.deliverTo("http://127.0.0.1:9/");
  const { data } = await octokitOf("octocat").rest.repos.get(hello);
  organization = { id: data.owner.id, login: data.owner.login, isOrganization: true };
});
afterEach(async () => {
  github.forgetFaults();
  await github.installation.unsuspend();
  github.member("octocat", { role: "admin", state: "active" });
});
afterAll(() => github.close());

const octokitOf = (login: string) =>
  new Octokit({ baseUrl: `http://${github.host}/api/v3`, auth: github.as(login).token });

async function person(login: string) {
  const { data } = await octokitOf(login).rest.users.getAuthenticated();
  return { id: data.id, login };
}

/** As a bot that has just started: no token is remembered. */
async function connect(): Promise<Administrators> {
  const { appId, privateKey } = github;
  const baseUrl = `http://${github.host}/api/v3`;
  const identity = { appId, privateKey, baseUrl, throttled: false };
  return (await connectToGitHub(identity, pino({ level: "silent" }))).administrators;
}

async function administers(login: string, account = organization): Promise<boolean> {
  administrators = await connect();
  const them = await person(login);
  asked = github.requests.length;
  return administrators.administers(them, account, github.installationId);
}

test.each([
  ["an owner does", "octocat", true],
  ["a member doesn't", "writer", false],
  ["somebody who isn't in it doesn't", "stranger", false],
])("of an organization, %s", async (_what, login, expected) => {
  expect(await administers(login)).toBe(expected);
  const requests = github.requests.slice(asked);
  expect(requests.map(({ by, method, path }) => `${by} ${method} ${path}`)).toEqual([
    `app POST /app/installations/${github.installationId}/access_tokens`,
    `copilot-task-bot[bot] GET /orgs/octo-org/memberships/${login}`,
  ]);
  for (const { method, path } of requests) {
    expect(problemsOfRequest({ method, path })).toEqual([]);
  }
});

test("an installation that isn't known is looked up", async () => {
  administrators = await connect();
  const octocat = await person("octocat");
  const before = github.requests.length;
  expect(await administrators.administers(octocat, organization, null)).toBe(true);
  expect(github.requests[before]).toMatchObject({ by: "app", path: "/orgs/octo-org/installation" });
  const elsewhere = { ...organization, login: "other-org" };
  expect(await administrators.administers(octocat, elsewhere, null)).toBe(false);
});

test("who was invited to be an owner isn't one yet", async () => {
  github.member("octocat", { role: "admin", state: "pending" });
  expect(await administers("octocat")).toBe(false);
});

test("somebody who has got an owner's login isn't one, nor does an organization's name count", async () => {
  administrators = await connect();
  const { installationId } = github;
  const other = { id: 4_711, login: "octocat" };
  expect(await administrators.administers(other, organization, installationId)).toBe(false);
  expect(await administers("octocat", { ...organization, id: 4_711 })).toBe(false);
});

test("a person administers their own account, without a question to GitHub", async () => {
  const stranger = await person("stranger");
  const own = { id: stranger.id, login: "renamed", isOrganization: false };
  const before = github.requests.length;
  expect(await administrators.administers(stranger, own, 1)).toBe(true);
  expect(await administrators.administers({ id: 1, login: "renamed" }, own, 1)).toBe(false);
  expect(github.requests.length).toBe(before);
});

test("nobody does where the App may not read members, or is suspended", async () => {
  github.failNext(
    { method: "GET", path: "/orgs/octo-org/memberships/octocat" },
    { status: 403, body: { message: "Resource not accessible by integration" } },
  );
  expect(await administers("octocat")).toBe(false);
  await github.installation.suspend();
  expect(await administers("octocat")).toBe(false);
});

test.each([
  ["fails", { status: 502, body: { message: "Server Error" } }],
  ["has a limit", { status: 403, body: { message: "API rate limit exceeded" } }],
] as const)("when GitHub %s, nobody knows", async (_what, answer) => {
  github.failNext({ method: "GET", path: "/orgs/octo-org/memberships/octocat" }, answer);
  const failed = administers("octocat");
  await expect(failed).rejects.toBeInstanceOf(ViewingTrouble);
  await expect(failed).rejects.toMatchObject({ reason: "unreachable" });
});
