import { expect, test } from "vitest";
import type { NewConnectionRow } from "../../src/ports/connection-rows.ts";
import { openStore } from "./opened.ts";

const AT = "2026-11-30T12:00:00.000Z";
const LATER = "2026-11-30T12:01:00.000Z";
const ROW: NewConnectionRow = {
  userId: 583_231_000_000,
  login: "octocat",
  host: "github.com",
  kind: "app",
  rights: { plan: "business", cloudSessions: true, remoteControl: null },
  sealed: { token: "v1.a", refreshToken: "v1.b" },
  connectedAt: AT,
  expiresAt: LATER,
};
const NEW = { token: "v1.c", refreshToken: "v1.d" };

async function opened() {
  const { connectionRows: rows } = await openStore();
  const found = async (userId = ROW.userId) => {
    const row = await rows.find(userId);
    if (row === null) throw new Error("there's no such row");
    return row;
  };
  return { rows, found };
}

test("a connection is found as it was written, by its person only", async () => {
  const { rows, found } = await opened();
  await rows.put(ROW);
  const { version, ...row } = await found();
  expect(row).toEqual({ ...ROW, refreshingSince: null });
  expect(version).not.toBe("");
  expect(await rows.find(1)).toBeNull();
});

test("a second connection of a person replaces the first", async () => {
  const { rows, found } = await opened();
  const personal = {
    ...ROW,
    login: "mona\0",
    kind: "personal",
    sealed: { token: "v1.x", refreshToken: null },
    expiresAt: null,
  } as const;
  await rows.put(ROW);
  const first = await found();
  await rows.claimRefresh(first, AT, AT);
  await rows.put(personal);
  const { version, ...row } = await found();
  expect(row).toEqual({ ...personal, login: "mona\uFFFD", refreshingSince: null });
  expect(version).not.toBe(first.version);
});

test("what's removed is gone, and says once what it was", async () => {
  const { rows } = await opened();
  await rows.put(ROW);
  expect(await rows.remove(ROW.userId)).toMatchObject(ROW);
  expect(await rows.remove(ROW.userId)).toBeNull();
  expect(await rows.find(ROW.userId)).toBeNull();
});

test("one refresh at a time can be claimed, and its result counts", async () => {
  const { rows, found } = await opened();
  await rows.put(ROW);
  const read = await found();
  const claims = await Promise.all([1, 2, 3].map(() => rows.claimRefresh(read, AT, AT)));
  const [claim = null, ...others] = claims.filter((one) => one !== null);
  if (claim === null) throw new Error("nobody could claim it");
  expect(others).toEqual([]);
  expect(await found()).toMatchObject({ refreshingSince: AT, sealed: ROW.sealed });
  // Who reads it now can't claim it either.
  expect(await rows.claimRefresh(await found(), AT, AT)).toBeNull();

  expect(await rows.finishRefresh(claim, NEW, LATER)).toBe(true);
  expect(await found()).toMatchObject({ sealed: NEW, expiresAt: LATER, refreshingSince: null });
  expect(await rows.finishRefresh(claim, ROW.sealed, AT)).toBe(false);
  // Who read it before doesn't refresh the new tokens.
  expect(await rows.claimRefresh(read, AT, LATER)).toBeNull();
  expect(await found()).toMatchObject({ sealed: NEW });
});

test("a claim that's given back can be claimed again", async () => {
  const { rows, found } = await opened();
  await rows.put(ROW);
  const claim = await rows.claimRefresh(await found(), AT, AT);
  if (claim !== null) await rows.releaseRefresh(claim);
  expect(await found()).toMatchObject({ sealed: ROW.sealed, refreshingSince: null });
  expect(await rows.claimRefresh(await found(), AT, AT)).not.toBeNull();
});

test("an abandoned claim can be claimed, and whoever abandoned it writes nothing anymore", async () => {
  const { rows, found } = await opened();
  await rows.put(ROW);
  const abandoned = await rows.claimRefresh(await found(), AT, AT);
  const claim = await rows.claimRefresh(await found(), LATER, LATER);
  if (abandoned === null || claim === null) throw new Error("it couldn't be claimed");
  expect(await rows.finishRefresh(abandoned, NEW, LATER)).toBe(false);
  await rows.releaseRefresh(abandoned);
  expect(await rows.end(abandoned)).toBe(false);
  expect(await found()).toMatchObject({ sealed: ROW.sealed, refreshingSince: LATER });
});

test.each(["removed", "replaced"])(
  "a refresh writes nothing once the connection is %s",
  async (how) => {
    const { rows, found } = await opened();
    await rows.put(ROW);
    const claim = await rows.claimRefresh(await found(), AT, AT);
    if (claim === null) throw new Error("it couldn't be claimed");
    await rows.remove(ROW.userId);
    if (how === "replaced") await rows.put(ROW);
    expect(await rows.finishRefresh(claim, NEW, LATER)).toBe(false);
    expect((await rows.find(ROW.userId))?.sealed).toEqual(
      how === "replaced" ? ROW.sealed : undefined,
    );
  },
);

test("of one that has ended, no token stays", async () => {
  const { rows, found } = await opened();
  await rows.put(ROW);
  expect(await rows.end(await found())).toBe(true);
  expect(await found()).toMatchObject({ login: "octocat", sealed: null });
  expect(await rows.after(0)).toEqual([]);
  await rows.put(ROW);
  expect(await found()).toMatchObject({ sealed: ROW.sealed });
});

test("all connections are read in steps", async () => {
  const { rows } = await opened();
  const ids = Array.from({ length: 201 }, (_none, index) => 1_000 + index);
  for (const userId of ids.toReversed()) await rows.put({ ...ROW, userId });
  const read: number[] = [];
  for (;;) {
    const some = await rows.after(read.at(-1) ?? 0);
    if (some.length === 0) break;
    read.push(...some.map(({ userId }) => userId));
  }
  expect(read).toEqual(ids);
});

test("another encryption replaces only the one that it was made of, and disturbs no refresh", async () => {
  const { rows, found } = await opened();
  await rows.put(ROW);
  const claim = await rows.claimRefresh(await found(), AT, AT);
  if (claim === null) throw new Error("it couldn't be claimed");
  expect(await rows.reseal(ROW.userId, ROW.sealed, { token: "v1.a2", refreshToken: "v1.b2" })).toBe(
    true,
  );
  expect(await rows.finishRefresh(claim, NEW, LATER)).toBe(true);
  expect(await rows.reseal(ROW.userId, ROW.sealed, { token: "v1.a3", refreshToken: null })).toBe(
    false,
  );
  expect(await found()).toMatchObject({ sealed: NEW });
});
