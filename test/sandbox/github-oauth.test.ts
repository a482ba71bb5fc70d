import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { trusted } from "../../sandbox/github/shapes.ts";
import type { Browser } from "../../sandbox/browser.ts";
import { createBrowser } from "../../sandbox/browser.ts";
import { payloadProblems } from "./description.ts";

const CALLBACK = "https://bot.example.com/oauth/callback";
const VERIFIER = "v".repeat(43);
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

let github: LoopbackGitHub;
let browser: Browser;

beforeAll(async () => {
  github = await startGitHub({ people: { "o'hara": "write" } });
  github.app.callbackUrls.push(CALLBACK);
});
beforeEach(() => {
  github.clockOffsetMs = 0;
  browser = createBrowser(`http://${github.host}`);
});
afterAll(() => github.close());

type Fields = Readonly<Record<string, string>>;

function authorizePath(more: Fields = {}): string {
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: "S256" };
  const asked = { client_id: github.oauth.clientId, redirect_uri: CALLBACK, state: "xyz", ...pkce };
  return `/login/oauth/authorize?${new URLSearchParams({ ...asked, ...more }).toString()}`;
}

const queryOf = (location: string | null) =>
  Object.fromEntries(new URL(location ?? "").searchParams);

/** The code that the callback gets after somebody has signed in and agreed. */
async function codeFor(login: string, more: Fields = {}): Promise<string> {
  await browser.send("/login", { login });
  const path = authorizePath(more);
  const shown = await browser.send(path);
  const form = Object.fromEntries(new URL(path, "http://x").searchParams);
  const decided =
    shown.status === 302
      ? shown
      : await browser.send("/login/oauth/authorize", { ...form, authorize: "1" });
  return queryOf(decided.location)["code"] ?? "";
}

async function exchange(fields: Fields): Promise<Record<string, unknown>> {
  const { clientId: client_id, clientSecret: client_secret } = github.oauth;
  const response = await fetch(`http://${github.host}/login/oauth/access_token`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ client_id, client_secret, ...fields }),
  });
  expect(response.status).toBe(200);
  return trusted<Record<string, unknown>>(await response.json());
}

async function get(path: string, token: string): Promise<readonly [number, unknown]> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://${github.host}/api/v3${path}`, { headers });
  return [response.status, await response.json()];
}

describe("the page on which people agree", () => {
  test("is shown to who has signed in, and sends them back with a code", async () => {
    const path = authorizePath();
    const first = await browser.send(path);
    expect(first).toMatchObject({ status: 302, location: expect.stringMatching(/^\/login\?/) });
    const signIn = await browser.send(first.location ?? "");
    expect(signIn.html).toContain('<button name="login" value="writer">writer</button>');
    expect(signIn.html).toContain('value="o&apos;hara"');
    const return_to = new URLSearchParams(first.location?.split("?")[1]).get("return_to") ?? "";
    const signedIn = await browser.send("/login", { login: "writer", return_to });
    expect(signedIn).toMatchObject({ status: 302, location: path });

    const page = await browser.send(path);
    expect(page.html).toContain("<h1>Authorize Copilot Task Bot</h1>");
    expect(page.html).toContain("<b>writer</b>");
    expect(page.html).toContain('<button name="authorize" value="1">Authorize</button>');
    const form = Object.fromEntries(new URL(path, "http://x").searchParams);
    const agreed = await browser.send("/login/oauth/authorize", { ...form, authorize: "1" });
    expect(agreed.location).toContain(CALLBACK);
    expect(queryOf(agreed.location)).toEqual({ code: expect.any(String), state: "xyz" });
    // Who has authorized the App isn't asked again.
    expect(queryOf((await browser.send(path)).location)).toHaveProperty("code");
    // Unless the request wants the account to be chosen.
    const chosen = await browser.send(authorizePath({ prompt: "select_account" }));
    expect(chosen.location).toMatch(/^\/login\?/);
    expect(chosen.location).not.toContain("prompt");
  });

  test("escapes what it's asked with", async () => {
    await browser.send("/login", { login: "reader" });
    const page = await browser.send(authorizePath({ state: '"><script>' }));
    expect(page.html).toContain("&quot;&gt;&lt;script&gt;");
    expect(page.html).not.toContain("<script>");
  });

  test("can be refused", async () => {
    await browser.send("/login", { login: "reader" });
    const form = Object.fromEntries(new URL(authorizePath(), "http://x").searchParams);
    const refused = await browser.send("/login/oauth/authorize", { ...form, authorize: "0" });
    expect(refused.location).toContain(CALLBACK);
    expect(queryOf(refused.location)).toEqual({
      error: "access_denied",
      error_description: "The user has denied your application access.",
      error_uri: expect.stringContaining("#access-denied"),
      state: "xyz",
    });
  });

  test("isn't there for another client, and leads nowhere else", async () => {
    expect(await browser.send(authorizePath({ client_id: "Iv1.other" }))).toMatchObject({
      status: 404,
    });
    await browser.send("/login", { login: "reader" });
    for (const redirect_uri of [
      "https://evil.example.com/",
      `${CALLBACK}/below`,
      `${CALLBACK}?a=b`,
    ]) {
      const { location } = await browser.send(authorizePath({ redirect_uri }));
      expect(location).toContain(`${CALLBACK}?`);
      expect(queryOf(location)).toMatchObject({ error: "redirect_uri_mismatch", state: "xyz" });
    }
    const left = await browser.send("/login", { login: "reader", return_to: "//evil.example.com" });
    expect(left.location).toBe("/");
    expect(await browser.send("/api/v3/login/oauth/authorize")).toMatchObject({ status: 404 });
  });

  test("isn't among the bot's requests", () => {
    expect(github.requests.filter(({ path }) => path.startsWith("/login/oauth/auth"))).toEqual([]);
  });
});

