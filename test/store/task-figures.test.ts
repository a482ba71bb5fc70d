import { describe, expect, test } from "vitest";
import type { Layer } from "../core/task.ts";
import { canceled, changed, failed, over } from "../core/task.ts";
import { createTaskLists } from "../../src/store/task-lists.ts";
import { afterNoon, listedTask, readable, writeTasks } from "./listed.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, ASKED, moving, record, STARTED, UNLIMITED } from "./story.ts";
import { commanded, fromPage } from "./trigger.ts";

const HOUR_MS = 3_600_000;
const HELLO = { ownerId: 9_919, repositoryId: 1_296_269 };
const ADA = { requester: { login: "ada", id: 5 } } as const;

async function opened(at = afterNoon(0)) {
  const store = await openStore(undefined, { now: () => new Date(at) });
  return { ...store, lists: createTaskLists(store.database, () => new Date(at)) };
}

describe("what waits for a person", () => {
  const WAITING = { state: "waiting_for_user" } as const;

  test("are their own tasks, newest first, in repositories that they can read", async () => {
    const { database, lists } = await opened();
    const older = listedTask(afterNoon(1), over(ADA, WAITING));
    const toConnect = listedTask(
      afterNoon(2),
      over(ADA, WAITING, { schedule: { connectBy: afterNoon(HOUR_MS) } }),
    );
    const unfollowed = listedTask(
      afterNoon(3),
      over(ADA, WAITING, { settledAt: afterNoon(-6 * 24 * HOUR_MS) }),
    );
    await writeTasks(database, [
      older,
      toConnect,
      unfollowed,
      listedTask(afterNoon(4), over(ADA, WAITING, { settledAt: afterNoon(-8 * 24 * HOUR_MS) })),
      listedTask(afterNoon(5), over(ADA, WAITING, { place: { repositoryId: 2 } })),
      listedTask(afterNoon(6), over(ADA, { state: "idle" })),
      listedTask(afterNoon(7), WAITING),
    ]);
    expect(await lists.waitingFor(5, readable(1_296_269))).toEqual([unfollowed, toConnect, older]);
    expect(await lists.waitingFor(5, readable())).toEqual([]);
    expect(await lists.waitingFor(6, readable(1_296_269))).toEqual([]);
  });
});

describe("one task", () => {
  test("is found in a repository that is readable", async () => {
    const { tasks, lists } = await opened();
    const task = await moving(tasks, commanded(1));
    expect(await lists.find(task.id, readable(1, 1_296_269))).toEqual(task);
    expect(await lists.find(task.id, readable(1))).toBeNull();
    expect(await lists.find(task.id, readable())).toBeNull();
    expect(await lists.find("another", readable(1_296_269))).toBeNull();
  });

  test("has every step with its time", async () => {
    const { tasks, lists } = await opened();
    const task = await moving(tasks, commanded(1));
    await record(tasks, task, ADMITTED);
    await record(tasks, changed(task, ADMITTED), over(ADMITTED, ASKED));
    await record(
      tasks,
      changed(task, ADMITTED, ASKED),
      over(ADMITTED, ASKED, { state: "cancelled", outcome: canceled("stopped") }),
    );
    await moving(tasks, commanded(2));
    const at = afterNoon(0);
    expect(await lists.audit(task.id)).toEqual([
      { at, step: "asked", reason: null },
      { at, step: "allowed", reason: null },
      { at, step: "session_asked_for", reason: null },
      { at, step: "canceled", reason: "stopped" },
    ]);
    expect(await lists.audit("another")).toEqual([]);
    const pressed = await moving(tasks, fromPage("page-1"));
    expect(await lists.audit(pressed.id)).toEqual([{ at, step: "asked", reason: "page" }]);
  });

  test("has the commands that were given to it", async () => {
    const { tasks, lists, sessionCommands } = await opened();
    const { id } = await moving(tasks, commanded(1));
    const send = { id: "1", taskId: id, type: "send", text: "Hi", requester: "ada" } as const;
    await sessionCommands.give(send);
    await sessionCommands.take(id);
    await sessionCommands.give({ ...send, id: "2", taskId: "another" });
    await sessionCommands.give({ ...send, id: "3", place: "page" });
    const at = afterNoon(0);
    const commands = await lists.commands(id);
    expect(commands.toSorted((one, other) => Number(one.id) - Number(other.id))).toEqual([
      { ...send, place: null, createdAt: at, takenAt: at, doneAt: null },
      { ...send, id: "3", place: "page", createdAt: at, takenAt: null, doneAt: null },
    ]);
  });
});

