import { expect, test } from "vitest";
import { createLog } from "../../src/logging.ts";
import { recoverDeliveries } from "../../src/runner/recovery.ts";
import { startRounds } from "../../src/runner/rounds.ts";
import { createRecoveryStore } from "../../src/store/recovery.ts";
import { openStore } from "../store/opened.ts";

test("a round that waits for GitHub ends when the bot is stopped, and the next begins where it began", async () => {
  const { database } = await openStore();
  const store = createRecoveryStore(database, () => new Date("2026-11-21T12:00:00.000Z"));
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
  const ports = { deliveries, store, log, events: [], pauseMs: 0 };
  const before = await store.begin();
  await store.release();
  const rounds = startRounds((signal) => recoverDeliveries(ports, signal), {
    everyMs: 60_000,
    log,
    name: "recovery of deliveries",
  });
  await asked.promise;
  await rounds.stop();
  expect(await store.begin()).toEqual(before);
  expect(lines).toEqual([]);
});
