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
    expect(github.revoked).toEqual([]);
    expect(await connections.find(OCTOCAT.id)).toBeNull();
  });

  test("is gone at once after disconnecting, and its token is revoked", async () => {
    const { connections, connect, tokens, github, row } = await connectedBot();
    await connect();
    expect(await connections.disconnect(OCTOCAT.id)).toBe(true);
    expect(await row()).toBeNull();
    expect(github.revoked).toEqual([tokens.token]);
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual(NOT_CONNECTED);
    expect(await connections.disconnect(OCTOCAT.id)).toBe(false);
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
