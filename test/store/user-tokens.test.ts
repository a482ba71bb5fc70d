import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { createCipher } from "../../src/identity/cipher.ts";
import { backUpSqlite } from "../../src/store/sqlite.ts";
import {
  connectedBot,
  ENDED,
  HOUR_MS,
  MINUTE_MS,
  NO_RIGHTS,
  NOT_CONNECTED,
  OCTOCAT,
} from "../identity/connected-bot.ts";
import { newKey } from "../identity/keys.ts";

describe("a report that a person has revoked the App", () => {
  test("deletes a connection whose token is dead", async () => {
    const { connections, connect, tokens, github, row } = await connectedBot();
    await connect();
    github.dead.add(tokens.token);
    expect(await connections.revoked(OCTOCAT.id)).toBe(true);
    expect(await row()).toBeNull();
    expect(await connections.revoked(OCTOCAT.id)).toBe(false);
  });

  test("that comes late, or again, leaves a new connection alone", async () => {
    const { connections, connect, tokens } = await connectedBot();
    await connect();
    expect(await connections.revoked(OCTOCAT.id)).toBe(false);
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: tokens.token });
  });

  test("has a token that's due refreshed to find out", async () => {
    const { connections, connect, github, tokens, row } = await connectedBot();
    await connect(MINUTE_MS);
    expect(await connections.revoked(OCTOCAT.id)).toBe(false);
    expect(github.refreshes).toEqual([tokens.refreshToken]);
    expect(await connections.find(OCTOCAT.id)).not.toBeNull();
    await connect(MINUTE_MS);
    // GitHub has ended the first refresh token with the refresh.
    expect(await connections.revoked(OCTOCAT.id)).toBe(true);
    expect(await row()).toBeNull();
  });

  test("deletes a pasted token, which doesn't depend on the App", async () => {
    const { connections, row } = await connectedBot();
    const rest = { kind: "personal", rights: NO_RIGHTS, connectedAt: "", expiresAt: null } as const;
    const pasted = { token: "github_pat_pasted", refreshToken: null };
    await connections.connect({ person: OCTOCAT, ...rest }, pasted);
    expect(await connections.revoked(OCTOCAT.id)).toBe(true);
    expect(await row()).toBeNull();
  });

  test("counts again for whoever connects while GitHub is asked", async () => {
    const { connections, connect, tokens, github } = await connectedBot();
    await connect();
    github.dead.add(tokens.token);
    const stateOf = github.stateOf.bind(github);
    const next = github.issue();
    github.stateOf = async (token) => {
      github.stateOf = stateOf;
      const state = await stateOf(token);
      const rest = { kind: "app", rights: NO_RIGHTS, connectedAt: "", expiresAt: null } as const;
      await connections.connect({ person: OCTOCAT, ...rest }, { ...next, refreshToken: null });
      return state;
    };
    expect(await connections.revoked(OCTOCAT.id)).toBe(false);
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: next.token });
  });
});

test("a token is its person's until it's refreshed, replaced, or deleted", async () => {
  const { connections, connect, tokens, github } = await connectedBot();
  const isCurrent = (token: string) => connections.isCurrent({ userId: OCTOCAT.id, token });
  const { token } = tokens;
  expect(await isCurrent(token)).toBe(false);
  await connect(MINUTE_MS);
  expect([await isCurrent(token), await isCurrent("ghu_other")]).toEqual([true, false]);
  const refreshed = await connections.tokenOf(OCTOCAT.id);
  expect(await isCurrent(token)).toBe(false);
  const next = refreshed.type === "token" ? refreshed.token : "";
  expect(await isCurrent(next)).toBe(true);
  await connect();
  expect([await isCurrent(next), await isCurrent(token)]).toEqual([false, true]);
  await connections.disconnect(OCTOCAT.id);
  expect(await isCurrent(token)).toBe(false);
  expect(github.refreshes).toHaveLength(1);
});

