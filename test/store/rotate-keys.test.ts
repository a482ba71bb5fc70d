import { spawnSync } from "node:child_process";
import type { KeyObject } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createCipher } from "../../src/identity/cipher.ts";
import { rotateKeys, rotateSessionKeys } from "../../src/identity/rotation.ts";
import { openTokens, sealTokens } from "../../src/identity/sealed-tokens.ts";
import type { ConnectionRows } from "../../src/ports/connection-rows.ts";
import { COMPILED } from "../compiled.ts";
import { newKey } from "../identity/keys.ts";
import type { OpenedStore } from "./opened.ts";
import { openStore, temporaryDirectory } from "./opened.ts";

const PROGRAM = fileURLToPath(new URL("../../script/rotate-keys.ts", import.meta.url));
const HOST = "github.com";
const AT = "2026-11-30T12:00:00.000Z";

const [OLD, NEW] = [newKey(), newKey()];
const old = createCipher([OLD]);
const both = createCipher([NEW, OLD]);
const renewed = createCipher([NEW]);

function textOf(...keys: readonly KeyObject[]): string {
  return keys.map((key) => key.export().toString("base64")).join(",");
}

/** Runs script/rotate-keys with these keys. */
function rotate(store: Pick<OpenedStore, "variables">, ENCRYPTION_KEYS: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", PROGRAM],
    {
      encoding: "utf8",
      env: { ...COMPILED, ...store.variables, ENCRYPTION_KEYS },
      cwd: temporaryDirectory(),
    },
  );
  return { status, stdout, stderr };
}

/** Connections of people with these ids, encrypted with the old key; odd ones have no refresh token. */
async function connected(...ids: readonly number[]) {
  const store = await openStore();
  const { connectionRows: rows } = store;
  for (const userId of ids) {
    const refreshToken = userId % 2 === 0 ? `ghr_s3cret_${userId}` : null;
    const tokens = { token: `ghu_s3cret_${userId}`, refreshToken };
    const rights = { plan: null, cloudSessions: null, remoteControl: null };
    const sealed = sealTokens(old, { host: HOST, userId }, tokens);
    const row = { userId, login: `user-${userId}`, host: HOST, kind: "app", rights } as const;
    await rows.put({ ...row, sealed, connectedAt: AT, expiresAt: null });
  }
  /** The token of a person, with the new key alone. */
  const tokenOf = async (userId: number) => {
    const row = await rows.find(userId);
    return row?.sealed ? openTokens(renewed, row, row.sealed) : null;
  };
  return { store, rows, tokenOf };
}

describe("script/rotate-keys", () => {
  test("encrypts all connections with the first key, and says how many", async () => {
    const { store, tokenOf } = await connected(1, 2, 3);
    expect(rotate(store, textOf(NEW, OLD))).toEqual({
      status: 0,
      stdout: "Encrypted 3 of 3 connections with the first key; 0 already were.\n",
      stderr: "",
    });
    expect(await tokenOf(1)).toEqual({ token: "ghu_s3cret_1", refreshToken: null });
    expect(await tokenOf(2)).toEqual({ token: "ghu_s3cret_2", refreshToken: "ghr_s3cret_2" });
    expect(rotate(store, textOf(NEW)).stdout).toBe(
      "Encrypted 0 of 3 connections with the first key; 3 already were.\n",
    );
  });

  test("names whom it can't decrypt, shows nothing of theirs, and leaves them as they were", async () => {
    const { store, rows } = await connected(1, 2);
    const before = await rows.find(2);
    const { status, stdout, stderr } = rotate(store, textOf(NEW));
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: "Encrypted 0 of 2 connections with the first key; 0 already were.\n",
    });
    expect(stderr).toBe(
      "Not all connections were encrypted with the first key: 2 can't be decrypted with any of ENCRYPTION_KEYS, of the users with these ids: 1, 2. Add the missing key, or these people have to connect again.\n",
    );
    expect(await rows.find(2)).toEqual(before);
  });

  test.each(["", "s3cret"])("refuses ENCRYPTION_KEYS=%j, and shows nothing of it", async (keys) => {
    const { store, rows } = await connected(1);
    const before = await rows.find(1);
    expect(rotate(store, keys)).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "Not all connections were encrypted with the first key: ENCRYPTION_KEYS must be one or more keys, separated by commas, each the base64 of 32 bytes; `openssl rand -base64 32` generates one.\n",
    });
    expect(await rows.find(1)).toEqual(before);
  });
});

/** Something happens between reading a row and writing it. */
function interrupted(rows: ConnectionRows, happen: () => Promise<unknown>): ConnectionRows {
  let isFirst = true;
  return {
    ...rows,
    async reseal(...args) {
      if (isFirst) await happen();
      isFirst = false;
      return rows.reseal(...args);
    },
  };
}

