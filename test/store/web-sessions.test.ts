import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { createCipher } from "../../src/identity/cipher.ts";
import { createWebSessions } from "../../src/identity/web-sessions.ts";
import { connectedBot, HOUR_MS, MINUTE_MS, OCTOCAT } from "../identity/connected-bot.ts";
import { newKey } from "../identity/keys.ts";

const WRITER = { id: 42, login: "writer" };

/** A bot on whose pages people sign in. */
async function bot() {
  const parts = await connectedBot();
  const { sessions, at } = parts;
  let last = 0;
  /** Somebody signs in; gives the session's secret, and its token. */
  async function signIn(person = OCTOCAT, replaced: string | null = null) {
    const token = `ghu_s3cret_viewer_${(last += 1)}`;
    const viewerToken = { token, expiresAt: at(8 * HOUR_MS) };
    const secret = await sessions.begin({ person, continuedTask: null, viewerToken }, replaced);
    return { secret, token };
  }
  /** Somebody connects, which gives the pages no token. */
  const connects = (person = OCTOCAT, replaced: string | null = null) =>
    sessions.begin({ person, continuedTask: null, viewerToken: null }, replaced);
  const count = async () => {
    const { rows } = await sql<{ count: number | string }>`
      select count(*) as count from web_sessions`.execute(parts.store.database);
    return Number(rows[0]?.count);
  };
  return { ...parts, signIn, connects, count };
}

describe("a session", () => {
  test("is found by its secret alone, with the token", async () => {
    const { sessions, signIn, at } = await bot();
    const { secret, token } = await signIn();
    const found = await sessions.find(secret);
    expect(found).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/u),
      person: OCTOCAT,
      continuedTask: null,
      createdAt: at(0),
      viewerToken: token,
    });
    expect(await sessions.find(found?.id ?? "")).toBeNull();
    expect(await sessions.find("")).toBeNull();
  });

  test("has its secret and its token nowhere in the database", async () => {
    const { store, signIn } = await bot();
    const { secret, token } = await signIn();
    const { rows } = await sql`select * from web_sessions`.execute(store.database);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test("is over after an hour without use, and after eight hours", async () => {
    const { sessions, signIn, advance } = await bot();
    const { secret } = await signIn();
    advance(HOUR_MS - 1);
    expect(await sessions.find(secret, { isUse: false })).not.toBeNull();
    advance(1);
    expect(await sessions.find(secret)).toBeNull();
    const used = await signIn();
    for (let passed = 0; passed < 8 * HOUR_MS; passed += HOUR_MS / 2) {
      expect(await sessions.find(used.secret)).not.toBeNull();
      advance(HOUR_MS / 2);
    }
    expect(await sessions.find(used.secret)).toBeNull();
  });

  test("is over when its token ends before", async () => {
    const { sessions, at, advance } = await bot();
    const viewerToken = { token: "ghu_s3cret_short", expiresAt: at(MINUTE_MS) };
    const signedIn = { person: OCTOCAT, continuedTask: null, viewerToken };
    const secret = await sessions.begin(signedIn, null);
    advance(MINUTE_MS - 1);
    expect(await sessions.find(secret)).not.toBeNull();
    advance(1);
    expect(await sessions.find(secret)).toBeNull();
  });

  test("lasts eight hours where tokens don't end", async () => {
    const { sessions, advance } = await bot();
    const viewerToken = { token: "ghu_s3cret_endless", expiresAt: null };
    const signedIn = { person: OCTOCAT, continuedTask: null, viewerToken };
    const secret = await sessions.begin(signedIn, null);
    advance(HOUR_MS - 1);
    expect(await sessions.find(secret)).not.toBeNull();
  });

  test("is another GitHub's where the bot has moved to that", async () => {
    const { store, github, signIn, at } = await bot();
    const { secret } = await signIn();
    const elsewhere = createWebSessions({
      rows: store.webSessionRows,
      cipher: createCipher([newKey()]),
      authorization: github,
      host: "octocorp.ghe.com",
      now: () => new Date(at(0)),
      random: () => "secret",
    });
    expect(await elsewhere.find(secret)).toBeNull();
    await elsewhere.endAllOf(OCTOCAT.id);
    // Its token is nothing for the other GitHub.
    expect(github.revoked).toEqual([]);
  });

  test("has no token once the key is lost, and the person is still signed in", async () => {
    const { store, github, signIn, at } = await bot();
    const { secret } = await signIn();
    const replica = createWebSessions({
      rows: store.webSessionRows,
      cipher: createCipher([newKey()]),
      authorization: github,
      host: "github.com",
      now: () => new Date(at(0)),
      random: () => "secret",
    });
    expect(await replica.find(secret)).toMatchObject({ person: OCTOCAT, viewerToken: null });
  });
});

