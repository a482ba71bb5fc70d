import { expect, test } from "vitest";
import { createLog } from "../../src/app/logging.ts";
import { recoverDeliveries } from "../../src/runner/recovery.ts";
import { startRounds } from "../../src/runner/lease/rounds.ts";
import { createRecovery } from "../../src/store/recovery.ts";
import { openStore } from "../store/opened.ts";

test("a round that waits for GitHub ends when the bot is stopped, and the next begins where it began", async () => {
  const { database } = await openStore();
  const store = createRecovery(database, () => new Date("2026-11-21T12:00:00.000Z"));
  const asked = Promise.withResolvers<void>();
  const lines: string[] = [];
  const log = createLog("trace", { write: (line) => lines.push(line) });
  const deliveries = {
    attemptsSince() {
      asked.resolve();
      // As one that tries again and again.
      return Promise.withResolvers<never>().promise;
    },
    repeat: () => Promise.reject(new Error("nothing is to be repeated")),
  };
  const ports = { deliveries, store, log, events: [], pauseMs: 0, renewMs: 1_000 };
  const rounds = startRounds((signal) => recoverDeliveries(ports, signal), {
    everyMs: 60_000,
    log,
    name: "recovery of deliveries",
  });
  await asked.promise;
  await rounds.stop();
  expect((await store.begin())?.before).toEqual({ cursor: "", asked: [] });
  expect(lines).toEqual([]);
});

function missed(id: string) {
  const at = `2026-11-21T11:00:0${id}.000Z`;
  return { id, deliveryId: `delivery-${id}`, at, succeeded: false, event: "issues.labeled" };
}

test("a delivery that GitHub can't repeat doesn't hold up the ones behind it", async () => {
  const { database } = await openStore();
  const store = createRecovery(database, () => new Date("2026-11-21T12:00:00.000Z"));
  const lines: unknown[] = [];
  const log = createLog("info", { write: (line) => lines.push(JSON.parse(line)) });
  const asked: string[] = [];
  const deliveries = {
    attemptsSince: () => Promise.resolve(["3", "2", "1"].map(missed)),
    repeat(id: string) {
      asked.push(id);
      return Promise.resolve(id !== "1");
    },
  };
  const ports = { deliveries, store, log, events: ["issues.labeled"], pauseMs: 0, renewMs: 1_000 };

  await recoverDeliveries(ports, AbortSignal.timeout(10_000));

  expect(asked).toEqual(["1", "2", "3"]);
  expect(lines).toMatchObject([
    { level: "warn", attemptId: "1", msg: "GitHub can't repeat a missed delivery" },
    { level: "info", count: 2, msg: "missed deliveries requested again" },
  ]);
});

test("a round that another replica has begun meanwhile asks for nothing more", async () => {
  const { database } = await openStore();
  let now = Date.parse("2026-11-21T12:00:00.000Z");
  const store = createRecovery(database, () => new Date(now));
  const log = createLog("silent", { write() {} });
  const asked: string[] = [];
  const deliveries = {
    attemptsSince: () => Promise.resolve(["2", "1"].map(missed)),
    async repeat(id: string) {
      asked.push(id);
      // As after a stop of the whole process.
      now += 9_001;
      await store.begin();
      return true;
    },
  };
  const ports = { deliveries, store, log, events: ["issues.labeled"], pauseMs: 60_000, renewMs: 1 };

  const round = recoverDeliveries(ports, new AbortController().signal);

  await expect(round).rejects.toMatchObject({
    cause: { message: "another replica has begun a round" },
  });
  expect(asked).toEqual(["1"]);
});