const hoursAgo = (hours: number) => ({ session: { intentAt: afterNoon(-hours * HOUR_MS) } });

describe("a repository", () => {
  const RUNNING = {
    state: "in_progress",
    session: { intentAt: afterNoon(-30 * 60_000) },
  } as const satisfies Layer;

  test("shows what runs, starts and waits there, and what's used of its limits", async () => {
    const { database, lists } = await opened();
    const isOver = { settledAt: afterNoon(0) };
    const elsewhere = { place: { repositoryId: 2 } };
    const inLine = { schedule: { waitingSince: afterNoon(-1), atOnce: 1 } };
    const starting = {
      session: { intentAt: null },
      lease: { lane: "start", until: afterNoon(9_000) },
    } as const;
    const tasks = [
      listedTask(afterNoon(0), RUNNING),
      listedTask(afterNoon(0), RUNNING, ADA, isOver),
      listedTask(afterNoon(0), RUNNING, isOver, hoursAgo(2)),
      listedTask(afterNoon(0), { state: "idle" }, hoursAgo(0.5)),
      listedTask(afterNoon(0), { state: "completed" }, isOver, hoursAgo(20), ADA),
      listedTask(afterNoon(0), { state: "completed" }, isOver, hoursAgo(25)),
      listedTask(afterNoon(0), RUNNING, elsewhere),
      listedTask(afterNoon(0), RUNNING, { place: { ownerId: 2, repositoryId: 3 } }),
      listedTask(afterNoon(0), inLine, ADA),
      listedTask(afterNoon(0), inLine, elsewhere),
      listedTask(afterNoon(0), starting),
    ];
    await writeTasks(database, tasks);
    await database
      .updateTable("tasks")
      .set({ lane: "start", leaseUntil: afterNoon(9_000) })
      .where("id", "=", tasks.at(-1)?.id ?? "")
      .execute();
    const figures = await lists.repository(HELLO, 5);
    expect(figures).toEqual({
      running: 2,
      starting: 1,
      waitingForPlace: 1,
      limits: [
        { scope: "requester", per: "hour", used: 2 },
        { scope: "requester", per: "day", used: 3 },
        { scope: "repository", per: "hour", used: 4 },
        { scope: "repository", per: "day", used: 6 },
        { scope: "organization", per: "hour", used: 6 },
        { scope: "organization", per: "day", used: 8 },
      ],
      failures: [],
    });
    expect(await lists.repository({ ownerId: 8, repositoryId: 8 }, 5)).toMatchObject({
      running: 0,
      starting: 0,
      limits: Array.from({ length: 6 }, () => expect.objectContaining({ used: 0 })),
    });
  });

  test("counts a running session as the start of the next one does", async () => {
    const { tasks, lists } = await opened();
    const task = await moving(tasks, commanded(1));
    expect(await tasks.begin(task, changed(task, ADMITTED, ASKED), UNLIMITED)).toMatchObject({
      type: "begun",
    });
    expect(await lists.repository(HELLO, 583_231)).toMatchObject({ running: 1 });
    const next = await moving(tasks, commanded(2));
    const started = await tasks.begin(next, changed(next, ASKED), { limits: [], atOnce: 1 });
    expect(started).toMatchObject({ type: "full" });
    expect(await lists.repository(HELLO, 583_231)).toMatchObject({
      running: 1,
      waitingForPlace: 1,
    });
  });

  test("counts its failures by code, the latest first", async () => {
    let at = "2026-10-01T12:00:00.000Z";
    const { database, tasks } = await openStore(undefined, { now: () => new Date(at) });
    const lists = createTaskLists(database, () => new Date(at));
    const fail = async (
      number: number,
      day: string,
      code: "unknown" | "rate_limited",
      more = {},
    ) => {
      at = `2026-${day}T12:00:00.000Z`;
      const task = await moving(tasks, commanded(number, more));
      await record(tasks, task, { state: "failed", outcome: failed(code) });
      return { lastAt: at, lastTaskId: task.id };
    };
    await fail(1, "10-20", "unknown");
    await fail(2, "11-20", "unknown");
    const unknown = await fail(3, "11-21", "unknown");
    const limited = await fail(4, "11-22", "rate_limited");
    await fail(5, "11-22", "unknown", { place: { repositoryId: 2 } });
    expect((await lists.repository(HELLO, 5)).failures).toEqual([
      { code: "rate_limited", count: 1, ...limited },
      { code: "unknown", count: 2, ...unknown },
    ]);
    expect((await lists.overview()).failures).toEqual([
      { day: "2026-11-22", code: "rate_limited", count: 1 },
      { day: "2026-11-22", code: "unknown", count: 1 },
      { day: "2026-11-21", code: "unknown", count: 1 },
      { day: "2026-11-20", code: "unknown", count: 1 },
    ]);
  });
});

