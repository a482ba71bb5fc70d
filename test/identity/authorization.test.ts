import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Authorization, Granted } from "../../src/ports/authorization.ts";
import { createBrowser } from "../../sandbox/browser.ts";
import { agreeAs, authorizationOn, CALLBACK, newProof } from "./authorized.ts";

let github: LoopbackGitHub;
let authorization: Authorization;
const warnings: unknown[] = [];

beforeAll(async () => {
  github = await startGitHub();
  github.app.callbackUrls.push(CALLBACK);
  github.oauth.oauthApp.callbackUrl = "https://bot.example.com/";
});
beforeEach(() => {
  authorization = authorizationOn(github, warnings);
});
afterEach(() => {
  github.clockOffsetMs = 0;
  github.oauth.takesAppTokens = true;
  warnings.length = 0;
});
afterAll(() => github.close());

function oauthAppOn() {
  const { clientId, clientSecret } = github.oauth.oauthApp;
  return authorizationOn(github, warnings, {
    oauthApp: { clientId, clientSecret, scopes: ["read:user", "repo"] },
  });
}

async function tokensOf(login: string, from = authorization) {
  const { verifier, challenge } = newProof();
  const sent = await agreeAs(login, from.authorizeUrl({ state: "s", challenge }));
  return grantOf(await from.exchange(sent["code"] ?? "", verifier));
}

function grantOf(granted: Granted) {
  if (granted.type !== "granted") throw new Error(`${granted.type}: ${granted.message}`);
  return granted;
}

