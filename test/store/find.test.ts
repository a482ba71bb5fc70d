import { describe, expect, test } from "vitest";
import { NOON } from "./living.ts";
import { openStore } from "./opened.ts";
import { ASKED, claimed, inserted, record, STARTED } from "./story.ts";
import { commanded, labeled } from "./trigger.ts";
import type { Layer } from "../core/task.ts";
import { answered, canceled, changed, over } from "../core/task.ts";
import type { TriggerLayer } from "../core/task.ts";

const THREAD = { repositoryId: 1_296_269, subjectNumber: 7 };
const KNOWN = { decision: { kind: "triage" } };
const WITH_SESSION = over(KNOWN, ASKED);
const NOTHING = { ofAll: null, withSession: null, unsettled: null, unsettledWithSession: null };
const SETTLED = { state: "completed", settledAt: "2026-11-21T12:30:00.000Z" } as const;

/** A store in which each task is a minute younger than the one before, with the id that it is given. */
async function threadStore() {
  let now = NOON;
  let id = "";
  const { tasks } = await openStore(undefined, { now: () => new Date(now), idOf: () => id });
  async function write(taskId: string, changes: Layer, trigger?: TriggerLayer) {
    id = taskId;
    now += 60_000;
    const task = await inserted(tasks, commanded(now, trigger));
    const recorded = await record(tasks, task, changes);
    if (recorded === null) throw new TypeError("lost");
    return recorded;
  }
  return { tasks, write };
}

describe("without an id, a command may be about", () => {
  test("the newest of all that start sessions, with one or not, and settled or not", async () => {
    const { tasks, write } = await threadStore();
    await write("a", WITH_SESSION);
    const unsettledWithSession = await write("b", WITH_SESSION);
    const unsettled = await write("c", KNOWN);
    const withSession = await write("d", over(WITH_SESSION, SETTLED));
    const ofAll = await write("e", over(KNOWN, SETTLED));
    // None that starts no session, or is about something else.
    await write("f", { outcome: answered("Help.") }, { trigger: { name: "help" } });
    await write("g", KNOWN, { subject: { number: 8 } });
    const newest = { ofAll, withSession, unsettled, unsettledWithSession };
    expect(await tasks.newest(THREAD)).toEqual(newest);
    expect((await tasks.list(THREAD)).map(({ id }) => id)).toEqual(["e", "d", "c", "b", "a"]);
  });

  test("nothing, where there's none", async () => {
    const { tasks } = await threadStore();
    expect(await tasks.newest(THREAD)).toEqual(NOTHING);
  });
});

describe("with an id, a command is about", () => {
  test("the task whose id begins so, however old and without a session", async () => {
    const { tasks, write } = await threadStore();
    const old = await write("0b4f9bd6-1f0c", KNOWN);
    await write("1c5f9bd6-1f0c", WITH_SESSION);
    for (const prefix of ["0b4f9bd6", "0", "0b4f9bd6-1f0c"]) {
      expect(await tasks.findNamed(THREAD, prefix)).toEqual([old]);
    }
  });

  test("all whose ids begin so, newest first, since it's unclear which one is meant", async () => {
    const { tasks, write } = await threadStore();
    const older = await write("0b4f9bd6-1", WITH_SESSION);
    const newer = await write("0b4f9bd6-2", KNOWN);
    expect(await tasks.findNamed(THREAD, "0b4f9bd6")).toEqual([newer, older]);
  });

  test("one that starts nothing, such as an answer", async () => {
    const { tasks, write } = await threadStore();
    const help = await write(
      "0b4f9bd6",
      { outcome: answered("Help.") },
      { trigger: { name: "help" } },
    );
    expect(await tasks.findNamed(THREAD, "0b4f9bd6")).toEqual([help]);
  });

  test.each(["%", "_", "_b4f9bd6", "0b4f%", "%9bd6", "0b4f____", "0B4F9BD6", "b4f9bd6", "\\", "'"])(
    "none whose id does not begin with %j",
    async (prefix) => {
      const { tasks, write } = await threadStore();
      await write("0b4f9bd6-1f0c", WITH_SESSION);
      expect(await tasks.findNamed(THREAD, prefix)).toEqual([]);
    },
  );

  test.each(["%", "_", "%_", "\\_"])("one whose id does begin with %j", async (prefix) => {
    const { tasks, write } = await threadStore();
    const odd = await write(`${prefix}b4f9bd6`, KNOWN);
    await write("0b4f9bd6", WITH_SESSION);
    expect(await tasks.findNamed(THREAD, prefix)).toEqual([odd]);
  });
});

test("besides a task are those of its subject that are not settled, or show a label", async () => {
  const { tasks, write } = await threadStore();
  const task = await write("a", WITH_SESSION);
  const waiting = await write("b", KNOWN);
  const shown = await write("c", over(WITH_SESSION, SETTLED, { shown: { label: "running" } }));
  await write("d", over(WITH_SESSION, SETTLED));
  await write("e", WITH_SESSION, { subject: { number: 8 } });
  await write("f", WITH_SESSION, { place: { repositoryId: 5 } });
  const found = await tasks.siblingTasks(task);
  expect(found.map(({ id }) => id).toSorted()).toEqual([waiting.id, shown.id]);
});

