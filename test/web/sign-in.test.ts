import { describe, expect, test } from "vitest";
import { ownPage } from "../../src/web/return-to.ts";
import { OCTOCAT, RIGHTS, WRITER } from "./github.ts";
import { createWorld, PUBLIC_URL } from "./world.ts";

test("the start page says what the bot is, and keeps nothing in the browser", async () => {
  const { open } = createWorld();
  const browser = open();
  const { status, text } = await browser.get("/");
  expect(status).toBe(200);
  expect(text).toMatchInlineSnapshot(`
    "Copilot task bot
    Copilot task bot
    This bot starts Copilot cloud sessions from issues and pull requests: add a label, or write a command like /copilot triage in a comment. Sign in to see the tasks in the repositories that you can read on GitHub.
    Sign in with GitHub"
  `);
  expect(browser.cookies.size).toBe(0);
});

/** With which client GitHub is asked. */
function clientOf({ location }: { readonly location: string | null }): string | null {
  return new URL(location ?? "").searchParams.get("client_id");
}

const locked = () => Promise.reject(new Error("database is locked"));

describe("signing in", () => {
  test("begins a session with a token of its own, and connects nobody", async () => {
    const world = createWorld();
    const browser = world.open();
    expect(await world.signIn(browser, OCTOCAT)).toMatchObject({ status: 303, location: "/" });
    const secret = browser.cookies.get("__Host-session") ?? "";
    const session = await world.sessions.find(secret);
    expect(session?.person).toEqual(OCTOCAT);
    expect(world.github.live.has(session?.viewerToken ?? "")).toBe(true);
    expect(world.stored.size).toBe(0);
    expect((await browser.get("/connect")).text).toContain("Your Copilot isn't connected");
  });

  test("is with the App itself, whatever connects Copilot", async () => {
    const { github } = createWorld();
    const { open } = createWorld({
      authorization: {
        ...github,
        kind: "oauth_app",
        authorizeUrl: (options) => github.authorizeUrl(options).replace("Iv1.bot", "Ov23.other"),
      },
    });
    const browser = open();
    expect(clientOf(await browser.get("/sign-in"))).toBe("Iv1.bot");
    await browser.get("/connect");
    expect(clientOf(await browser.submit("/connect/start"))).toBe("Ov23.other");
  });

  test("leaves whoever is signed in where they are", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.signIn(browser, OCTOCAT);
    const again = await browser.get("/sign-in?return_to=/connect");
    expect(again).toMatchObject({ status: 303, location: "/connect" });
  });

  test("gives a token to whoever has only connected, and leaves the connection alone", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    const { tokens } = world.stored.get(OCTOCAT.id) ?? {};
    const secret = () => browser.cookies.get("__Host-session") ?? "";
    expect((await world.sessions.find(secret()))?.viewerToken).toBeNull();
    await world.signIn(browser, OCTOCAT);
    const token = (await world.sessions.find(secret()))?.viewerToken;
    expect(token).toMatch(/^ghu_/u);
    expect(token).not.toBe(tokens?.token);
    expect(world.stored.get(OCTOCAT.id)?.tokens).toBe(tokens);
    // Connecting again leaves the pages their token.
    await world.connect(browser, OCTOCAT);
    expect((await world.sessions.find(secret()))?.viewerToken).toBe(token);
  });

  test("in several pages at once brings each of them back to itself", async () => {
    const world = createWorld();
    const browser = world.open();
    const pages = ["/a", "/b", "/c"];
    const ways = [];
    for (const page of pages) ways.push((await browser.get(`/sign-in?return_to=${page}`)).location);
    const found = [];
    for (const way of ways) {
      found.push((await browser.get(world.github.agree(way ?? "", OCTOCAT))).location);
    }
    expect(found).toEqual(pages);
    expect([...browser.cookies.keys()]).toEqual(["__Host-session"]);
  });

  test("keeps five begun sign-ins in a browser at most", async () => {
    const { open } = createWorld();
    const browser = open();
    for (let index = 0; index < 23; index += 1) await browser.get("/sign-in");
    expect(browser.cookies.size).toBeLessThanOrEqual(5);
  });

  test("that GitHub doesn't confirm ends the token", async () => {
    const world = createWorld();
    world.github.answers.identify = { type: "unreachable", message: "timed out" };
    const browser = world.open();
    expect(await world.signIn(browser, OCTOCAT)).toMatchObject({ status: 503 });
    const problem = "Your organization has an IP allow list.";
    world.github.answers.identify = { type: "unfit", person: null, problem, page: null };
    const { status, text } = await world.signIn(browser, OCTOCAT);
    expect(status).toBe(403);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      You couldn't be signed in
      Your organization has an IP allow list. Nothing was stored.
      Sign in with GitHub"
    `);
    expect([...world.github.live].filter((token) => token.startsWith("ghu_"))).toEqual([]);
    expect(browser.cookies.has("__Host-session")).toBe(false);
  });

  test("that can't be stored ends the token", async () => {
    const { sessions } = createWorld().options;
    const world = createWorld({ sessions: { ...sessions, begin: locked } });
    expect(await world.signIn(world.open(), OCTOCAT)).toMatchObject({ status: 500 });
    expect([...world.github.live].filter((token) => token.startsWith("ghu_"))).toEqual([]);
  });

  test("that a person refuses says what that means", async () => {
    const world = createWorld();
    const browser = world.open();
    const { location } = await browser.get("/sign-in");
    const state = new URL(location ?? "").searchParams.get("state") ?? "";
    const { status, text, html } = await browser.get(
      `/oauth/callback?error=access_denied&state=${state}`,
    );
    expect(status).toBe(400);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      You didn't authorize the bot
      GitHub gave the bot no access to your account, and nothing was stored. Until you sign in, the bot can't show you any tasks.
      Sign in with GitHub"
    `);
    expect(html).toContain('href="/sign-in"');
  });

  test("with an account without Copilot shows the pages", async () => {
    const world = createWorld();
    world.github.answers.examine = { type: "unfit", person: OCTOCAT, problem: "No.", page: null };
    const browser = world.open();
    expect(await world.signIn(browser, OCTOCAT)).toMatchObject({ status: 303, location: "/" });
  });
});

