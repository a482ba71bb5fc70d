import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { copilotAccount } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { createAccountLookup } from "../../src/github/copilot-account.ts";

let github: LoopbackGitHub;
const warnings: object[] = [];
let now = 0;

beforeAll(async () => {
  github = await startGitHub();
});
afterEach(() => {
  github.forgetFaults();
  warnings.length = 0;
});
afterAll(() => github.close());

type Kind = "cloud" | "residency" | "server";

function lookupOn(kind: Kind, token = github.as(copilotAccount).token) {
  const log = { warn: (fields: object) => void warnings.push(fields) };
  const baseUrl = `http://${github.host}/api/v3`;
  const variable = "COPILOT_GITHUB_TOKEN";
  return createAccountLookup({ token, variable, baseUrl, kind, log, now: () => now });
}

function refuse(status: number, message: string) {
  github.failNext({ method: "GET", path: "/user" }, { status, body: { message } });
}

const lookups = () => github.requests.filter(({ path }) => path === "/user").length;

test("the account is looked up once", async () => {
  const before = lookups();
  const lookUp = lookupOn("cloud");
  expect(await lookUp()).toMatchObject({ login: copilotAccount });
  refuse(401, "Bad credentials");
  expect(await lookUp()).toMatchObject({ login: copilotAccount });
  expect(lookups()).toBe(before + 1);
});

describe("a refusal", () => {
  test.each<[Kind, number, string]>([
    ["cloud", 401, "Bad credentials"],
    ["residency", 401, "Bad credentials"],
    ["cloud", 403, "Sorry. Your account was suspended."],
    ["server", 403, "Resource not accessible by personal access token"],
    ["cloud", 404, "Not Found"],
    ["server", 404, "Not Found"],
  ])("on %s with %i is kept for a minute", async (kind, status, message) => {
    const before = lookups();
    const lookUp = lookupOn(kind);
    refuse(status, message);
    const refusal = { type: "refusal", status, message };
    expect(await lookUp()).toEqual(refusal);
    now += 59_999;
    expect(await lookUp()).toEqual(refusal);
    expect(lookups()).toBe(before + 1);
    expect(warnings).toEqual([{ status, message }]);
    now += 1;
    expect(await lookUp()).toMatchObject({ login: copilotAccount });
    expect(lookups()).toBe(before + 2);
  });

  test("of an Enterprise Server is of a token that belongs to another GitHub", async () => {
    const token = "gho_0123456789012345678901234567890123456";
    expect(await lookupOn("server", token)()).toBeNull();
    expect(warnings).toMatchObject([{ status: 401 }]);
  });

  test.each([
    [403, "You have exceeded a secondary rate limit."],
    [403, "You have triggered an abuse detection mechanism."],
    [500, "Server Error"],
    [503, "Service Unavailable"],
  ])("with %i that passes is none: %s", async (status, message) => {
    const lookUp = lookupOn("cloud");
    refuse(status, message);
    await expect(lookUp()).rejects.toMatchObject({ status });
    expect(await lookUp()).toMatchObject({ login: copilotAccount });
    expect(warnings).toEqual([]);
  });
});