describe("a task is not found from another thread", () => {
  test.each([
    ["of the repository", { ...THREAD, subjectNumber: 8 }],
    ["of another repository", { ...THREAD, repositoryId: 5 }],
  ])("%s", async (_what, thread) => {
    const { tasks, write } = await threadStore();
    const { id } = await write("0b4f9bd6", WITH_SESSION);
    expect(await tasks.newest(thread)).toEqual(NOTHING);
    expect(await tasks.list(thread)).toEqual([]);
    for (const prefix of [id, "0b4f", "", "%"]) {
      expect(await tasks.findNamed(thread, prefix)).toEqual([]);
    }
  });

  test("though it is newer than that thread's own", async () => {
    const { tasks, write } = await threadStore();
    const own = await write("a", WITH_SESSION);
    await write("b", WITH_SESSION, { subject: { number: 8 } });
    await write("c", WITH_SESSION, { place: { repositoryId: 5 } });
    expect((await tasks.newest(THREAD)).ofAll).toEqual(own);
  });
});

const AGAIN = { followUntil: "2026-11-21T15:00:00.000Z" };
const LATER = { trigger: { deliveryId: "delivery-2", eventKey: "label:later" } };

/** A task of a label that has requested a session, and that is settled. */
async function settledTask() {
  let now = NOON;
  const { tasks } = await openStore(undefined, { now: () => new Date(now) });
  const { id } = await inserted(tasks, labeled());
  const mine = await claimed(tasks, id);
  const prompted = over(STARTED, {
    session: { prompt: { deliveredAt: "2026-11-21T12:00:04.000Z" } },
  });
  const ended = over(WITH_SESSION, prompted, SETTLED, { session: { unfollowed: "over" } });
  const settled = await record(tasks, mine, ended);
  if (settled === null) throw new TypeError("lost");
  await tasks.release(settled);
  now += 60 * 60_000;
  return { tasks, settled, now: () => new Date(now).toISOString() };
}

describe("a settled task that is reopened", () => {
  test("has its new command, and moves again", async () => {
    const { tasks, settled, now } = await settledTask();
    const reopened = changed(settled, {
      session: { unfollowed: null, ...AGAIN },
      settledAt: null,
      lease: null,
      updatedAt: now(),
    });
    expect(await tasks.claim(settled.id, "start")).toEqual({ type: "settled" });
    expect(await tasks.reopen(settled.id, AGAIN)).toEqual(reopened);
    expect(await tasks.get(settled.id)).toEqual(reopened);
    expect(await tasks.waiting()).toEqual([settled.id]);
    expect(await tasks.claim(settled.id, "start")).toMatchObject({
      type: "claimed",
      task: { session: AGAIN, attempt: settled.attempt + 1 },
    });
  });

  test("leaves its label free to be added again", async () => {
    const { tasks, settled } = await settledTask();
    await tasks.reopen(settled.id, AGAIN);
    expect(await tasks.insert(labeled(LATER))).not.toBeNull();
    expect(
      await tasks.insert(labeled(over(LATER, { trigger: { deliveryId: "delivery-3" } }))),
    ).toBeNull();
  });

  test("leaves a label that was re-added since to its new task", async () => {
    const { tasks, settled } = await settledTask();
    const newer = await inserted(tasks, labeled(LATER));
    expect(await tasks.reopen(settled.id, AGAIN)).not.toBeNull();
    expect(await tasks.get(newer.id)).toEqual(newer);
    const again = labeled({ trigger: { deliveryId: "delivery-3", eventKey: "label:latest" } });
    expect(await tasks.insert(again)).toBeNull();
  });

  test("is settled and reopened any number of times", async () => {
    const { tasks, settled } = await settledTask();
    for (const attempt of [2, 3]) {
      await tasks.reopen(settled.id, AGAIN);
      const mine = await claimed(tasks, settled.id);
      expect(mine.attempt).toBe(attempt);
      expect(await record(tasks, mine, SETTLED)).not.toBeNull();
      await tasks.release(mine);
    }
  });

  test("by ten at once is reopened by one", async () => {
    const { tasks, settled } = await settledTask();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => tasks.reopen(settled.id, AGAIN)),
    );
    expect(all.filter((task) => task !== null)).toHaveLength(1);
  });

  test("takes text that PostgreSQL does not", async () => {
    const { tasks, settled } = await settledTask();
    const place = changed(settled, { place: { repository: "a\0b" } }).place;
    expect(await tasks.reopen(settled.id, { ...AGAIN, place })).toMatchObject({
      place: { repository: "a\uFFFDb" },
    });
  });
});

describe("nothing is reopened", () => {
  test.each<[what: string, changes: Layer]>([
    [
      "that was canceled while it waited",
      { state: "cancelled", outcome: canceled("subject_closed") },
    ],
    ["whose session got no prompt", over(WITH_SESSION, STARTED, { state: "cancelled" })],
  ])("%s: it would start over", async (_what, changes) => {
    const { tasks, write } = await threadStore();
    const settled = await write("a", { ...changes, settledAt: SETTLED.settledAt });
    expect(await tasks.reopen(settled.id, AGAIN)).toBeNull();
    expect(await tasks.get(settled.id)).toEqual(settled);
  });

  test("that is not settled: it stays as it is", async () => {
    const { tasks, settled } = await settledTask();
    const moving = await inserted(tasks, labeled(LATER));
    expect(await tasks.reopen(moving.id, AGAIN)).toBeNull();
    expect(await tasks.get(moving.id)).toEqual(moving);
    expect(await tasks.get(settled.id)).toMatchObject({ settledAt: SETTLED.settledAt });
  });

  test("that is not there", async () => {
    const { tasks } = await settledTask();
    expect(await tasks.reopen("0b4f9bd6", AGAIN)).toBeNull();
  });
});
