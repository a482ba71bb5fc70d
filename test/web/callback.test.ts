import { describe, expect, test } from "vitest";
import type { Examined, Granted } from "../../src/ports/authorization.ts";
import type { Browser } from "./browser.ts";
import { OCTOCAT } from "./github.ts";
import type { World } from "./world.ts";
import { createWorld, PUBLIC_URL } from "./world.ts";

/** A browser that was sent to GitHub, and the state that it was sent with. */
async function sentToGitHub(
  world: World,
): Promise<{ browser: Browser; page: string; state: string }> {
  const browser = world.open();
  await browser.get("/connect");
  const page = (await browser.submit("/connect/start")).location ?? "";
  return { browser, page, state: new URL(page).searchParams.get("state") ?? "" };
}

function expectNothingKept(world: World): void {
  expect(world.stored.size).toBe(0);
  expect(world.continued).toEqual([]);
  expect([...world.github.live].filter((token) => token.startsWith("ghu_"))).toEqual([]);
}

const STALE = [
  "Copilot task bot",
  "This sign-in isn't valid anymore",
  "It was already used, took longer than 10 minutes, or began in another browser. Nothing was stored.",
  "Try again",
].join("\n");

/** The sign-ins that a browser has begun. */
const begunIn = ({ cookies }: Browser) =>
  [...cookies.keys()].filter((name) => name.startsWith("__Host-sign-in-"));

test.each<[what: string, query: (state: string) => string]>([
  ["nothing", () => ""],
  ["no state", () => "?code=abc"],
  ["two states", (state) => `?code=abc&state=${state}&state=${state}`],
  ["another state", (state) => `?code=abc&state=${state.slice(1)}x`],
  ["half of the state", (state) => `?code=abc&state=${state.slice(0, 20)}`],
  ["a state that's no name for a cookie", () => "?code=abc&state=%0d%0a;=%22%2c"],
])("a callback with %s is refused", async (_what, query) => {
  const world = createWorld();
  const { browser, state } = await sentToGitHub(world);
  const { status, text } = await browser.get(`/oauth/callback${query(state)}`);
  expect([status, text]).toEqual([400, STALE]);
  expectNothingKept(world);
});

test.each<[what: string, query: (state: string) => string]>([
  ["no code", (state) => `?state=${state}`],
  ["an empty code", (state) => `?code=&state=${state}`],
  ["two codes", (state) => `?code=a&code=b&state=${state}`],
  ["a code of other characters", (state) => `?code=%0d%0ax&state=${state}`],
  ["an error of other characters", (state) => `?error=<b>&state=${state}`],
])("a callback with %s is refused, and ends the sign-in", async (_what, query) => {
  const world = createWorld();
  const { browser, page, state } = await sentToGitHub(world);
  const { status, text, html } = await browser.get(`/oauth/callback${query(state)}`);
  expect([status, text]).toEqual([400, STALE]);
  expect(html).toContain('href="/connect"');
  expect(begunIn(browser)).toEqual([]);
  const late = await browser.get(world.github.agree(page, OCTOCAT));
  expect(late.status).toBe(400);
  expectNothingKept(world);
});

test("a person who doesn't agree reads that nothing was stored", async () => {
  const world = createWorld();
  const { browser, state } = await sentToGitHub(world);
  const query = `error=access_denied&error_description=The+user+has+denied&state=${state}`;
  const { status, text } = await browser.get(`/oauth/callback?${query}`);
  expect(status).toBe(400);
  expect(text).toMatchInlineSnapshot(`
    "Copilot task bot
    You didn't authorize the bot
    GitHub gave the bot no access to your account, and nothing was stored. Until you connect, the bot can't start sessions for you.
    Try again"
  `);
  expect(begunIn(browser)).toEqual([]);
  expectNothingKept(world);
});

test("another error of GitHub's is named", async () => {
  const world = createWorld();
  const { browser, state } = await sentToGitHub(world);
  const query = `error=redirect_uri_mismatch&error_description=<b>x</b>&state=${state}`;
  const { status, text } = await browser.get(`/oauth/callback?${query}`);
  expect(status).toBe(400);
  expect(text).toMatchInlineSnapshot(`
    "Copilot task bot
    GitHub refused the sign-in
    GitHub reported redirect_uri_mismatch, and nothing was stored. Try again. If it happens again, ask your bot administrator.
    Try again"
  `);
  expect(world.log.join("")).toContain('"code":"redirect_uri_mismatch"');
});