describe("the App's tokens", () => {
  test("come for a code, once, with the verifier of its challenge", async () => {
    const code = await codeFor("writer");
    const fields = { code, code_verifier: VERIFIER, redirect_uri: CALLBACK };
    expect(await exchange({ ...fields, client_secret: "wrong" })).toMatchObject({
      error: "incorrect_client_credentials",
    });
    const elsewhere = { ...fields, redirect_uri: "https://evil.example.com/" };
    expect(await exchange(elsewhere)).toMatchObject({ error: "redirect_uri_mismatch" });

    const granted = await exchange(fields);
    expect(granted).toEqual({
      access_token: expect.stringMatching(/^ghu_\w{36}$/),
      expires_in: 28_800,
      refresh_token: expect.stringMatching(/^ghr_\w{76}$/),
      refresh_token_expires_in: 15_897_600,
      scope: "",
      token_type: "bearer",
    });
    expect(await get("/user", String(granted["access_token"]))).toMatchObject([
      200,
      { login: "writer" },
    ]);
    expect(await exchange(fields)).toEqual({
      error: "bad_verification_code",
      error_description: "The code passed is incorrect or expired.",
      error_uri: expect.stringMatching(/^https:.*#bad-verification-code$/),
    });
  });

  test.each([{}, { code_verifier: "w".repeat(43) }])(
    "don't come with the verifier %o",
    async (wrong) => {
      const code = await codeFor("writer");
      expect(await exchange({ code, ...wrong })).toMatchObject({ error: "bad_verification_code" });
    },
  );

  test("don't come for a code that is more than ten minutes old", async () => {
    const code = await codeFor("writer");
    github.clockOffsetMs = 600_001;
    const refused = await exchange({ code, code_verifier: VERIFIER });
    expect(refused).toMatchObject({ error: "bad_verification_code" });
  });

  test("come as a form where JSON isn't asked for", async () => {
    const code = await codeFor("writer");
    const { clientId: client_id, clientSecret: client_secret } = github.oauth;
    const response = await fetch(`http://${github.host}/login/oauth/access_token`, {
      method: "POST",
      body: new URLSearchParams({ client_id, client_secret, code, code_verifier: VERIFIER }),
    });
    expect(response.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    expect(Object.fromEntries(new URLSearchParams(await response.text()))).toMatchObject({
      access_token: expect.stringMatching(/^ghu_/),
      expires_in: "28800",
    });
  });

  test("end after their time, and with a refresh", async () => {
    github.oauth.lifetimes.tokenLifetimeSeconds = 60;
    const { token, refreshToken } = github.oauth.authorize("writer");
    github.oauth.lifetimes.tokenLifetimeSeconds = 28_800;
    github.clockOffsetMs = 60_001;
    expect(await get("/user", token)).toMatchObject([401, { message: "Bad credentials" }]);

    const before = github.oauth.refreshes.length;
    const fields = { grant_type: "refresh_token", refresh_token: refreshToken ?? "" };
    const refreshed = await exchange(fields);
    expect(refreshed).toMatchObject({ expires_in: 28_800, refresh_token: expect.any(String) });
    expect(await exchange(fields)).toMatchObject({ error: "bad_refresh_token" });
    expect(github.oauth.refreshes.slice(before)).toMatchObject([{ login: "writer" }]);

    const again = { ...fields, refresh_token: String(refreshed["refresh_token"]) };
    await exchange(again);
    const [status] = await get("/user", String(refreshed["access_token"]));
    expect(status).toBe(401);
  });

  test("don't end where the App's owner has opted out", async () => {
    github.oauth.lifetimes.tokenLifetimeSeconds = null;
    const code = await codeFor("writer");
    const granted = await exchange({ code, code_verifier: VERIFIER });
    github.oauth.lifetimes.tokenLifetimeSeconds = 28_800;
    expect(Object.keys(granted).toSorted()).toEqual(["access_token", "scope", "token_type"]);
  });

  test("are ten for a person at most", () => {
    const all = Array.from({ length: 11 }, () => github.oauth.authorize("reader").token);
    const states = all.map((token) => github.oauth.lookUpCopilot(token, "https://x").status);
    expect(states).toEqual([401, ...Array.from({ length: 10 }, () => 200)]);
  });

  test("end with the authorization, which the App hears of", async () => {
    github.deliverTo("http://127.0.0.1:9/");
    const { token } = github.oauth.authorize("writer");
    await github.oauth.revoke("writer");
    expect((await get("/user", token))[0]).toBe(401);
    const delivery = github.deliveries.at(-1);
    expect(delivery).toMatchObject({
      event: "github_app_authorization",
      action: "revoked",
      payload: { sender: { login: "writer" } },
    });
    expect(delivery && payloadProblems(delivery)).toEqual([]);
    const { status } = await browser.send("/login", { login: "writer" }).then(() => {
      return browser.send(authorizePath());
    });
    expect(status).toBe(200);
  });

  test("are ended by the App with its secret", async () => {
    const { token } = github.oauth.authorize("writer");
    const { clientId, clientSecret } = github.oauth;
    const end = (what: string, secret: string, access_token: string) =>
      fetch(`http://${github.host}/api/v3/applications/${clientId}/${what}`, {
        method: "DELETE",
        headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
        body: JSON.stringify({ access_token }),
      }).then(({ status }) => status);
    expect(await end("token", "wrong", token)).toBe(401);
    expect(await end("token", clientSecret, "ghu_unknown")).toBe(404);
    expect(await end("token", clientSecret, token)).toBe(204);
    expect((await get("/user", token))[0]).toBe(401);
    const two = [github.oauth.authorize("writer"), github.oauth.authorize("writer")];
    expect(await end("grant", clientSecret, two[0]?.token ?? "")).toBe(204);
    expect((await get("/user", two[1]?.token ?? ""))[0]).toBe(401);
  });
});

test("an OAuth App's tokens have scopes, and don't expire", async () => {
  const { oauthApp } = github.oauth;
  oauthApp.callbackUrl = "http://127.0.0.1/oauth";
  const client = { client_id: oauthApp.clientId, client_secret: oauthApp.clientSecret };
  const redirect_uri = "http://127.0.0.1:4567/oauth/callback";
  const asked = { client_id: oauthApp.clientId, redirect_uri, scope: "read:user copilot" };
  const code = await codeFor("writer", asked);
  const granted = await exchange({ ...client, code, code_verifier: VERIFIER, redirect_uri });
  expect(granted).toEqual({
    access_token: expect.stringMatching(/^gho_\w{36}$/),
    scope: "read:user,copilot",
    token_type: "bearer",
  });
  github.clockOffsetMs = 1e12;
  expect((await get("/user", String(granted["access_token"])))[0]).toBe(200);
  // Another client doesn't get anything for it.
  const other = await codeFor("writer", asked);
  expect(await exchange({ code: other, code_verifier: VERIFIER })).toMatchObject({
    error: "bad_verification_code",
  });
});

describe("Copilot's look-up", () => {
  test("says what a person's Copilot may do", async () => {
    const { token } = github.oauth.authorize("writer");
    expect(await get("/copilot_internal/user", token)).toMatchObject([
      200,
      { login: "writer", copilot_plan: "business", cli_remote_control_enabled: true },
    ]);
    const seat = github.oauth.copilotOf("writer");
    seat.remoteControl = false;
    expect(await get("/copilot_internal/user", token)).toMatchObject([
      200,
      { cli_remote_control_enabled: false, cloud_session_storage_enabled: true },
    ]);
    seat.isEnabled = false;
    expect(await get("/copilot_internal/user", token)).toMatchObject([
      200,
      { chat_enabled: false, access_type_sku: "no_access" },
    ]);
    Object.assign(seat, { isEnabled: true, remoteControl: true });
  });

  test("takes what is good for Copilot", async () => {
    const statusOf = async (token: string) => (await get("/copilot_internal/user", token))[0];
    expect(await statusOf(github.oauth.personalToken("writer"))).toBe(200);
    const without = github.oauth.personalToken("writer", { copilotRequests: false });
    expect(await statusOf(without)).toBe(403);
    expect((await get("/user", without))[0]).toBe(200);
    expect(await statusOf("ghu_unknown")).toBe(401);
    github.oauth.takesAppTokens = false;
    expect(await statusOf(github.oauth.authorize("writer").token)).toBe(403);
    github.oauth.takesAppTokens = true;
  });
});
