import { describe, expect, test } from "vitest";
import type { ConnectionRows } from "../../src/ports/connection-rows.ts";
import type { UserToken } from "../../src/ports/connections.ts";
import { ADMITTED, ASKED, moving, record, STARTED } from "./story.ts";
import { commanded } from "./trigger.ts";
import {
  connectedBot,
  ENDED,
  HOUR_MS,
  MINUTE_MS,
  NO_RIGHTS,
  NOT_CONNECTED,
  OCTOCAT,
} from "../identity/connected-bot.ts";

describe("a token that's about to expire", () => {
  test("is refreshed first, and the new one is kept", async () => {
    const { connections, connect, replica, tokens, github, at } = await connectedBot();
    await connect(10 * MINUTE_MS);
    const refreshed = {
      type: "token",
      token: "ghu_s3cret_token_2",
      login: "octocat",
      usableUntil: at(8 * HOUR_MS - 10 * MINUTE_MS),
    };
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual(refreshed);
    expect(await replica().tokenOf(OCTOCAT.id)).toEqual(refreshed);
    expect(github.refreshes).toEqual([tokens.refreshToken]);
    expect(await connections.find(OCTOCAT.id)).toMatchObject({ expiresAt: at(8 * HOUR_MS) });
  });

  test("is refreshed once for 1,000 tasks on two replicas", async () => {
    const { store, connect, replica, tokens, github } = await connectedBot(true);
    await connect(MINUTE_MS);
    let claims = 0;
    let reads = 0;
    const rows: ConnectionRows = {
      ...store.connectionRows,
      find(userId) {
        return store.connectionRows.find(userId).finally(() => (reads += 1));
      },
      claimRefresh(...args) {
        claims += 1;
        return store.connectionRows.claimRefresh(...args);
      },
    };
    const replicas = [replica({ rows }), replica({ rows })];
    const asked: Promise<UserToken>[] = [];
    // No more at once than connections can be waited for, on a busy machine.
    while (asked.length < 1_000) {
      const some = Array.from({ length: 50 }, () => replicas);
      asked.push(...some.flat().map((each) => each.tokenOf(OCTOCAT.id)));
      await expect.poll(() => reads >= asked.length).toBe(true);
    }
    const given = await Promise.all(asked);
    expect(github.refreshes).toEqual([tokens.refreshToken]);
    const found = new Set(given.map((one) => (one.type === "token" ? one.token : one.type)));
    expect([...found]).toEqual(["ghu_s3cret_token_2"]);
    // In each process, the tasks share one loop.
    expect(claims).toBeLessThan(20);
  });

  test("can't be had while GitHub is unreachable, and is refreshed later", async () => {
    const { connections, connect, tokens, github, row } = await connectedBot();
    await connect(MINUTE_MS);
    github.answers.push({ type: "unreachable", message: "502" });
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual({ type: "unreachable", message: "502" });
    expect(await row()).toMatchObject({ refreshingSince: null });
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ type: "token" });
    expect(github.refreshes).toEqual([tokens.refreshToken, tokens.refreshToken]);
  });

  test("stays when GitHub refuses for a reason that isn't the person's", async () => {
    const { connections, connect, github, log } = await connectedBot();
    await connect(MINUTE_MS);
    const message = "The client_id and/or client_secret passed are incorrect.";
    github.answers.push({ type: "refused", code: "incorrect_client_credentials", message });
    expect(await connections.tokenOf(OCTOCAT.id)).toEqual({
      type: "unreachable",
      message: `incorrect_client_credentials: ${message}`,
    });
    expect(log.error).toHaveBeenCalledOnce();
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ type: "token" });
  });

  test("whose refresh token GitHub doesn't accept: the person is asked once, and there's no loop", async () => {
    const { connections, connect, replica, github, row, log } = await connectedBot();
    await connect(MINUTE_MS);
    github.answers.push({ type: "refused", code: "bad_refresh_token", message: "" });
    for (const each of [connections, connections, replica()]) {
      expect(await each.tokenOf(OCTOCAT.id)).toEqual(ENDED);
    }
    expect(github.refreshes).toHaveLength(1);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(await row()).toMatchObject({ sealed: null });
    expect(await connections.find(OCTOCAT.id)).toBeNull();
    expect(await connections.disconnect(OCTOCAT.id)).toBe(false);

    await connect();
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ type: "token" });
  });

  test("that another process refreshes for too long can't be had", async () => {
    const bot = await connectedBot();
    await bot.connect(MINUTE_MS);
    await killed(bot);
    // It isn't: it's faster with every claim.
    const rows = { ...bot.store.connectionRows, claimRefresh: () => Promise.resolve(null) };
    expect(await bot.replica({ rows }).tokenOf(OCTOCAT.id)).toEqual({
      type: "unreachable",
      message: "The token is still being refreshed.",
    });
    expect(bot.paused).toEqual(Array.from({ length: 150 }, () => 200));
    expect(bot.github.refreshes).toEqual([]);
  });
});