describe("what a browser had before", () => {
  test("ends with the next sign-in, at GitHub too", async () => {
    const { sessions, signIn, github } = await bot();
    const first = await signIn();
    const second = await signIn(OCTOCAT, first.secret);
    expect(await sessions.find(first.secret)).toBeNull();
    expect(github.revoked).toEqual([first.token]);
    expect(await sessions.find(second.secret)).toMatchObject({ viewerToken: second.token });
  });

  test("leaves its token to the same person, who connects", async () => {
    const { sessions, signIn, connects, github, advance } = await bot();
    const { secret, token } = await signIn();
    advance(HOUR_MS / 2);
    const next = await connects(OCTOCAT, secret);
    expect(await sessions.find(secret)).toBeNull();
    expect(await sessions.find(next)).toMatchObject({ viewerToken: token });
    expect(github.revoked).toEqual([]);
    // It lasts no longer than the token.
    for (let passed = HOUR_MS / 2; passed < 8 * HOUR_MS; passed += HOUR_MS / 2) {
      expect(await sessions.find(next)).not.toBeNull();
      advance(HOUR_MS / 2);
    }
    expect(await sessions.find(next)).toBeNull();
  });

  test("leaves nothing to somebody else", async () => {
    const { sessions, signIn, connects, github } = await bot();
    const { secret, token } = await signIn();
    const next = await connects(WRITER, secret);
    expect(await sessions.find(next)).toMatchObject({ person: WRITER, viewerToken: null });
    expect(github.revoked).toEqual([token]);
  });

  test("leaves nothing once it's over", async () => {
    const { sessions, signIn, connects, github, advance } = await bot();
    const { secret, token } = await signIn();
    advance(HOUR_MS);
    const next = await connects(OCTOCAT, secret);
    expect(await sessions.find(next)).toMatchObject({ viewerToken: null });
    expect(github.revoked).toEqual([token]);
  });
});

describe("sessions end", () => {
  test("when the person signs out: that one", async () => {
    const { sessions, signIn, github, count } = await bot();
    const [here, there] = [await signIn(), await signIn()];
    await sessions.end(here.secret);
    expect(await sessions.find(here.secret)).toBeNull();
    expect(await sessions.find(there.secret)).not.toBeNull();
    expect([github.revoked, await count()]).toEqual([[here.token], 1]);
    await sessions.end(here.secret);
    expect(github.revoked).toEqual([here.token]);
  });

  test("when the person disconnects: all of theirs, and nobody else's", async () => {
    const { sessions, connections, connect, signIn, github } = await bot();
    await connect();
    const [here, there] = [await signIn(), await signIn()];
    const other = await signIn(WRITER);
    expect(await connections.disconnect(OCTOCAT.id)).toBe(true);
    expect(await sessions.find(here.secret)).toBeNull();
    expect(await sessions.find(there.secret)).toBeNull();
    expect(await sessions.find(other.secret)).not.toBeNull();
    expect(github.revoked.toSorted()).toEqual([here.token, there.token]);
  });

  test("when somebody disconnects who never connected", async () => {
    const { sessions, connections, signIn } = await bot();
    const { secret } = await signIn();
    expect(await connections.disconnect(OCTOCAT.id)).toBe(false);
    expect(await sessions.find(secret)).toBeNull();
  });

  test("when GitHub reports that the person has revoked the App, even if the connection stands", async () => {
    const { sessions, connections, connect, signIn } = await bot();
    await connect();
    const { secret } = await signIn();
    expect(await connections.revoked(OCTOCAT.id)).toBe(false);
    expect(await sessions.find(secret)).toBeNull();
  });

  test("when the person has five newer ones: GitHub keeps only so many tokens", async () => {
    const { sessions, signIn, github, advance } = await bot();
    const made: { readonly secret: string; readonly token: string }[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.push(await signIn());
      advance(1_000);
    }
    const found = await Promise.all(made.map(({ secret }) => sessions.find(secret)));
    expect(found.map((one) => one !== null)).toEqual([
      false,
      false,
      ...Array.from({ length: 5 }, () => true),
    ]);
    expect(github.revoked).toEqual(made.slice(0, 2).map(({ token }) => token));
  });

  test("and never the newest one, also where all began in the same moment", async () => {
    const { sessions, signIn } = await bot();
    for (let index = 0; index < 20; index += 1) {
      const { secret } = await signIn();
      expect(await sessions.find(secret)).not.toBeNull();
    }
  });
});

test("those that are over are deleted, and their tokens ended", async () => {
  const { sessions, signIn, github, count, advance } = await bot();
  const people = Array.from({ length: 230 }, (_none, id) => ({ id: id + 1, login: `user-${id}` }));
  for (const person of people) await signIn(person);
  advance(HOUR_MS / 2);
  const { secret } = await signIn();
  expect(await sessions.prune()).toBe(0);
  advance(HOUR_MS / 2);
  expect(await sessions.prune()).toBe(230);
  expect([github.revoked.length, await count()]).toEqual([230, 1]);
  expect(await sessions.find(secret)).not.toBeNull();
});

test("a token that GitHub refuses is forgotten, and the person stays signed in", async () => {
  const { sessions, signIn } = await bot();
  const { secret } = await signIn();
  const session = await sessions.find(secret);
  if (session === null) throw new Error("not signed in");
  await sessions.dropToken(session);
  expect(await sessions.find(secret)).toMatchObject({ person: OCTOCAT, viewerToken: null });
});
