import { expect, test } from "vitest";
import { createReadiness } from "../../src/app/readiness.ts";
import { createLog } from "../../src/app/logging.ts";
import { READY } from "../http/started.ts";
import { openStore } from "../store/opened.ts";

const credentials = { refused: () => ["APP_ID, PRIVATE_KEY"] };
const hangs = () => new Promise<never>(() => {});
const fails = () => Promise.reject(new Error("database is locked"));

test.each([
  ["writes", { checkWrite: hangs, undelivered: hangs }, "unavailable"],
  ["writes alone", { checkWrite: hangs }, "unavailable"],
  ["reads alone", { undelivered: hangs }, "ok"],
  ["nothing, and fails at reading", { undelivered: fails }, "ok"],
  ["nothing, and fails at writing", { checkWrite: fails }, "unavailable"],
] as const)(
  "a database that hangs at %s doesn't keep /readyz waiting",
  async (_what, trouble, store) => {
    const { tasks } = await openStore();
    const readiness = createReadiness({
      tasks: { ...tasks, ...trouble },
      runtime: { status: () => READY.runtime },
      credentials,
      log: createLog("silent"),
      timeLimitMs: 50,
    });
    const refused = ["APP_ID, PRIVATE_KEY"];
    expect(await readiness()).toEqual({
      store,
      runtime: READY.runtime,
      refused,
      undelivered: null,
    });
  },
);

test("/readyz counts the requests that GitHub refuses", async () => {
  const { tasks } = await openStore();
  const runtime = { status: () => READY.runtime };
  const readiness = createReadiness({ tasks, runtime, credentials, log: createLog("silent") });
  expect(await readiness()).toEqual({
    store: "ok",
    runtime: READY.runtime,
    refused: ["APP_ID, PRIVATE_KEY"],
    undelivered: { count: 0, since: null, reason: null },
  });
});