/** A session of octocat's own Copilot runs. */
async function running({ store: { tasks } }: Awaited<ReturnType<typeof connectedBot>>) {
  const task = await moving(tasks, commanded(1, { requester: OCTOCAT }));
  const own = { decision: { identity: "requester" } } as const;
  const begun = await record(tasks, task, ADMITTED, own, ASKED, STARTED);
  return begun?.id ?? "";
}

describe("a token that would end during a session that begins", () => {
  test("is refreshed before", async () => {
    const { connections, connect, tokens, github } = await connectedBot();
    await connect(HOUR_MS);
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: tokens.token });
    const refreshed = { token: "ghu_s3cret_token_2" };
    expect(await connections.tokenOf(OCTOCAT.id, "task")).toMatchObject(refreshed);
    expect(await connections.tokenOf(OCTOCAT.id, "task")).toMatchObject(refreshed);
    expect(github.refreshes).toEqual([tokens.refreshToken]);
  });

  test("stays as long as it can if another session of that person uses it", async () => {
    const bot = await connectedBot();
    const { connections, connect, tokens, github, advance } = bot;
    await connect(HOUR_MS);
    const id = await running(bot);
    expect(await connections.tokenOf(OCTOCAT.id, "task")).toMatchObject({ token: tokens.token });
    expect(github.refreshes).toEqual([]);
    advance(HOUR_MS - MINUTE_MS);
    const refreshed = { token: "ghu_s3cret_token_2" };
    expect(await connections.tokenOf(OCTOCAT.id, "task")).toMatchObject(refreshed);
    advance(7 * HOUR_MS);
    // The task's own session isn't another one.
    expect(await connections.tokenOf(OCTOCAT.id, id)).toMatchObject({
      token: "ghu_s3cret_token_3",
    });
  });

  test("stays while GitHub is unreachable", async () => {
    const { connections, connect, tokens, github } = await connectedBot();
    await connect(HOUR_MS);
    github.answers.push({ type: "unreachable", message: "502" });
    expect(await connections.tokenOf(OCTOCAT.id, "task")).toMatchObject({ token: tokens.token });
  });

  test("isn't used by others while it's refreshed", async () => {
    const bot = await connectedBot();
    await bot.connect(HOUR_MS);
    await killed(bot);
    const given = [undefined, "task"].map((task) => bot.replica().tokenOf(OCTOCAT.id, task));
    const refreshed = { token: "ghu_s3cret_token_2" };
    expect(await Promise.all(given)).toMatchObject([refreshed, refreshed]);
    expect(bot.paused.length * 200).toBeGreaterThanOrEqual(20_000);
    expect(bot.github.refreshes).toHaveLength(1);
  });
});

/** A process has claimed the refresh, and was killed. */
async function killed({ store, row, at }: Awaited<ReturnType<typeof connectedBot>>) {
  const read = await row();
  if (read === null) throw new Error("not connected");
  await store.connectionRows.claimRefresh(read, at(0), at(0));
}

