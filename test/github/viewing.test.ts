import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { createViewerGitHub } from "../../src/github/viewing.ts";
import type { ViewerGitHub, ViewerScope } from "../../src/ports/viewing.ts";
import { problemsOfRequest } from "./openapi.ts";

/** More than GitHub lists on two pages. */
const MANY = Array.from({ length: 230 }, (_none, index) => ({ name: `many-${index}` }));
const OWNER = { ownerId: expect.any(Number), ownerType: "Organization" } as const;
const SECRET = { owner: hello.owner, name: "secret" };

let github: LoopbackGitHub;
let viewing: ViewerGitHub;

beforeAll(async () => {
  github = await startGitHub({
    repositories: [{ name: "secret", private: true }, ...MANY],
    people: { guest: "none", lonely: "none" },
  });
  github.deliverTo("http://127.0.0.1:9/");
  await github.grant({ owner: hello.owner, repo: "secret" }, "guest", "triage");
  viewing = createViewerGitHub({ baseUrl: `http://${github.host}/api/v3`, timeLimitMs: 5_000 });
});
afterEach(async () => {
  github.forgetFaults();
  await github.installation.unsuspend();
  for (const name of ["secret", hello.repo]) await github.installation.addRepository(name);
});
afterAll(() => github.close());

const tokenOf = (login: string) => github.oauth.authorize(login).token;
const namesIn = ({ repositories }: ViewerScope) => repositories.map(({ name }) => name);

/** The requests of a moment, and what GitHub answered. */
async function asked(act: () => Promise<unknown>): Promise<string[]> {
  const before = github.requests.length;
  await act();
  return github.requests.slice(before).map(({ method, path, query, status }) => {
    const text = new URLSearchParams(query).toString();
    const request = `${path}${text === "" ? "" : `?${text}`}`;
    expect(problemsOfRequest({ method, path: request })).toEqual([]);
    return `${status} ${request}`;
  });
}

describe("what somebody can read", () => {
  test("is what they have a role in, of what the App is installed on", async () => {
    const scope = await viewing.scope(tokenOf("guest"), null);
    expect(scope).toEqual({
      installations: [
        {
          id: github.installationId,
          account: { id: expect.any(Number), login: "octo-org", isOrganization: true },
          isSuspended: false,
        },
      ],
      repositories: [
        { ...SECRET, ...OWNER, id: expect.any(Number), isPrivate: true, role: "triage" },
      ],
    });
  });

  test("is on all of GitHub's pages", async () => {
    const token = tokenOf("octocat");
    const requests = await asked(async () => {
      const names = namesIn(await viewing.scope(token, null));
      expect(new Set(names).size).toBe(names.length);
      expect(names.toSorted()).toEqual(
        ["hello", "blocked", "secret", ...MANY.map(({ name }) => name)].toSorted(),
      );
    });
    const list = `/user/installations/${github.installationId}/repositories?per_page=100&page=`;
    expect(requests.toSorted()).toEqual(
      [
        "200 /user/installations?per_page=100&page=1",
        ...[1, 2, 3].map((page) => `200 ${list}${page}`),
      ].toSorted(),
    );
  });

  test("is asked for with GitHub's tags, so that what hasn't changed costs nothing", async () => {
    const token = tokenOf("octocat");
    const first = await viewing.scope(token, null);
    const requests = await asked(async () => {
      const second = await viewing.scope(token, first);
      expect(second).toEqual(first);
      await github.installation.removeRepository("secret");
      const third = await viewing.scope(token, second);
      expect(namesIn(third)).not.toContain("secret");
      expect(third.repositories).toHaveLength(first.repositories.length - 1);
    });
    expect(requests.map((one) => one.slice(0, 3)).slice(0, 4)).toEqual([
      "304",
      "304",
      "304",
      "304",
    ]);
    expect(requests.slice(4).some((one) => one.startsWith("200"))).toBe(true);
  });

  test("is nothing where they have no role, although everybody can read it", async () => {
    expect(await viewing.scope(tokenOf("lonely"), null)).toEqual({
      installations: [],
      repositories: [],
    });
  });

  test("is nothing where the App is suspended, or removed", async () => {
    const token = tokenOf("guest");
    await github.installation.suspend();
    expect(await viewing.scope(token, null)).toMatchObject({
      installations: [{ isSuspended: true }],
      repositories: [],
    });
    await github.installation.unsuspend();
    await github.installation.removeRepository("secret");
    expect(namesIn(await viewing.scope(token, null))).toEqual([]);
  });

  test("is nothing where the account's rules refuse, such as its single sign-on", async () => {
    const path = `/user/installations/${github.installationId}/repositories`;
    const sso = "Resource protected by organization SAML enforcement.";
    github.failNext({ method: "GET", path }, { status: 403, body: { message: sso } });
    expect(await viewing.scope(tokenOf("guest"), null)).toMatchObject({
      installations: [{}],
      repositories: [],
    });
  });
});

