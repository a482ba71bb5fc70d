import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { readAudit } from "../../src/store/audit.ts";
import type { StoreOptions } from "../../src/store/tasks.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, ASKED, claimed, inserted, moving, record, STARTED, UNLIMITED } from "./story.ts";
import { commanded, labeled } from "./trigger.ts";
import { changed, denied } from "../core/task.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const ALL = { limit: 1_000 };

/** A store whose clock moves a second with each look at it. */
async function audited(options: Partial<StoreOptions> = {}) {
  let now = NOON;
  const store = await openStore(undefined, { now: () => new Date((now += 1_000)), ...options });
  const entries = () => readAudit(store.database, ALL);
  const steps = async () => (await entries()).map(({ step, reason }) => [step, reason]);
  return { ...store, entries, steps };
}

describe("the audit", () => {
  test("shows a task from its request to its end", async () => {
    const { tasks, steps } = await audited();
    const { id } = await inserted(tasks, labeled());
    const admitted = await record(tasks, await claimed(tasks, id), ADMITTED);
    const start = await tasks.begin(
      admitted ?? (await claimed(tasks, id)),
      changed(admitted ?? (await claimed(tasks, id)), ASKED),
      UNLIMITED,
    );
    if (start.type !== "begun") throw new TypeError("not begun");
    const started = await record(tasks, start.task, STARTED);
    if (started === null) throw new TypeError("lost");
    const prompted = await record(tasks, started, {
      session: { prompt: { deliveredAt: "2026-11-21T12:00:09.000Z" } },
    });
    if (prompted === null) throw new TypeError("lost");
    await record(tasks, prompted, {
      session: { link: { url: "https://github.com/x", source: "session" } },
    });
    await record(tasks, prompted, { state: "completed" });
    expect(await steps()).toEqual([
      ["asked", null],
      ["allowed", null],
      ["session_asked_for", null],
      ["session_started", null],
      ["prompt_delivered", null],
      ["ended", "completed"],
    ]);
  });

  test("keeps who, where and by which policy, as it was then", async () => {
    const { tasks, entries } = await audited();
    const { id } = await inserted(
      tasks,
      commanded(5, { trigger: { instructions: "INSTRUCTIONS" } }),
    );
    await record(tasks, await claimed(tasks, id), ADMITTED);
    const asked = {
      id: expect.any(Number),
      at: "2026-11-21T12:00:01.000Z",
      taskId: id,
      step: "asked",
      reason: null,
      requester: "octocat",
      requesterId: 583_231,
      requesterRole: null,
      installationId: 31,
      ownerId: 9_919,
      owner: "octo-org",
      repositoryId: 1_296_269,
      repository: "hello",
      subjectType: "issue",
      subjectNumber: 7,
      triggerLabel: null,
      command: "triage",
      kind: null,
      promptDigest: null,
      policyCommit: null,
      defaultsCommit: null,
      sessionId: null,
      identity: null,
    };
    const { kind, policyCommit, defaultsCommit } = ADMITTED.decision;
    const known = { kind, requesterRole: "write", policyCommit, defaultsCommit };
    const allowed = {
      ...asked,
      ...known,
      identity: "bot",
      step: "allowed",
      at: expect.any(String),
    };
    expect(await entries()).toEqual([asked, allowed]);
    expect(JSON.stringify(await entries())).not.toContain("INSTRUCTIONS");
  });

  test("shows no duplicates, no lost claims, and nothing that changes nothing", async () => {
    const { tasks, steps } = await audited();
    const old = await moving(tasks, commanded(1));
    await tasks.insert(commanded(1));
    await tasks.release(old);
    const mine = await claimed(tasks, old.id);
    expect(await record(tasks, old, ADMITTED)).toBeNull();
    expect(await tasks.begin(old, changed(old, ASKED), UNLIMITED)).toEqual({ type: "lost" });
    await record(tasks, mine, { decision: { acknowledgedAt: "2026-11-21T12:00:09.000Z" } });
    expect(await steps()).toEqual([["asked", null]]);
  });

  test("shows a step once, however old the claim holder's copy of the task is", async () => {
    const { tasks, steps } = await audited();
    const mine = await moving(tasks, commanded(1));
    await record(tasks, mine, STARTED);
    await record(tasks, mine, STARTED);
    expect(await steps()).toEqual([
      ["asked", null],
      ["session_started", null],
    ]);
  });

  test("is written with the task or not at all", async () => {
    const failing = { enqueue: () => Promise.reject(new Error("no queue")) };
    const { tasks, steps } = await audited(failing);
    await expect(tasks.insert(labeled())).rejects.toThrow("no queue");
    expect(await steps()).toEqual([]);
  });

  test("takes the change with it when it cannot be written", async () => {
    const { tasks, database } = await audited();
    const mine = await moving(tasks, commanded(1));
    await sql`alter table audit rename to elsewhere`.execute(database);
    await expect(record(tasks, mine, ADMITTED)).rejects.toThrow("audit");
    await expect(tasks.begin(mine, changed(mine, ASKED), UNLIMITED)).rejects.toThrow("audit");
    await expect(tasks.insert(commanded(2))).rejects.toThrow("audit");
    await sql`alter table elsewhere rename to audit`.execute(database);
    expect(await tasks.get(mine.id)).toEqual(mine);
    expect(await tasks.waiting()).toEqual([]);
  });

  test("isn't read or written where a change doesn't belong in it", async () => {
    const { tasks, database } = await audited();
    const mine = await moving(tasks, commanded(1));
    await sql`drop table audit`.execute(database);
    expect(await record(tasks, mine, { shown: { comment: { id: 5 } } })).toMatchObject({
      shown: { comment: { id: 5 } },
    });
  });
});

