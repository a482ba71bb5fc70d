import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { organization } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { findAppOwner } from "../../src/github/app-owner.ts";
import { createGitHubApp } from "../../src/github/app.ts";
import { ViewingTrouble } from "../../src/ports/viewing.ts";
import { problemsOfRequest } from "./openapi.ts";

let github: LoopbackGitHub;

beforeAll(async () => {
  github = await startGitHub();
});
afterEach(() => github.forgetFaults());
afterAll(() => github.close());

async function owner() {
  const { appId, privateKey } = github;
  const baseUrl = `http://${github.host}/api/v3`;
  const identity = { appId, privateKey, baseUrl, throttled: false };
  return findAppOwner(await createGitHubApp(identity, pino({ level: "silent" })));
}

const APP = { method: "GET", path: "/app" } as const;

test("the App of a person is theirs, and an organization's is the organization's", async () => {
  expect(await owner()).toEqual({
    id: expect.any(Number),
    login: "octocat",
    isOrganization: false,
  });
  const before = github.requests.length;
  github.app.owner = organization;
  expect(await owner()).toMatchObject({ login: organization, isOrganization: true });
  const requests = github.requests.slice(before);
  expect(requests).toMatchObject([{ by: "app", ...APP }]);
  expect(requests.flatMap(problemsOfRequest)).toEqual([]);
});

test("an enterprise's is nobody's", async () => {
  const body = { id: 1, owner: { id: 7, slug: "octocorp", name: "Octocorp" } };
  github.failNext(APP, { status: 200, body });
  expect(await owner()).toBe(null);
});

test.each([
  ["fails", 502],
  ["doesn't know the App", 404],
])("when GitHub %s, nobody knows", async (_what, status) => {
  github.failNext(APP, { status, body: { message: "no" } });
  const failed = owner();
  await expect(failed).rejects.toBeInstanceOf(ViewingTrouble);
  await expect(failed).rejects.toMatchObject({ reason: "unreachable" });
});
