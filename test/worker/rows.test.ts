import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { machineOfWorker } from "../../src/core/worker/machine.ts";
import { openWorld, requested } from "./world.ts";

const DAY_MS = 86_400_000;

function workerNamed(id: string) {
  return { id, process: `${id} 1`, name: id, publicKey: "", labels: [], places: 2, version: 1 };
}

function letterOf(id: string) {
  return { id, recipient: "one", content: { text: `${id}\0` } };
}

test("what nobody has read or looked at for long is deleted, and nothing else", async () => {
  const world = await openWorld();
  const { database, rows, mail, workers } = world;
  for (const id of ["old", "busy", "new"]) await workers.register(workerNamed(id));
  const [old, kept] = [requested(), requested()];
  for (const request of [old, kept]) await rows.request(request, "a bot");
  for (const id of ["1", "2"]) await mail.send([{ id, recipient: "gone", content: {} }]);
  const updatedAt = Date.now() - 32 * DAY_MS;
  await database
    .updateTable("hostedSessions")
    .set({ updatedAt })
    .where("id", "=", old.sessionId)
    .execute();
  await database
    .updateTable("hostedSessions")
    .set({ worker: "busy" })
    .where("id", "=", kept.sessionId)
    .execute();
  await database
    .updateTable("hostingWorkers")
    .set({ beatAt: updatedAt })
    .where("id", "!=", "new")
    .execute();
  await sql`update hosting_mail set sent_at = ${Date.now() - 700_000} where id = '1'`.execute(
    database,
  );
  await mail.sweep();
  await rows.sweep();
  await workers.sweep();
  expect((await mail.read("gone")).map(({ id }) => id)).toEqual(["2"]);
  expect(await rows.find(old.sessionId)).toBeNull();
  expect(await rows.find(kept.sessionId)).not.toBeNull();
  expect((await workers.all()).map(({ id }) => id).toSorted()).toEqual(["busy", "new"]);
});

test("a letter that's sent twice arrives once, and in its order", async () => {
  const { mail } = await openWorld();
  await mail.send([letterOf("a"), letterOf("b")]);
  await mail.send([letterOf("a"), letterOf("c")]);
  const read = await mail.read("one");
  expect(read.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(read[0]?.content).toEqual({ text: "a\uFFFD" });
});

test("a session is claimed once, and begun only by who has claimed it", async () => {
  const { rows, machineRows } = await openWorld();
  const request = requested();
  await rows.request(request, "a bot");
  const claims = await Promise.all(
    ["one", "two", "three"].map((id) =>
      machineRows.claim(request.sessionId, { id, process: `process of ${id}` }),
    ),
  );
  const row = claims.find((claim) => claim !== null);
  expect(claims.filter((claim) => claim === null)).toHaveLength(2);
  expect(await machineRows.begin(request.sessionId, "somebody else")).toBe(false);
  await rows.release(request.sessionId, "somebody else");
  expect(await machineRows.begin(request.sessionId, row?.process ?? "")).toBe(true);
  // Neither is it released then, nor withdrawn, nor claimed again.
  await rows.release(request.sessionId, row?.process ?? "");
  expect(await rows.withdraw(request.sessionId)).toBe(false);
  expect(await machineRows.claim(request.sessionId, { id: "two", process: "2" })).toBeNull();
  await rows.leaveForRemoval(request.sessionId);
  expect(await machineRows.opened(request.sessionId, row?.process ?? "")).toBe(false);
});

test("of two connections, the later one has the higher number, also to a row that was deleted between", async () => {
  const { rows } = await openWorld();
  const request = requested();
  const fences: number[] = [];
  const note = (row: { readonly fence: number } | null) => fences.push(row?.fence ?? 0);
  note(await rows.request(request, "one"));
  note(await rows.request(request, "two"));
  note(await rows.connect(request.sessionId, "three"));
  await rows.delete(request.sessionId);
  expect(await rows.connect(request.sessionId, "three")).toBeNull();
  await sleep(5);
  note(await rows.request(request, "four"));
  expect(fences).toEqual(fences.toSorted((one, other) => one - other));
  expect(new Set(fences).size).toBe(4);
});

test("a worker says what it has, and how many places are taken; what isn't a label is none", async () => {
  const { database, workers } = await openWorld();
  const [one, two] = [workerNamed("one"), workerNamed("two")];
  await workers.register({ ...one, labels: ["gpu", "large"] });
  await workers.register(two);
  expect(await workers.beat({ ...one, taken: 2 })).toBe(true);
  await workers.leave(two);
  // Who works for the bot can write to this table.
  await database
    .updateTable("hostingWorkers")
    .set({ labels: '["<b>"]' })
    .where("id", "=", "two")
    .execute();
  const machines = new Map(
    (await workers.all()).map((row) => [row.id, machineOfWorker(row)] as const),
  );
  expect(machines.get("one")).toMatchObject({
    name: "one",
    labels: ["gpu", "large"],
    places: 2,
    taken: 2,
    isThere: true,
    hasOtherVersion: false,
  });
  expect(machines.get("one")?.sinceMs).toBeLessThan(60_000);
  expect(machines.get("two")).toMatchObject({ labels: [], taken: 0, isThere: false });
  expect(machines.get("two")?.sinceMs).toBeGreaterThanOrEqual(60_000);
  await workers.register({ ...one, process: "one 2", version: 2 });
  const again = (await workers.all()).filter(({ id }) => id === "one");
  expect(again).toMatchObject([{ labels: [], taken: 0 }]);
  expect(again.map(machineOfWorker)).toMatchObject([{ isThere: false, hasOtherVersion: true }]);
});