describe("a connection", () => {
  test("is found as it was made, and its token can be used until its refresh", async () => {
    const { connections, connect, tokens, at, github } = await connectedBot();
    expect(await connections.find(OCTOCAT.id)).toBeNull();
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual(NOT_CONNECTED);
    const connection = await connect();
    expect(await connections.find(OCTOCAT.id)).toEqual(connection);
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual({
      type: "token",
      token: tokens.token,
      login: "octocat",
      usableUntil: at(8 * HOUR_MS - 10 * MINUTE_MS),
    });
    expect(await connections.tokenOf(1)).toEqual(NOT_CONNECTED);
    expect(github.refreshes).toEqual([]);
  });

  test("of another GitHub's user with the same id isn't found, and not revoked here", async () => {
    const { connections, connect, replica, github } = await connectedBot();
    await connect();
    const elsewhere = replica({ host: "ghe.example.com" });
    expect(await elsewhere.find(OCTOCAT.id)).toBeNull();
    expect(await elsewhere.tokenOf(OCTOCAT.id)).toEqual(NOT_CONNECTED);
    expect(await elsewhere.disconnect(OCTOCAT.id)).toBe(false);
    expect(github.withdrawn).toEqual([]);
    expect(await connections.find(OCTOCAT.id)).toBeNull();
  });

  test("is gone at once after disconnecting, and so is its authorization", async () => {
    const { connections, connect, tokens, github, row } = await connectedBot();
    await connect();
    expect(await connections.disconnect(OCTOCAT.id)).toBe(true);
    expect(await row()).toBeNull();
    expect(github.withdrawn).toEqual([tokens.token]);
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual(NOT_CONNECTED);
    expect(await connections.disconnect(OCTOCAT.id)).toBe(false);
  });

  test("whose token has expired is refreshed once more, so that its authorization can be deleted", async () => {
    const { connections, connect, tokens, github, row } = await connectedBot();
    await connect(-HOUR_MS);
    github.dead.add(tokens.token);
    expect(await connections.disconnect(OCTOCAT.id)).toBe(true);
    expect(await row()).toBeNull();
    expect(github.withdrawn).toEqual([tokens.token, "ghu_s3cret_token_2"]);
  });

  test("whose token Copilot refuses has ended only if GitHub refuses it too", async () => {
    const { connections, connect, tokens, github } = await connectedBot();
    await connect();
    await connections.refused(OCTOCAT.id);
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: tokens.token });
    github.dead.add(tokens.token);
    await connections.refused(OCTOCAT.id);
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual(ENDED);
  });

  test("whose key is missing asks its person to connect again, and holds once the key is back", async () => {
    const { connections, connect, replica, tokens, log } = await connectedBot();
    await connect();
    const keyless = replica({ cipher: createCipher([newKey()]) });
    expect(await keyless.find(OCTOCAT.id)).toBeNull();
    expect(await keyless.tokenOf(OCTOCAT.id)).toEqual(ENDED);
    expect(log.error.mock.lastCall).toEqual([
      { userId: OCTOCAT.id },
      "connection can't be decrypted with any of ENCRYPTION_KEYS",
    ]);
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: tokens.token });
  });

  test("that somebody copied into another person's row gives no token", async () => {
    const { store, connections, connect, row } = await connectedBot();
    await connect();
    const copied = await row();
    if (copied?.sealed === undefined || copied.sealed === null) throw new Error("not connected");
    await store.connectionRows.put({
      ...copied,
      sealed: copied.sealed,
      userId: 7,
      login: "mallory",
    });
    expect(await connections.tokenOf(7)).toEqual({ type: "ended", login: "mallory" });
  });
});

describe("a token without a refresh token", () => {
  test.each(["oauth_app", "personal"] as const)("of kind %s that doesn't end", async (kind) => {
    const { connections, at } = await connectedBot();
    const rest = { kind, rights: NO_RIGHTS, connectedAt: at(0), expiresAt: null };
    await connections.connect({ person: OCTOCAT, ...rest }, { token: "gho_x", refreshToken: null });
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual({
      type: "token",
      token: "gho_x",
      login: "octocat",
      usableUntil: null,
    });
  });

  test("is used to its end, and then its person has to connect again", async () => {
    const { connections, at, advance } = await connectedBot();
    const expiresAt = at(MINUTE_MS);
    const rest = { kind: "personal", rights: NO_RIGHTS, connectedAt: at(0), expiresAt } as const;
    await connections.connect({ person: OCTOCAT, ...rest }, { token: "pat", refreshToken: null });
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ usableUntil: expiresAt });
    advance(MINUTE_MS);
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual(ENDED);
    expect(await connections.find(OCTOCAT.id)).toBeNull();
  });
});

test("no token is in the database, its backup, or the log", async () => {
  const { store, connections, connect, log } = await connectedBot();
  await connect(MINUTE_MS);
  await connections.tokenOf(OCTOCAT.id);
  const { rows } = await sql`select * from connections`.execute(store.database);
  let content = JSON.stringify(rows);
  if (store.file !== "") {
    const copy = join(dirname(store.file), "copy.db");
    backUpSqlite(store.file, copy);
    const files = [store.file, `${store.file}-wal`, copy];
    content += files.map((file) => readFileSync(file, "latin1")).join("\n");
  }
  expect(content).toContain("octocat");
  expect(content).not.toMatch(/s3cret|gh[ur]_/u);
  expect(JSON.stringify([log.warn.mock.calls, log.error.mock.calls])).not.toContain("s3cret");
});