describe("a process that was killed", () => {
  test("before GitHub's refresh: another one makes it", async () => {
    const bot = await connectedBot();
    await bot.connect(MINUTE_MS);
    await killed(bot);
    expect(await bot.connections.tokenOf(OCTOCAT.id)).toMatchObject({
      token: "ghu_s3cret_token_2",
    });
    expect(bot.github.refreshes).toHaveLength(1);
    // It waits for the claim to lapse.
    expect(bot.paused.length * 200).toBeGreaterThanOrEqual(20_000);
  });

  test("between GitHub's refresh and the write: the person has to connect again, once", async () => {
    const bot = await connectedBot();
    await bot.connect(MINUTE_MS);
    await killed(bot);
    await bot.github.refresh(bot.tokens.refreshToken);
    const replicas = [bot.connections, bot.replica()];
    const given = replicas.map((each) => each.tokenOf(OCTOCAT.id));
    expect(await Promise.all(given)).toEqual([ENDED, ENDED]);
    expect(bot.github.refreshes).toEqual([bot.tokens.refreshToken, bot.tokens.refreshToken]);
    expect(await bot.connections.tokenOf(OCTOCAT.id)).toEqual(ENDED);
    expect(bot.github.refreshes).toHaveLength(2);
  });
});

describe("during a refresh", () => {
  test("disconnecting counts, and the new token is revoked too", async () => {
    const { connections, connect, github, row } = await connectedBot();
    await connect(MINUTE_MS);
    const { promise, resolve } = Promise.withResolvers<null>();
    github.answering = promise;
    const asked = connections.tokenOf(OCTOCAT.id);
    await expect.poll(() => github.refreshes).toHaveLength(1);
    await connections.disconnect(OCTOCAT.id);
    resolve(null);
    expect(await asked).toEqual(NOT_CONNECTED);
    expect(await row()).toBeNull();
    expect(github.withdrawn).toEqual(["ghu_s3cret_token_1", "ghu_s3cret_token_2"]);
  });

  test("a connection that another process has ended keeps no token that's alive", async () => {
    const { store, connections, connect, github, row } = await connectedBot();
    await connect(MINUTE_MS);
    const { promise, resolve } = Promise.withResolvers<null>();
    github.answering = promise;
    const asked = connections.tokenOf(OCTOCAT.id);
    await expect.poll(() => github.refreshes).toHaveLength(1);
    const current = await row();
    if (current === null) throw new Error("not connected");
    await store.connectionRows.end(current);
    resolve(null);
    expect(await asked).toEqual(ENDED);
    expect(github.revoked).toEqual(["ghu_s3cret_token_2"]);
  });

  test("connecting again counts", async () => {
    const { connections, connect, github } = await connectedBot();
    await connect(MINUTE_MS);
    const { promise, resolve } = Promise.withResolvers<null>();
    github.answering = promise;
    const asked = connections.tokenOf(OCTOCAT.id);
    await expect.poll(() => github.refreshes).toHaveLength(1);
    const rest = { kind: "app", rights: NO_RIGHTS, connectedAt: "", expiresAt: null } as const;
    await connections.connect(
      { person: OCTOCAT, ...rest },
      { token: "ghu_new", refreshToken: null },
    );
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: "ghu_new" });
    resolve(null);
    expect(await asked).toMatchObject({ type: "token", token: "ghu_new" });
    expect(github.revoked).toEqual([]);
  });

  test("a database that's busy loses no token", async () => {
    const { store, connect, replica, connections } = await connectedBot();
    await connect(MINUTE_MS);
    let failures = 3;
    const busy = replica({
      rows: {
        ...store.connectionRows,
        finishRefresh(...args) {
          failures -= 1;
          if (failures >= 0) return Promise.reject(new Error("database is locked"));
          return store.connectionRows.finishRefresh(...args);
        },
      },
    });
    expect(await busy.tokenOf(OCTOCAT.id)).toMatchObject({ token: "ghu_s3cret_token_2" });
    expect(await connections.tokenOf(OCTOCAT.id)).toMatchObject({ token: "ghu_s3cret_token_2" });
  });
});