test("after 10 minutes a sign-in isn't valid anymore", async () => {
  const world = createWorld();
  const { browser, page } = await sentToGitHub(world);
  world.clock.now += 600_000;
  const { status } = await browser.get(world.github.agree(page, OCTOCAT));
  expect(status).toBe(400);
  expectNothingKept(world);
});

describe("when GitHub answers the exchange otherwise", () => {
  test.each<[what: string, answer: Granted, status: number, title: string]>([
    [
      "the code is spent",
      { type: "refused", code: "bad_verification_code", message: "expired" },
      400,
      "This sign-in isn't valid anymore",
    ],
    [
      "the secret is wrong",
      { type: "refused", code: "incorrect_client_credentials", message: "wrong" },
      400,
      "GitHub refused the sign-in",
    ],
    ["GitHub is away", { type: "unreachable", message: "ENOTFOUND" }, 503, "GitHub didn't respond"],
  ])("%s", async (_what, answer, expected, title) => {
    const world = createWorld();
    world.github.answers.exchange = answer;
    const back = await world.connect(world.open(), OCTOCAT);
    expect([back.status, back.text.split("\n")[1]]).toEqual([expected, title]);
    expectNothingKept(world);
  });
});

const UNFIT: Examined = {
  type: "unfit",
  person: OCTOCAT,
  problem: "Your account has no Copilot plan.",
  page: "https://github.com/settings/copilot/features",
};

describe("an account whose Copilot can't be used", () => {
  test("reads what's missing and where it's given, and its token is ended", async () => {
    const world = createWorld();
    world.github.answers.examine = UNFIT;
    const { status, text, html } = await world.connect(world.open(), OCTOCAT);
    expect(status).toBe(403);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      Your Copilot can't be used yet
      Your account has no Copilot plan. Fix this on GitHub. Nothing was stored.
      Back to your connection"
    `);
    expect(html).toContain('href="https://github.com/settings/copilot/features"');
    expectNothingKept(world);
  });

  test("is signed in, and can paste a token", async () => {
    const world = createWorld();
    const browser = world.open();
    world.github.answers.examine = UNFIT;
    await world.connect(browser, OCTOCAT);
    delete world.github.answers.examine;
    expect((await browser.get("/connect")).text).toContain("Your Copilot isn't connected");
    const token = world.github.createPersonal(OCTOCAT);
    expect(await browser.submit("/connect/token", { token })).toMatchObject({ status: 303 });
    expect(world.stored.get(OCTOCAT.id)?.tokens.token).toBe(token);
  });

  test("isn't signed in where GitHub doesn't say who it is", async () => {
    const world = createWorld();
    const browser = world.open();
    world.github.answers.examine = { ...UNFIT, person: null };
    await world.connect(browser, OCTOCAT);
    expect((await browser.get("/connect")).text).toContain("Connect your Copilot");
  });
});

test("a token that can't be examined is ended", async () => {
  const world = createWorld();
  world.github.answers.examine = { type: "unreachable", message: "503" };
  const { status, text } = await world.connect(world.open(), OCTOCAT);
  expect(status).toBe(503);
  expect(text).toContain("GitHub didn't respond");
  expectNothingKept(world);
});

const locked = () => Promise.reject(new Error("database is locked"));

describe("when the database fails", () => {
  test("a connection that couldn't be stored is ended at GitHub", async () => {
    const { connections } = createWorld().options;
    const world = createWorld({ connections: { ...connections, connect: locked } });
    const { status, text } = await world.connect(world.open(), OCTOCAT);
    expect(status).toBe(503);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      Your connection couldn't be saved
      Something went wrong in the bot, and nothing was stored. Try again in a few minutes.
      Try again"
    `);
    expectNothingKept(world);
    expect(world.log.join("")).toContain("database is locked");
  });

  test("a connection stands whose tasks couldn't be continued at once", async () => {
    const { waiting } = createWorld().options;
    const world = createWorld({ waiting: { ...waiting, connected: locked } });
    const back = await world.connect(world.open(), OCTOCAT);
    expect(back).toMatchObject({ status: 303, location: "/connect" });
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("a page shows no internal message", async () => {
    const { connections } = createWorld().options;
    const world = createWorld({ connections: { ...connections, find: locked } });
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    const { status, html, headers } = await browser.get(`${PUBLIC_URL}/connect`);
    expect(status).toBe(500);
    expect(html).not.toContain("locked");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(world.log.join("")).toContain("database is locked");
  });
});