describe("a repository by its address", () => {
  test.each([
    ["octocat", "admin"],
    ["writer", "write"],
    ["guest", "read"],
  ])("can be read by %s, as %s", async (login, role) => {
    const found = await viewing.repository(tokenOf(login), {
      owner: hello.owner,
      name: hello.repo,
    });
    expect(found).toEqual({
      owner: hello.owner,
      name: hello.repo,
      id: expect.any(Number),
      ...OWNER,
      isPrivate: false,
      role,
    });
  });

  test("is missing for others, as one that there isn't", async () => {
    expect(await viewing.repository(tokenOf("guest"), SECRET)).toMatchObject({ isPrivate: true });
    for (const [login, address] of [
      ["lonely", SECRET],
      ["lonely", { ...SECRET, name: "none" }],
      ["lonely", { owner: "..", name: "../user" }],
    ] as const) {
      expect(await viewing.repository(tokenOf(login), address)).toBeNull();
    }
  });

  test("that's private is missing where the App isn't installed", async () => {
    await github.installation.removeRepository("secret");
    expect(await viewing.repository(tokenOf("octocat"), SECRET)).toBeNull();
  });

  test("is found where it is now", async () => {
    const octocat = github.as("octocat");
    const token = tokenOf("octocat");
    const before = await viewing.repository(token, { owner: hello.owner, name: "many-7" });
    await octocat.rename({ owner: hello.owner, repo: "many-7" }, "moved-7");
    const after = await viewing.repository(token, { owner: hello.owner, name: "many-7" });
    expect(after).toMatchObject({ id: before?.id, name: "moved-7" });
    await octocat.rename({ owner: hello.owner, repo: "moved-7" }, "many-7");
  });
});

const trouble = (reason: string) => ({ name: "ViewingTrouble", reason });

describe("when GitHub", () => {
  test("refuses the token, it says so", async () => {
    for (const token of ["ghu_unknown", github.oauth.authorize("guest").token]) {
      if (token !== "ghu_unknown") await github.oauth.revoke("guest");
      await expect(viewing.scope(token, null)).rejects.toMatchObject(trouble("token_refused"));
      await expect(viewing.repository(token, SECRET)).rejects.toMatchObject(
        trouble("token_refused"),
      );
    }
  });

  test.each([
    ["fails", { status: 502, body: { message: "Server Error" } }],
    ["has a limit", { status: 429, body: { message: "slow down" } }],
    ["has a limit of requests", { status: 403, body: { message: "API rate limit exceeded" } }],
    ["sends what isn't a list", { status: 200, body: { repositories: "many" } }],
  ] as const)("%s, nobody knows what can be read", async (_what, answer) => {
    const path = `/user/installations/${github.installationId}/repositories`;
    github.failNext({ method: "GET", path }, answer);
    await expect(viewing.scope(tokenOf("guest"), null)).rejects.toMatchObject(
      trouble("unreachable"),
    );
  });

  test("hangs up, nobody knows either", async () => {
    const nowhere = createViewerGitHub({ baseUrl: "http://127.0.0.1:9" });
    const failed = nowhere.repository("ghu_s3cret", SECRET);
    await expect(failed).rejects.toMatchObject(trouble("unreachable"));
    await expect(failed).rejects.not.toThrow("s3cret");
  });
});
