import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Authorization } from "../../src/ports/authorization.ts";
import { authorizationOn } from "./authorized.ts";

let github: LoopbackGitHub;
let authorization: Authorization;
const warnings: unknown[] = [];

beforeAll(async () => {
  github = await startGitHub();
  authorization = authorizationOn(github, warnings, { timeLimitMs: 300 });
});
afterEach(() => {
  github.forgetFaults();
  warnings.length = 0;
});
afterAll(() => github.close());

const HTML = { "content-type": "text/html; charset=utf-8" };
const html = (status: number): FaultAnswer => ({
  status,
  body: Buffer.from("<html>ghu_shown0123456789abcdef</html>"),
  headers: HTML,
});

/** What GitHub, or a proxy before it, may do, and how that is reported. */
const ODD: readonly (readonly [string, FaultAnswer, RegExp])[] = [
  ["a page", html(200), /200/],
  ["a page of a proxy's", html(502), /502/],
  ["an error", { status: 500, body: { message: "Server Error" } }, /500/],
  ["a limit", { status: 429, body: { message: "Too many requests" } }, /429/],
  [
    "a secondary limit",
    { status: 403, body: { message: "You have exceeded a secondary rate limit." } },
    /403/,
  ],
  ["nothing that is JSON", { status: 200, body: Buffer.from("{") }, /200/],
  ["an empty object", { status: 200, body: {} }, /200/],
  ["null", { status: 200, body: null }, /200/],
  ["a number", { status: 200, body: 7 }, /200/],
  [
    "a redirect to somewhere else",
    { status: 302, headers: { location: "http://127.0.0.1:9/" } },
    /302/,
  ],
  ["a closed connection", "drop", /didn't respond \(\w+\)/],
  ["silence", "hang", /didn't respond \(timed out\)/],
];

const TOKEN = { method: "POST", path: "/login/oauth/access_token" };

/** That nothing which was sent comes out. */
function expectNoSecrets(outcome: unknown, ...sent: readonly (string | null)[]): void {
  const shown = JSON.stringify([outcome, warnings]);
  const secrets = [...sent, github.oauth.clientSecret, "ghu_shown"];
  for (const secret of secrets) expect(shown).not.toContain(secret);
}

describe.each(ODD)("%s", (_name, answer, says) => {
  const unreachable = { type: "unreachable", message: expect.stringMatching(says) };

  test("instead of a token for a code", async () => {
    github.failNext(TOKEN, answer);
    const outcome = await authorization.exchange("c0de-of-the-flow", "verifier-of-the-flow");
    expect(outcome).toEqual(unreachable);
    expectNoSecrets(outcome, "c0de-of-the-flow", "verifier-of-the-flow");
  });

  test("instead of a new token", async () => {
    const { refreshToken } = github.oauth.authorize("writer");
    github.failNext(TOKEN, answer);
    const outcome = await authorization.refresh(refreshToken ?? "");
    expect(outcome).toEqual(unreachable);
    expectNoSecrets(outcome, refreshToken);
  });

  test("instead of the account", async () => {
    const { token } = github.oauth.authorize("writer");
    github.failNext({ method: "GET", path: "/user" }, answer);
    const outcome = await authorization.examine(token);
    expect(outcome).toEqual(unreachable);
    expectNoSecrets(outcome, token);
  });

  test("when a token is to be ended", async () => {
    const { token } = github.oauth.authorize("writer");
    github.failNext({ method: "DELETE", path: /^\/applications\// }, answer);
    await authorization.revoke(token, "app");
    expect(warnings).toEqual([
      [{ kind: "app", reason: expect.stringMatching(says) }, expect.any(String)],
    ]);
    expectNoSecrets(null, token);
  });
});

test.each<readonly [string, FaultAnswer, RegExp]>([
  ["a page", html(200), /answered 200/],
  ["an error", { status: 502, body: { message: "Bad Gateway" } }, /answered 502/],
  ["a closed connection", "drop", /didn't respond/],
])("%s instead of what Copilot may do", async (_name, answer, says) => {
  const { token } = github.oauth.authorize("writer");
  github.failNext({ method: "GET", path: "/copilot_internal/user" }, answer);
  const outcome = await authorization.examine(token);
  expect(outcome).toEqual({ type: "unreachable", message: expect.stringMatching(says) });
  expectNoSecrets(outcome, token);
});

test("a look-up that says nothing leaves the rights unknown", async () => {
  const { token } = github.oauth.authorize("writer");
  github.failNext({ method: "GET", path: "/copilot_internal/user" }, { status: 200, body: {} });
  expect(await authorization.examine(token)).toMatchObject({
    type: "good",
    rights: { plan: null, cloudSessions: null, remoteControl: null },
  });
});

test("a refusal in another status is one", async () => {
  const body = { error: "bad_refresh_token", error_description: "It has expired." };
  github.failNext(TOKEN, { status: 400, body });
  const refused = { type: "refused", code: "bad_refresh_token", message: "It has expired." };
  expect(await authorization.refresh("ghr_x")).toEqual(refused);
});

test("GitHub's words about a token come without it", async () => {
  const { refreshToken } = github.oauth.authorize("writer");
  const body = { error: "bad_refresh_token", error_description: `Unknown: ${refreshToken}` };
  github.failNext(TOKEN, { status: 200, body });
  const outcome = await authorization.refresh(refreshToken ?? "");
  expect(outcome).toMatchObject({ type: "refused", message: "Unknown: [redacted]" });
});