/** A sign-in of this person, encrypted with the old key; gives whether the new one encrypts it, null once it's gone. */
async function signedIn(userId: number, { webSessionRows }: OpenedStore) {
  const token = `ghu_s3cret_viewer_${userId}`;
  const [digest, login] = [`digest-${userId}`, `user-${userId}`];
  const times = { createdAt: AT, expiresAt: AT, usedAt: AT };
  const place = { host: HOST, userId, field: "viewerToken" } as const;
  const named = { digest, userId, login, host: HOST, continuedTask: null };
  await webSessionRows.insert({ ...named, ...times, sealedToken: old.seal(token, place) });
  return async () => {
    const { sealedToken = null } = (await webSessionRows.find(digest)) ?? {};
    return sealedToken === null ? null : renewed.open(sealedToken, place) === token;
  };
}

describe("sign-ins", () => {
  test("are encrypted with the first key, too", async () => {
    const { store } = await connected(1);
    const isRenewed = await signedIn(7, store);
    expect(rotate(store, textOf(NEW, OLD))).toEqual({
      status: 0,
      stdout:
        "Encrypted 1 of 1 connection with the first key; 0 already were.\nEncrypted 1 of 1 sign-in with the first key; 0 already were.\n",
      stderr: "",
    });
    expect(await isRenewed()).toBe(true);
    expect(rotate(store, textOf(NEW)).stdout).toContain(
      "Encrypted 0 of 1 sign-in with the first key; 1 already was.\n",
    );
  });

  test("that no key decrypts are left alone: these people sign in again", async () => {
    const { store } = await connected();
    await signedIn(7, store);
    const before = await store.webSessionRows.find("digest-7");
    expect(rotate(store, textOf(NEW))).toEqual({
      status: 0,
      stdout:
        "Encrypted 0 of 0 connections with the first key; 0 already were.\nEncrypted 0 of 1 sign-in with the first key; 0 already were.\n",
      stderr: "",
    });
    expect(await store.webSessionRows.find("digest-7")).toEqual(before);
  });

  test("of many people are encrypted anew, each once, and one that ends meanwhile is gone", async () => {
    const { store } = await connected();
    const ids = Array.from({ length: 250 }, (_none, index) => index + 1);
    const all = [];
    for (const id of ids) all.push(await signedIn(id, store));
    const { webSessionRows: rows } = store;
    const ending = {
      ...rows,
      async replaceToken(...args: Parameters<typeof rows.replaceToken>) {
        if (args[0] === "digest-9") await rows.remove("digest-9");
        return rows.replaceToken(...args);
      },
    };
    expect(await rotateSessionKeys(ending, both)).toEqual({
      resealed: 249,
      current: 0,
      locked: [],
    });
    const renewedNow = await Promise.all(all.map((isRenewed) => isRenewed()));
    expect(renewedNow.filter((one) => one === true)).toHaveLength(249);
    expect(renewedNow[8]).toBeNull();
  });
});

describe("a rotation loses nothing of what happens at the same moment", () => {
  const REFRESHED = { token: "ghu_s3cret_new", refreshToken: "ghr_s3cret_new" };
  const refreshed = sealTokens(old, { host: HOST, userId: 2 }, REFRESHED);

  test("a refresh that ends", async () => {
    const { rows, tokenOf } = await connected(2, 4);
    const ends = interrupted(rows, async () => {
      const row = await rows.find(2);
      const claim = row && (await rows.claimRefresh(row, AT, AT));
      if (claim) await rows.finishRefresh(claim, refreshed, AT);
    });
    expect(await rotateKeys(ends, both)).toEqual({ resealed: 2, current: 0, locked: [] });
    expect(await tokenOf(2)).toEqual(REFRESHED);
  });

  test("a refresh that has begun", async () => {
    const { rows, tokenOf } = await connected(2);
    const row = await rows.find(2);
    const claim = row && (await rows.claimRefresh(row, AT, AT));
    if (!claim) throw new Error("it couldn't be claimed");
    expect(await rotateKeys(rows, both)).toEqual({ resealed: 1, current: 0, locked: [] });
    expect(await rows.finishRefresh(claim, refreshed, AT)).toBe(true);
    expect(await rotateKeys(rows, both)).toEqual({ resealed: 1, current: 0, locked: [] });
    expect(await tokenOf(2)).toEqual(REFRESHED);
  });

  test("disconnecting", async () => {
    const { rows } = await connected(2, 4);
    const gone = interrupted(rows, () => rows.remove(2));
    expect(await rotateKeys(gone, both)).toEqual({ resealed: 1, current: 0, locked: [] });
    expect(await rows.find(2)).toBeNull();
  });
});

test("of many connections, all are encrypted anew, each once", async () => {
  const ids = Array.from({ length: 250 }, (_none, index) => index + 1);
  const { rows, tokenOf } = await connected(...ids);
  expect(await rotateKeys(rows, both)).toEqual({ resealed: 250, current: 0, locked: [] });
  expect(await tokenOf(250)).toEqual({ token: "ghu_s3cret_250", refreshToken: "ghr_s3cret_250" });
});
