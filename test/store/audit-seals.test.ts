import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { readAudit } from "../../src/store/audit.ts";
import { deleteEntries, erasePersonFromAudit } from "../../src/store/audit-erasure.ts";
import { sealAudit } from "../../src/store/audit-seals.ts";
import { hasHead, verifyAudit } from "../../src/store/audit-verification.ts";
import type { OpenedStore } from "./opened.ts";
import { openStore } from "./opened.ts";
import { inserted, insertMany, moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";
import { denied } from "../core/task.ts";

const IS_POSTGRES = process.env["TEST_STORE"] === "postgres";
const now = () => new Date();

/** A sealed audit: two entries of octocat, one of mona in the same installation, one in another. */
async function sealed() {
  const store = await openStore();
  const { tasks, database } = store;
  const refused = await moving(tasks, commanded(1));
  await record(tasks, refused, { state: "failed", outcome: denied("no_permission") });
  await inserted(tasks, commanded(2, { requester: { login: "mona", id: 5 } }));
  await inserted(
    tasks,
    commanded(3, { place: { installationId: 32, ownerId: 7 }, requester: { id: 6 } }),
  );
  expect(await store.sealAudit()).toBe(4);
  expect(await store.sealAudit()).toBe(0);
  const entries = () => readAudit(database, { limit: 100 });
  const ids = (await entries()).map(({ id }) => id);
  return { ...store, entries, ids };
}

/** What somebody does who has the database's own rights: they take the triggers off first, or go past them. */
async function byHand({ database }: Pick<OpenedStore, "database">, statement: string) {
  if (IS_POSTGRES) {
    await database.transaction().execute(async (transaction) => {
      await sql`set local session_replication_role = replica`.execute(transaction);
      await sql.raw(statement).execute(transaction);
    });
    return;
  }
  const triggers = [
    "audit_append_only",
    "audit_not_deleted",
    "seals_append_only",
    "seals_not_deleted",
  ];
  for (const trigger of triggers) {
    await sql.raw(`drop trigger if exists ${trigger}`).execute(database);
  }
  await sql.raw(statement).execute(database);
}

describe("entries of the audit are sealed", () => {
  test("in a chain for each installation", async () => {
    const { database } = await sealed();
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/u);
    const none = { anonymized: 0, deleted: 0, sealedLate: 0, head: digest };
    expect(await verifyAudit(database)).toEqual({
      chains: [
        { chain: 31, sealed: 3, ...none },
        { chain: 32, sealed: 1, ...none },
      ],
      pending: 0,
      problems: [],
    });
  });

  test("and the newer ones after them", async () => {
    const { database, tasks, sealAudit: seal } = await sealed();
    const head = (await verifyAudit(database)).chains[0]?.head ?? "";
    await inserted(tasks, commanded(4));
    expect((await verifyAudit(database)).pending).toBe(1);
    await seal();
    const after = await verifyAudit(database);
    expect(after).toMatchObject({ pending: 0, problems: [], chains: [{ sealed: 4 }, {}] });
    expect(after.chains[0]?.head).not.toBe(head);
    expect(await hasHead(database, head)).toBe(true);
    expect(await hasHead(database, "0".repeat(64))).toBe(false);
  });

  test("whatever their number, and by whomever: several seal at once", async () => {
    const { database, tasks } = await openStore();
    await insertMany(tasks, 450);
    const counts = await Promise.all([1, 2, 3].map(() => sealAudit(database, now)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(450);
    expect(await verifyAudit(database)).toMatchObject({
      chains: [{ chain: 31, sealed: 450 }],
      problems: [],
    });
  });

  test("also those that a slower transaction shows after others with higher ids", async () => {
    const { database, tasks, sealAudit: seal } = await sealed();
    if (!IS_POSTGRES) return;
    const { promise: end, resolve: commit } = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const slow = database.transaction().execute(async (transaction) => {
      await sql
        .raw(`insert into audit (${COPIED}) select ${COPIED} from audit order by id limit 1`)
        .execute(transaction);
      written.resolve();
      await end;
    });
    await written.promise;
    await inserted(tasks, commanded(4));
    expect(await seal()).toBe(1);
    commit();
    await slow;
    expect(await seal()).toBe(1);
    expect(await verifyAudit(database)).toMatchObject({ pending: 0, problems: [] });
  });

  test("late, where they're from before there were seals", async () => {
    let day = 1;
    const store = await openStore(undefined, {
      now: () => new Date(`2026-11-0${day}T12:00:00.000Z`),
    });
    await inserted(store.tasks, commanded(1));
    day = 3;
    await store.sealAudit();
    const { chains } = await verifyAudit(store.database);
    expect(chains).toMatchObject([{ sealed: 1, sealedLate: 1 }]);
  });
});

const COPIED =
  "at, task_id, step, requester, requester_id, installation_id, owner_id, owner, repository_id, repository, subject_type, subject_number";

describe("what is changed by hand is found", () => {
  test.each<[string, (ids: readonly number[]) => string, string[]]>([
    [
      "a requester",
      ([, id]) => `update audit set requester = 'mallory' where id = ${id}`,
      ["changed"],
    ],
    [
      "a requester's id",
      ([id]) => `update audit set requester_id = 1 where id = ${id}`,
      ["changed"],
    ],
    ["a step", ([id]) => `update audit set step = 'allowed' where id = ${id}`, ["changed"]],
    ["a reason", ([, id]) => `update audit set reason = null where id = ${id}`, ["changed"]],
    [
      "whose Copilot was charged",
      ([id]) => `update audit set identity = 'bot' where id = ${id}`,
      ["changed"],
    ],
    ["a place", ([id]) => `update audit set repository = 'other' where id = ${id}`, ["changed"]],
    [
      "an installation",
      ([id]) => `update audit set installation_id = 33 where id = ${id}`,
      ["changed"],
    ],
    [
      "a requester that seems to be erased",
      ([id]) => `update audit set requester = '', requester_id = 0 where id = ${id}`,
      ["changed"],
    ],
    ["an entry that is gone", ([id]) => `delete from audit where id = ${id}`, ["missing"]],
    [
      "a seal that is gone",
      ([id]) => `delete from audit_seals where audit_id = ${id}`,
      ["broken", "inserted"],
    ],
    [
      "a seal with another digest",
      ([id]) => `update audit_seals set digest = 'a' where audit_id = ${id}`,
      ["broken", "broken"],
    ],
    [
      "a seal of another entry",
      ([id]) => `update audit_seals set entry_digest = 'a' where audit_id = ${id}`,
      ["broken", "changed"],
    ],
  ])("%s", async (_, statement, problems) => {
    const store = await sealed();
    // Long after, so that nothing is still waited for.
    await sql`update audit_sealing set sealed_to = next_to`.execute(store.database);
    await byHand(store, statement(store.ids));
    const found = await verifyAudit(store.database);
    expect(found.problems.map(({ type }) => type)).toEqual(problems);
  });
});

describe("a person is erased from the audit", () => {
  test("and the chain stays whole", async () => {
    const { database, entries } = await sealed();
    expect(await erasePersonFromAudit(database, 583_231, now)).toEqual({
      anonymized: 2,
      deleted: 0,
    });
    const left = await entries();
    expect(left.map(({ requester, requesterId }) => [requester, requesterId])).toEqual([
      ["", 0],
      ["", 0],
      ["mona", 5],
      ["octocat", 6],
    ]);
    const stored = database.selectFrom("auditSeals").selectAll().orderBy("auditId");
    const seals = await stored.execute();
    expect(seals.map(({ salt }) => salt !== null)).toEqual([false, false, true, true]);
    expect(await verifyAudit(database)).toMatchObject({
      chains: [{ chain: 31, sealed: 3, anonymized: 2, deleted: 0 }, { anonymized: 0 }],
      problems: [],
    });
    expect(await erasePersonFromAudit(database, 583_231, now)).toEqual({
      anonymized: 0,
      deleted: 0,
    });
  });

  test("with the entries about their own repositories, and those that have no seal yet", async () => {
    const { database, tasks, entries } = await sealed();
    await inserted(
      tasks,
      commanded(4, { requester: { id: 7 }, place: { installationId: 32, ownerId: 7 } }),
    );
    await inserted(tasks, commanded(5, { requester: { id: 7 } }));
    expect(await erasePersonFromAudit(database, 7, now)).toEqual({ anonymized: 1, deleted: 2 });
    expect((await entries()).map(({ requesterId }) => requesterId)).toEqual([
      583_231, 583_231, 5, 0,
    ]);
    expect(await verifyAudit(database)).toMatchObject({
      chains: [
        { chain: 31, sealed: 4, anonymized: 1 },
        { chain: 32, sealed: 2, deleted: 2 },
      ],
      pending: 0,
      problems: [],
    });
  });

  test("however many entries there are", async () => {
    const { database, tasks } = await openStore();
    await insertMany(tasks, 1_100);
    const erased = await erasePersonFromAudit(database, 583_231, now);
    expect(erased).toEqual({ anonymized: 1_100, deleted: 0 });
    expect((await verifyAudit(database)).problems).toEqual([]);
  });
});

describe("the database itself refuses", () => {
  const CHANGED = "entries of the audit are not changed";
  const DELETED = "entries of the audit are not deleted";
  const OTHER = `select id, ${COPIED.replace("requester,", "'mallory',")} from audit order by id limit 1`;
  const REFUSED: [string, string, string][] = [
    ["a change", "update audit set requester = 'mallory'", CHANGED],
    ["half an erasure", "update audit set requester = ''", CHANGED],
    [
      "an erasure with something else",
      "update audit set requester = '', requester_id = 0, step = 'allowed'",
      CHANGED,
    ],
    ["a deletion", "delete from audit", DELETED],
    ["a change of a seal", "update audit_seals set digest = ''", CHANGED],
    ["another salt", "update audit_seals set salt = 'a'", CHANGED],
    ["a deletion of seals", "delete from audit_seals", DELETED],
  ];
  const OF_SQLITE: [string, string, string][] = [
    ["a replacement", `replace into audit (id, ${COPIED}) ${OTHER}`, CHANGED],
    ["a change or else a replacement", "update or replace audit set step = 'failed'", CHANGED],
    ["a change or else nothing", "update or ignore audit set step = 'failed'", CHANGED],
    [
      "an insertion that becomes a change",
      `insert into audit (id, ${COPIED}) ${OTHER.replace("order by id limit 1", "where true")} on conflict do update set step = 'failed'`,
      CHANGED,
    ],
    [
      "a replacement of a seal",
      "replace into audit_seals select * from audit_seals where position = 1",
      CHANGED,
    ],
    [
      "a replacement of a seal at its place",
      `replace into audit_seals
       select audit_id + 100, chain, position, sealed_at, salt, requester_digest, entry_digest, digest from audit_seals`,
      CHANGED,
    ],
  ];
  const OF_POSTGRES: [string, string, string][] = [
    [
      "an insertion that becomes a change",
      `insert into audit (id, ${COPIED}) overriding system value ${OTHER} on conflict (id) do update set step = 'failed'`,
      CHANGED,
    ],
    ["emptying it", "truncate audit", DELETED],
    ["emptying the seals", "truncate audit_seals", DELETED],
  ];

  test.each([...REFUSED, ...(IS_POSTGRES ? OF_POSTGRES : OF_SQLITE)])(
    "%s",
    async (_, statement, message) => {
      const { database, entries } = await sealed();
      const before = await entries();
      await expect(sql.raw(statement).execute(database)).rejects.toThrow(message);
      expect(await entries()).toEqual(before);
      expect((await verifyAudit(database)).problems).toEqual([]);
    },
  );

  test("a deletion before the seal says so", async () => {
    const { database, entries } = await sealed();
    await deleteEntries(database, sql`step = 'denied'`, now);
    expect((await entries()).map(({ step }) => step)).toEqual(["asked", "asked", "asked"]);
    expect(await verifyAudit(database)).toMatchObject({
      chains: [{ chain: 31, sealed: 3, deleted: 1 }, {}],
      problems: [],
    });
  });
});
