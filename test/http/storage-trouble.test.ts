import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createLog } from "../../src/app/logging.ts";
import { createAvailability } from "../../src/store/availability.ts";
import { fill, mountSmallDisk } from "../small-disk.ts";
import type { OpenedStore } from "../store/opened.ts";
import { openStore } from "../store/opened.ts";
import { ask, commented, deliver } from "./client.ts";
import { READY, startServer } from "./started.ts";

const line = z.object({
  msg: z.string(),
  err: z.object({ message: z.string(), code: z.string().optional() }).optional(),
});

/** A server whose readiness is that of its database, as in the bot. */
async function serve(store: OpenedStore) {
  const written: string[] = [];
  const availability = createAvailability({
    checkWrite: () => store.tasks.checkWrite(),
    log: createLog("info", { write: (text) => written.push(text) }),
    answerHoldsMs: 0,
  });
  const server = await startServer({
    store,
    readiness: async () => ({
      ...READY,
      store: (await availability.isAvailable()) ? "ok" : "unavailable",
    }),
  });
  let count = 0;
  return {
    async readiness() {
      const { status, body } = await ask(`${server.url}/readyz`);
      return { status, ...z.object({ store: z.string() }).parse(body) };
    },
    /** The status of the answer to a new command. */
    async command(text = "/copilot triage") {
      count += 1;
      const body = commented(text, { "comment.id": count });
      const delivery = { event: "issue_comment", deliveryId: `delivery-${count}`, body };
      return (await deliver(server.webhooks, delivery)).status;
    },
    /** Message and reason of what was logged about the database, once each. */
    logged() {
      const lines = [...server.log, ...written].map((text) => line.parse(JSON.parse(text)));
      const messages = lines
        .filter(({ msg }) => /stored|available/u.test(msg))
        .map(({ msg, err }) => (err === undefined ? msg : `${msg}: ${err.code} ${err.message}`));
      return [...new Set(messages)];
    },
  };
}

const UP = { status: 200, store: "ok" };
const DOWN = { status: 503, store: "unavailable" };

describe("while nothing can be stored, webhooks are refused and /readyz says so", () => {
  test("on a full disk, until there is room again", async ({ skip }) => {
    const disk = mountSmallDisk();
    skip(disk === null, "only root can mount a small disk");
    const server = await serve(await openStore(join(disk ?? "", "tasks.db")));
    expect(await server.readiness()).toEqual(UP);
    expect(await server.command()).toBe(202);

    const free = fill(disk ?? "");
    expect(await server.readiness()).toEqual(DOWN);
    expect(await server.command()).toBe(503);

    free();
    expect(await server.readiness()).toEqual(UP);
    expect(await server.command()).toBe(202);
    expect(server.logged()).toEqual([
      "webhook not stored: SQLITE_FULL database or disk is full",
      "database unavailable: SQLITE_FULL database or disk is full",
      "database available again",
    ]);
  });

  test("in a database that has reached its size, until it can grow again", async () => {
    const store = await openStore();
    const server = await serve(store);
    const pages = async (most: number) =>
      void (await sql`pragma max_page_count = ${sql.lit(most)}`.execute(store.database));
    expect(await server.command()).toBe(202);
    // No larger than it is; the next comment takes many pages.
    await pages(1);
    expect(await server.command(`/copilot triage ${"long ".repeat(10_000)}`)).toBe(503);
    await pages(1_000_000);
    expect(await server.command(`/copilot triage ${"long ".repeat(10_000)}`)).toBe(202);
    expect(server.logged()).toEqual(["webhook not stored: SQLITE_FULL database or disk is full"]);
  });

  test("in a database that another process has locked, until it lets go", async () => {
    const store = await openStore();
    const server = await serve(store);
    const other = new DatabaseSync(store.file);
    onTestFinished(() => other.close());

    other.exec("begin immediate");
    expect(await server.readiness()).toEqual(DOWN);
    expect(await server.command()).toBe(503);

    other.exec("rollback");
    expect(await server.readiness()).toEqual(UP);
    expect(await server.command()).toBe(202);
    expect(server.logged()).toEqual([
      "webhook not stored: SQLITE_BUSY database is locked",
      "database unavailable: SQLITE_BUSY database is locked",
      "database available again",
    ]);
  });

  test("in a database that may only be read", async () => {
    const store = await openStore();
    const server = await serve(store);
    await sql`pragma query_only = 1`.execute(store.database);
    expect(await server.readiness()).toEqual(DOWN);
    expect(await server.command()).toBe(503);
    expect(server.logged()).toEqual([
      "webhook not stored: SQLITE_READONLY attempt to write a readonly database",
      "database unavailable: SQLITE_READONLY attempt to write a readonly database",
    ]);
  });
});

test("another process that writes for a moment only is waited for", async () => {
  const store = await openStore();
  const server = await serve(store);
  await server.command();
  const hold = `
    const database = new (require("node:sqlite").DatabaseSync)(process.argv[1]);
    database.exec("begin immediate");
    console.log("held");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 80);
    database.exec("rollback");
  `;
  const other = spawn(process.execPath, ["-e", hold, store.file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(other.stdout, "data");
  expect(await server.command()).toBe(202);
});

describe("the database is checked", () => {
  test("once for all who ask at the same time, and an answer holds for a while", async () => {
    let checks = 0;
    const availability = createAvailability({
      checkWrite: () => Promise.resolve(void (checks += 1)),
      log: createLog("silent"),
      answerHoldsMs: 60_000,
    });
    const answers = await Promise.all([availability.isAvailable(), availability.isAvailable()]);
    expect([...answers, await availability.isAvailable()]).toEqual([true, true, true]);
    expect(checks).toBe(1);
  });

  test("for a limited time: a server that hangs is unavailable", async () => {
    const written: string[] = [];
    const availability = createAvailability({
      checkWrite: () => new Promise(() => {}),
      log: createLog("info", { write: (text) => written.push(text) }),
      timeLimitMs: 10,
    });
    expect(await availability.isAvailable()).toBe(false);
    expect(written.join("")).toContain("Promise timed out after 10 milliseconds");
  });
});