describe("the overview", () => {
  test("of a bot that has done nothing is empty", async () => {
    const { lists } = await opened();
    expect(await lists.overview()).toEqual({
      unsettled: [],
      oldestQueuedAt: null,
      starting: 0,
      waitingForPlace: 0,
      waitingForConnection: 0,
      undelivered: { count: 0, oldest: null },
      missedDeliveries: 0,
      deliveriesCheckedTo: null,
      failures: [],
      connections: { connected: 0, ended: 0 },
      people: [],
    });
  });

  test("shows the queue, what GitHub doesn't take, and who is connected, without a token", async () => {
    const { database, lists, recovery, connectionRows } = await opened();
    const refused = { since: afterNoon(1), count: 1, type: "unreachable", message: "502" } as const;
    await writeTasks(database, [
      listedTask(afterNoon(2)),
      listedTask(afterNoon(1), { schedule: { waitingSince: afterNoon(1) } }),
      listedTask(afterNoon(0), { settledAt: afterNoon(3) }),
      listedTask(afterNoon(3), STARTED, ASKED, { shown: { refused } }),
      listedTask(afterNoon(4), {
        state: "waiting_for_user",
        schedule: { connectBy: afterNoon(HOUR_MS) },
      }),
    ]);
    const round = await recovery.begin();
    await round?.end({ cursor: afterNoon(0), asked: ["delivery-1", "delivery-2"] });
    const ada = { userId: 5, login: "ada", host: "github.com", kind: "app" } as const;
    const rights = { plan: null, cloudSessions: null, remoteControl: null };
    const sealed = { token: "sealed-token", refreshToken: "sealed-refresh-token" };
    const times = { connectedAt: afterNoon(0), expiresAt: afterNoon(HOUR_MS) };
    await connectionRows.put({ ...ada, rights, sealed, ...times });
    await connectionRows.put({
      ...ada,
      userId: 6,
      login: "bob",
      rights,
      sealed,
      ...times,
      connectedAt: afterNoon(1),
    });
    const bob = await connectionRows.find(6);
    if (bob === null) throw new TypeError("not connected");
    await connectionRows.end(bob);

    const overview = await lists.overview();
    expect(overview).toEqual({
      unsettled: [
        { state: "in_progress", count: 1 },
        { state: "queued", count: 2 },
        { state: "waiting_for_user", count: 1 },
      ],
      oldestQueuedAt: afterNoon(1),
      starting: 0,
      waitingForPlace: 1,
      waitingForConnection: 1,
      undelivered: {
        count: 1,
        oldest: { since: afterNoon(1), type: "unreachable", message: "502" },
      },
      missedDeliveries: 2,
      deliveriesCheckedTo: afterNoon(0),
      failures: [],
      connections: { connected: 1, ended: 1 },
      people: [
        { id: 6, login: "bob", kind: "app", ...times, connectedAt: afterNoon(1), hasEnded: true },
        { id: 5, login: "ada", kind: "app", ...times, hasEnded: false },
      ],
    });
    expect(JSON.stringify(overview)).not.toContain("sealed");
  });
});