describe("signing out", () => {
  test("ends the session, its token at GitHub, and the cookie of whoever copied it", async () => {
    const world = createWorld();
    const [browser, thief] = [world.open(), world.open()];
    await world.signIn(browser, OCTOCAT);
    const secret = browser.cookies.get("__Host-session") ?? "";
    const token = (await world.sessions.find(secret))?.viewerToken ?? "";
    thief.cookies.set("__Host-session", secret);
    expect((await thief.get("/connect")).text).toContain("Signed in as @octocat");
    await browser.get("/connect");
    expect(await browser.submit("/sign-out")).toMatchObject({ status: 303, location: "/" });
    expect((await thief.get("/connect")).text).toContain("Connect your Copilot");
    expect(world.github.live.has(token)).toBe(false);
    expect(browser.cookies.size).toBe(0);
  });

  test("by disconnecting, other browsers of the person are signed out", async () => {
    const world = createWorld();
    const [here, there, other] = [world.open(), world.open(), world.open()];
    await world.connect(here, OCTOCAT);
    await world.signIn(there, OCTOCAT);
    await world.signIn(other, WRITER);
    await here.get("/connect");
    await here.submit("/connect/disconnect");
    expect((await here.get("/connect")).text).toContain("Your Copilot isn't connected");
    expect((await there.get("/connect")).text).toContain("Connect your Copilot");
    expect((await other.get("/connect")).text).toContain("Signed in as @writer");
  });
});

describe("where a sign-in leads", () => {
  test.each([
    ["/", "/"],
    ["/tasks/7c5c39ce", "/tasks/7c5c39ce"],
    ["/?state=failed&q=%2F%2Fevil", "/?state=failed&q=%2F%2Fevil"],
    ["/repositories/octo-org/hello#x", "/repositories/octo-org/hello"],
    ["/a/../tasks", "/tasks"],
    ["/tasks/%0d%0aset-cookie:x", "/tasks/%0d%0aset-cookie:x"],
  ])("%s is a page of the bot's own", (asked, page) => {
    expect(ownPage(asked, PUBLIC_URL)).toBe(page);
  });

  test.each([
    "",
    "tasks",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "https://evil.example",
    "https:/evil.example",
    "https://bot.example.com@evil.example",
    "javascript:alert(1)",
    "/sign-in",
    "/sign-in?return_to=/sign-in",
    "/x/../sign-in",
    "/oauth/callback?code=a&state=b",
    `/${"a".repeat(1_000)}`,
  ])("%j isn't", async (asked) => {
    expect(ownPage(asked, PUBLIC_URL)).toBeNull();
    const world = createWorld();
    const browser = world.open();
    const back = await world.signIn(browser, OCTOCAT, asked);
    expect(back.location).toBe("/");
  });
});

test("whoever is connected can paste a token after signing in", async () => {
  const world = createWorld();
  const browser = world.open();
  await world.signIn(browser, OCTOCAT);
  await browser.get("/connect");
  const token = world.github.createPersonal(OCTOCAT);
  expect(await browser.submit("/connect/token", { token })).toMatchObject({ status: 303 });
  expect(world.stored.get(OCTOCAT.id)?.connection.rights).toEqual(RIGHTS);
});