describe("entries of the audit", () => {
  test("are not changed, not even by hand", async () => {
    const { tasks, database, entries } = await audited();
    await inserted(tasks, labeled());
    const before = await entries();
    const change = database.updateTable("audit").set({ requester: "mallory" });
    await expect(change.execute()).rejects.toThrow("entries of the audit are not changed");
    expect(await entries()).toEqual(before);
  });

  test("stay when their tasks are forgotten", async () => {
    const { tasks, steps } = await audited();
    const mine = await moving(tasks, commanded(1));
    await record(tasks, mine, { settledAt: "2026-11-20T12:00:00.000Z" });
    expect(await tasks.prune(new Date(NOON))).toBe(1);
    expect(await steps()).toEqual([["asked", null]]);
  });

  test("are found by everything that the filter says", async () => {
    const { tasks, database } = await audited({ idOf: idOf() });
    const first = await moving(tasks, commanded(1));
    const elsewhere = {
      place: { repository: "World" },
      requester: { login: "Mona" },
      subject: { number: 12 },
    };
    const second = await moving(tasks, commanded(2, elsewhere));
    await record(tasks, second, { state: "failed", outcome: denied("no_permission") });
    const found = async (filter: object) =>
      (await readAudit(database, { ...ALL, ...filter })).map(({ taskId, step }) => [taskId, step]);
    const [one, two, refused] = [
      [first.id, "asked"],
      [second.id, "asked"],
      [second.id, "denied"],
    ];
    expect(await found({})).toEqual([one, two, refused]);
    expect(await found({ limit: 2 })).toEqual([two, refused]);
    expect(await found({ owner: "OCTO-ORG", repository: "world" })).toEqual([two, refused]);
    expect(await found({ requester: "octocat" })).toEqual([one]);
    expect(await found({ step: "asked" })).toEqual([one, two]);
    expect(await found({ reason: "no_permission" })).toEqual([refused]);
    expect(await found({ subjectNumber: 12, step: "asked" })).toEqual([two]);
    expect(await found({ task: second.id.slice(0, 5) })).toEqual([two, refused]);
    expect(await found({ task: "%" })).toEqual([]);
    const [, { at } = { at: "" }] = await readAudit(database, ALL);
    expect(await found({ since: at })).toEqual([two, refused]);
    expect(await found({ until: at })).toEqual([one]);
  });
});

function idOf() {
  let count = 0;
  return () => `000${(count += 1)}-task`;
}
