import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { HostSettings } from "../../src/core/github/hosts.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import type { Shown } from "./browser.ts";
import { formHeaders } from "./browser.ts";
import { OCTOCAT } from "./github.ts";
import { createWorld, PUBLIC_URL, TASK_ID } from "./world.ts";

/** Each kind of answer, by name. */
async function everyAnswer(): Promise<[string, Shown][]> {
  const world = createWorld();
  const browser = world.open();
  const post = (url: string, headers: Record<string, string>, body: string) =>
    browser.send(url, {
      method: "POST",
      headers: { ...formHeaders(PUBLIC_URL), ...headers },
      body,
    });
  return [
    ["a visitor's page", await browser.get("/connect")],
    ["the way to GitHub", await browser.submit("/connect/start")],
    ["a task's link", await browser.get(`/connect?task=${TASK_ID}`)],
    ["an unknown task", await browser.get("/connect?task=none")],
    ["a task's page", await browser.get(`/connect/task/${TASK_ID}`)],
    ["the callback", await world.connect(browser, OCTOCAT)],
    ["a stale callback", await browser.get("/oauth/callback?code=a&state=b")],
    ["the account's page", await browser.get("/connect")],
    ["a wrong token", await browser.submit("/connect/token", { token: "x" })],
    [
      "a foreign form",
      await post("/connect/token", { "sec-fetch-site": "cross-site", origin: "null" }, ""),
    ],
    ["a stale form", await post("/connect/token", {}, "form_token=x")],
    [
      "a large form",
      await post("/connect/token", { "content-length": "16385" }, "a".repeat(16_385)),
    ],
    [
      "a form without its length",
      await post("/connect/token", { "transfer-encoding": "chunked" }, "a"),
    ],
    ["no page", await browser.get("/nothing")],
    ["a head", await browser.send("/connect", { method: "HEAD" })],
    [
      "another method",
      await browser.send("/connect", { method: "DELETE", headers: { origin: PUBLIC_URL } }),
    ],
  ];
}

describe("every answer", async () => {
  test.each(await everyAnswer())("%s", (_name, { headers, html }) => {
    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self' https:\/\/github\.com; frame-ancestors 'none'; base-uri 'none'$/u,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy":
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(headers.get("referrer-policy")).toMatch(/^(?:no-referrer|same-origin)$/u);
    expect(headers.has("x-powered-by")).toBe(false);
    for (const cookie of headers.getSetCookie()) {
      expect(cookie).toMatch(
        /^__Host-(?:session|sign-in-[\w-]{8})=[\w.-]*; Max-Age=(?:0|600|28800); Path=\/; HttpOnly; Secure; SameSite=Lax$/u,
      );
    }
    const own = html.replace(
      /<script src="\/assets\/pages-[0-9a-f]{16}\.js" defer><\/script>/u,
      "",
    );
    expect(own).not.toMatch(/<script|<img|<link|<iframe|\bon\w+=|javascript:| src=| style=/u);
    const style = /<style>(?<text>.*)<\/style>/su.exec(html)?.groups?.["text"];
    if (style !== undefined) {
      expect(policy).toContain(createHash("sha256").update(style).digest("base64"));
      expect(style).not.toMatch(/url\(|@import/u);
    }
  });
});

test("only pages with forms send a referrer, and only to the bot itself", async () => {
  const answers = await everyAnswer();
  const sending = answers.filter(
    ([, { headers }]) => headers.get("referrer-policy") !== "no-referrer",
  );
  expect(sending.map(([name, { html }]) => [name, html === "" || html.includes("<form")])).toEqual([
    ["a visitor's page", true],
    ["the account's page", true],
    ["a wrong token", true],
    ["a head", true],
  ]);
});

/** Where forms may lead, and whether browsers are to use HTTPS from now on. */
async function actionsOf(hosts: HostSettings, publicUrl = PUBLIC_URL) {
  const world = createWorld({ hosts: hostsOf(hosts), publicUrl });
  const { headers } = await world.open().get("/connect");
  const sources = headers.get("content-security-policy")?.split("; ") ?? [];
  const action = sources.find((source) => source.startsWith("form-action "));
  return [action, headers.get("strict-transport-security")];
}

describe("forms may lead", () => {
  test("to the enterprise's GitHub, with data residency", async () => {
    expect(await actionsOf({ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" })).toEqual([
      "form-action 'self' https://octocorp.ghe.com",
      "max-age=31536000",
    ]);
  });

  test("to an Enterprise Server, and from there to its identity provider", async () => {
    const hosts = { GHE_HOST: "127.0.0.1:4000", GHE_PROTOCOL: "http" } as const;
    expect(await actionsOf(hosts, "http://127.0.0.1:3000")).toEqual([
      "form-action 'self' http://127.0.0.1:4000 https:",
      null,
    ]);
  });
});

test("tokens, codes, and verifiers are in no answer and in no log", async () => {
  const world = createWorld();
  const browser = world.open();
  await world.connect(browser, OCTOCAT);
  await browser.get("/connect");
  const pasted = world.github.createPersonal(OCTOCAT);
  await browser.submit("/connect/token", { token: `${pasted}-` });
  await browser.submit("/connect/token", { token: pasted });
  await browser.get("/connect");
  await browser.submit("/connect/disconnect");
  await browser.get("/connect");
  const tokens = [...world.github.tokens.keys()];
  expect(tokens.map((token) => token.replace(/_[0-9a-f]+$/u, ""))).toEqual([
    "ghu",
    "ghr",
    "github_pat",
  ]);
  const all = [...world.seen, ...world.log].join("\n");
  expect(all.length).toBeGreaterThan(10_000);
  for (const token of tokens) expect(all).not.toContain(token.slice(-20));
});