describe("a person's authorization", () => {
  test("is asked for at GitHub, with PKCE and the exact callback", () => {
    const url = new URL(authorization.authorizeUrl({ state: "a&b", challenge: "c".repeat(43) }));
    expect(url.origin + url.pathname).toBe(`http://${github.host}/login/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      allow_signup: "true",
      client_id: github.oauth.clientId,
      redirect_uri: CALLBACK,
      state: "a&b",
      code_challenge: "c".repeat(43),
      code_challenge_method: "S256",
    });
  });

  test("has GitHub ask for the account where another one has agreed before", async () => {
    const { challenge } = newProof();
    await agreeAs("writer", authorization.authorizeUrl({ state: "s", challenge }));
    const browser = createBrowser(`http://${github.host}`);
    await browser.send("/login", { login: "writer" });
    const again = await browser.send(authorization.authorizeUrl({ state: "s", challenge }));
    expect(again.location).toContain(`${CALLBACK}?code=`);
    const url = authorization.authorizeUrl({ state: "s", challenge, neededLogin: "reader" });
    const { location } = await browser.send(url);
    expect(location).toMatch(/^\/login\?.*login=reader/);
    const { html } = await browser.send(location ?? "");
    expect(/<button name="login" value="(?<first>\w+)"/u.exec(html)?.groups?.["first"]).toBe(
      "reader",
    );
  });

  test("gives tokens that are good for eight hours", async () => {
    expect(authorization.kind).toBe("app");
    const { verifier, challenge } = newProof();
    const sent = await agreeAs("writer", authorization.authorizeUrl({ state: "xyz", challenge }));
    expect(sent["state"]).toBe("xyz");
    const before = Date.now();
    const { tokens, expiresAt } = grantOf(
      await authorization.exchange(sent["code"] ?? "", verifier),
    );
    expect(tokens).toEqual({
      token: expect.stringMatching(/^ghu_/),
      refreshToken: expect.stringMatching(/^ghr_/),
    });
    const grantedAt = Date.parse(expiresAt ?? "") - 8 * 3_600_000;
    expect(grantedAt).toBeGreaterThanOrEqual(before);
    expect(grantedAt).toBeLessThanOrEqual(Date.now());
    expect(await authorization.examine(tokens.token)).toEqual({
      type: "good",
      person: { id: expect.any(Number), login: "writer" },
      rights: { plan: "business", cloudSessions: true, remoteControl: true },
    });
  });

  test("can't be had with another browser's code", async () => {
    const { challenge } = newProof();
    const sent = await agreeAs("writer", authorization.authorizeUrl({ state: "s", challenge }));
    const refused = await authorization.exchange(sent["code"] ?? "", newProof().verifier);
    expect(refused).toEqual({
      type: "refused",
      code: "bad_verification_code",
      message: "The code passed is incorrect or expired.",
    });
  });

  test("can be of an OAuth App", async () => {
    const oauthApp = oauthAppOn();
    expect(oauthApp.kind).toBe("oauth_app");
    const { tokens, expiresAt } = await tokensOf("writer", oauthApp);
    expect(tokens).toEqual({ token: expect.stringMatching(/^gho_/), refreshToken: null });
    expect(expiresAt).toBeNull();
    expect(await oauthApp.examine(tokens.token)).toMatchObject({ type: "good" });
    const url = new URL(oauthApp.authorizeUrl({ state: "s", challenge: "c".repeat(43) }));
    expect(url.searchParams.get("scope")).toBe("read:user,repo");
  });

  test("isn't given for a wrong client secret", async () => {
    const app = { clientId: github.oauth.clientId, clientSecret: "wrong" };
    const other = authorizationOn(github, warnings, { app });
    expect(await other.exchange("code", "verifier")).toMatchObject({
      type: "refused",
      code: "incorrect_client_credentials",
    });
    // The people who have connected don't pay for that.
    const { refreshToken } = github.oauth.authorize("writer");
    expect(await other.refresh(refreshToken ?? "")).toEqual({
      type: "unreachable",
      message:
        "GitHub doesn't accept GITHUB_CLIENT_ID with GITHUB_CLIENT_SECRET (incorrect_client_credentials)",
    });
  });
});

describe("a refresh", () => {
  test("gives new tokens, and ends the old ones", async () => {
    const old = github.oauth.authorize("writer");
    const { tokens } = grantOf(await authorization.refresh(old.refreshToken ?? ""));
    expect(tokens.token).not.toBe(old.token);
    expect(await authorization.examine(tokens.token)).toMatchObject({ type: "good" });
    expect(await authorization.examine(old.token)).toEqual({
      type: "unfit",
      person: null,
      problem: "GitHub doesn't accept this token: it expired or was revoked.",
      page: null,
    });
    expect(await authorization.refresh(old.refreshToken ?? "")).toMatchObject({
      type: "refused",
      code: "bad_refresh_token",
    });
  });

  test("is the App's, whichever client people authorize now", async () => {
    const { refreshToken } = github.oauth.authorize("writer");
    expect(await oauthAppOn().refresh(refreshToken ?? "")).toMatchObject({ type: "granted" });
  });

  test("that takes effect although its answer has no date is not lost", async () => {
    // @octokit/oauth-methods reads the date, and throws.
    const { refreshToken } = github.oauth.authorize("writer");
    const body = { access_token: "ghu_0123456789", refresh_token: "ghr_0123456789" };
    const path = "/login/oauth/access_token";
    github.failNext({ method: "POST", path }, { status: 200, body, headers: { date: "" } });
    expect(await authorization.refresh(refreshToken ?? "")).toMatchObject({
      type: "granted",
      tokens: { token: "ghu_0123456789", refreshToken: "ghr_0123456789" },
    });
  });
});

describe("a token", () => {
  test("without Copilot Requests is named, with the page", async () => {
    const token = github.oauth.personalToken("writer", { copilotRequests: false });
    expect(await authorization.examine(token)).toEqual({
      type: "unfit",
      person: { id: expect.any(Number), login: "writer" },
      problem: expect.stringContaining("“Copilot Requests”"),
      page: `http://${github.host}/settings/personal-access-tokens`,
    });
    const good = github.oauth.personalToken("writer");
    expect(await authorization.examine(good)).toMatchObject({ type: "good" });
  });

  test("of an App is named where Copilot doesn't accept those", async () => {
    github.oauth.takesAppTokens = false;
    const { token } = github.oauth.authorize("writer");
    expect(await authorization.examine(token)).toMatchObject({
      type: "unfit",
      person: { login: "writer" },
      problem: expect.stringContaining("Copilot doesn't accept the token"),
    });
  });

  test("of somebody whose Copilot may not is named", async () => {
    const seat = github.oauth.copilotOf("reader");
    const { token } = github.oauth.authorize("reader");
    seat.remoteControl = false;
    expect(await authorization.examine(token)).toMatchObject({
      type: "unfit",
      problem: expect.stringContaining("doesn't allow sessions of @reader to be controlled"),
      page: `http://${github.host}/organizations/octo-org/settings/copilot/policies`,
    });
    seat.isEnabled = false;
    expect(await authorization.examine(token)).toMatchObject({
      type: "unfit",
      person: { login: "reader" },
      problem: expect.stringContaining("Copilot isn't enabled for @reader."),
      page: `http://${github.host}/settings/copilot`,
    });
  });

  test.each([`ghp_${"x".repeat(36)}`, `ghs_${"x".repeat(36)}`, "a\r\nb: c", ""])(
    "%j isn't asked about",
    async (token) => {
      const before = github.requests.length;
      expect(await authorization.examine(token)).toMatchObject({ type: "unfit", person: null });
      expect(github.requests.length).toBe(before);
    },
  );
});

describe("revoking", () => {
  test.each(["app", "oauth_app"] as const)(
    "ends a token of kind %s, and no other",
    async (kind) => {
      const from = oauthAppOn();
      const [one, two] = [
        github.oauth.authorize("writer", kind),
        github.oauth.authorize("writer", kind),
      ];
      await from.revoke(one.token, kind);
      expect(await from.examine(one.token)).toMatchObject({ type: "unfit" });
      expect(await from.examine(two.token)).toMatchObject({ type: "good" });
      // Nothing is wrong with one that has ended.
      await from.revoke(one.token, kind);
      expect(warnings).toEqual([]);
    },
  );

  test("is withdrawn with all its tokens, and GitHub asks for it again", async () => {
    const [one, two] = [github.oauth.authorize("writer"), github.oauth.authorize("writer")];
    expect(await authorization.stateOf(one.token, "app")).toBe("alive");
    expect(await authorization.withdraw(one.token, "app")).toBe(true);
    expect(await authorization.stateOf(one.token, "app")).toBe("ended");
    expect(await authorization.stateOf(two.token, "app")).toBe("ended");
    expect(await authorization.withdraw(two.token, "app")).toBe(false);
    expect(warnings).toEqual([]);
  });

  test("that GitHub doesn't delete loses its token at least", async () => {
    const { token } = github.oauth.authorize("writer");
    const path = /^\/applications\/[^/]+\/grant/;
    github.failNext({ method: "DELETE", path }, { status: 502, body: "<html>" });
    expect(await authorization.withdraw(token, "app")).toBe(true);
    expect(await authorization.stateOf(token, "app")).toBe("ended");
    expect(warnings).toHaveLength(1);
  });

  test("of a person's own token is asked for with the token", async () => {
    const token = github.oauth.personalToken("writer");
    expect(await authorization.stateOf(token, "personal")).toBe("alive");
    expect(await authorization.stateOf(`${token}x`, "personal")).toBe("ended");
    github.failNext(
      { method: "GET", path: /^\/(api\/v3\/)?user$/ },
      { status: 502, body: "<html>" },
    );
    expect(await authorization.stateOf(token, "personal")).toBe("unknown");
  });

  test("leaves a person's own token to them", async () => {
    const token = github.oauth.personalToken("writer");
    const before = github.requests.length;
    await authorization.revoke(token, "personal");
    expect(github.requests.length).toBe(before);
  });

  test("only warns when GitHub doesn't do it", async () => {
    const { token } = github.oauth.authorize("writer");
    const path = /^\/applications\//;
    github.failNext({ method: "DELETE", path }, { status: 502, body: "<html>" });
    await authorization.revoke(token, "app");
    github.failNext({ method: "DELETE", path }, "drop");
    await authorization.revoke(token, "app");
    const message = "token not revoked at GitHub";
    const [unread, dropped] = [
      "GitHub's answer couldn't be read (status 502)",
      expect.stringMatching(/^GitHub didn't respond \(\w+\)$/),
    ];
    expect(warnings).toEqual([
      [{ kind: "app", reason: unread }, message],
      [{ kind: "app", reason: dropped }, message],
    ]);
  });
});
