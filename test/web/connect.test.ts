import { describe, expect, test } from "vitest";
import { OCTOCAT } from "./github.ts";
import { createWorld } from "./world.ts";

test("a visitor reads what connecting is, and can do it", async () => {
  const { open } = createWorld();
  const { status, text } = await open().get("/connect");
  expect(status).toBe(200);
  expect(text).toMatchInlineSnapshot(
    `
    "Copilot task bot
    Connect your Copilot
    This bot starts Copilot cloud sessions when you add a label or write a command in an issue or pull request. After you connect, your sessions run as you: they see only what you can see, and they use your Copilot plan. The bot keeps an encrypted token for this until you disconnect.
    Connect with GitHub"
  `,
  );
});

test("the button leads to GitHub", async () => {
  const { open } = createWorld();
  const browser = open();
  await browser.get("/connect");
  const { status, location } = await browser.submit("/connect/start");
  expect(status).toBe(303);
  expect(location).toMatch(
    /^https:\/\/github\.com\/login\/oauth\/authorize\?client_id=Iv1\.bot&state=[\w-]{43}&code_challenge=[\w-]{43}$/u,
  );
});

test("whoever agrees is connected, and sees what's stored", async () => {
  const world = createWorld();
  const browser = world.open();
  const back = await world.connect(browser, OCTOCAT);
  expect(back).toMatchObject({ status: 303, location: "/connect" });
  const { status, text } = await browser.get("/connect");
  expect(status).toBe(200);
  expect(text).toMatchInlineSnapshot(
    `
    "Copilot task bot Tasks
    Your connection
    Signed in as @octocat Sign out
    Your Copilot is connected
    Sessions that you request run as you and use your Copilot plan.
    Stored
    An encrypted token, and your account: @octocat (ID 583231)
    Connected with
    Your authorization of this GitHub App
    Since
    Nov 30, 2026, 6:00 AM UTC
    Until
    You disconnect. The bot renews the token when it expires.
    Copilot plan
    individual pro
    Can start cloud sessions
    Yes
    Can show and steer sessions remotely
    Yes
    Connect again
    Get a new token from GitHub, for example after your Copilot plan has changed.
    Connect again
    Use a fine-grained token
    If GitHub's sign-in can't give the bot access to your Copilot, create a fine-grained personal access token with the account permission “Copilot Requests”, and paste it here.
    Fine-grained personal access token
    It begins with github_pat_.
    Use this token
    Disconnect
    The bot deletes your token and stops following your sessions.
    Disconnect"
  `,
  );
  const { connection, tokens } = world.stored.get(OCTOCAT.id) ?? {};
  expect(connection).toEqual({
    person: OCTOCAT,
    kind: "app",
    rights: { plan: "individual_pro", cloudSessions: true, remoteControl: true },
    connectedAt: "2026-11-30T06:00:00.000Z",
    expiresAt: "2026-11-30T14:00:00.000Z",
  });
  expect(world.github.live).toEqual(new Set([tokens?.token, tokens?.refreshToken]));
  expect(world.continued).toEqual([OCTOCAT.id]);
});

describe("somebody who's connected", () => {
  test("disconnects, and sees that no token is stored", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    await browser.get("/connect");
    const answer = await browser.submit("/connect/disconnect");
    expect(answer).toMatchObject({ status: 303, location: "/connect" });
    expect(world.stored.size).toBe(0);
    expect((await browser.get("/connect")).text).toMatchInlineSnapshot(
      `
      "Copilot task bot Tasks
      Your connection
      Signed in as @octocat Sign out
      Your Copilot isn't connected
      Connect with GitHub
      The bot stores no token of yours. Connect so that it can start your sessions.
      Connect with GitHub
      Use a fine-grained token
      If GitHub's sign-in can't give the bot access to your Copilot, create a fine-grained personal access token with the account permission “Copilot Requests”, and paste it here.
      Fine-grained personal access token
      It begins with github_pat_.
      Use this token"
    `,
    );
  });

  test("connects again, which replaces what was stored", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    const before = world.stored.get(OCTOCAT.id)?.tokens;
    world.clock.now += 60_000;
    await world.connect(browser, OCTOCAT);
    const after = world.stored.get(OCTOCAT.id);
    expect(after?.tokens).not.toEqual(before);
    expect(after?.connection.connectedAt).toBe("2026-11-30T06:01:00.000Z");
  });

  test("signs out, and stays connected", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    await browser.get("/connect");
    const answer = await browser.submit("/sign-out");
    expect(answer).toMatchObject({ status: 303, location: "/" });
    expect(browser.cookies.size).toBe(0);
    expect((await browser.get("/connect")).text).toContain("Connect your Copilot");
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("is signed out after an hour without a page", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    world.clock.now += 3_599_000;
    expect((await browser.get("/connect")).text).toContain("Signed in as @octocat");
    world.clock.now += 3_599_000;
    expect((await browser.get("/connect")).text).toContain("Signed in as @octocat");
    world.clock.now += 3_600_000;
    expect((await browser.get("/connect")).text).toContain("Connect your Copilot");
  });

  test("is signed out after eight hours, however many pages they open", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    for (let hours = 0.5; hours < 8; hours += 0.5) {
      world.clock.now += 1_800_000;
      expect((await browser.get("/connect")).text).toContain("Signed in as @octocat");
    }
    world.clock.now += 1_800_000;
    expect((await browser.get("/connect")).text).toContain("Connect your Copilot");
  });

  test("sees what GitHub doesn't report, and when a token ends", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    const { connection, tokens } = world.stored.get(OCTOCAT.id) ?? {};
    if (connection === undefined || tokens === undefined) throw new Error("not connected");
    const rights = { plan: null, cloudSessions: null, remoteControl: false };
    const changed = { ...connection, kind: "oauth_app", rights } as const;
    world.stored.set(OCTOCAT.id, { connection: changed, tokens });
    expect((await browser.get("/connect")).text).toContain(
      [
        "Connected with",
        "Your authorization of an OAuth app",
        "Since",
        "Nov 30, 2026, 6:00 AM UTC",
        "Until",
        "Nov 30, 2026, 2:00 PM UTC",
        "Copilot plan",
        "Not reported",
        "Can start cloud sessions",
        "Not reported",
        "Can show and steer sessions remotely",
        "No",
      ].join("\n"),
    );
    const forever = { ...changed, expiresAt: null };
    world.stored.set(OCTOCAT.id, { connection: forever, tokens });
    expect((await browser.get("/connect")).text).toContain(
      "Until\nYou disconnect. GitHub reports no expiration date for the token.",
    );
  });
});
