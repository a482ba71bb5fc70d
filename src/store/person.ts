import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import { erasePersonFromAudit } from "./audit-erasure.ts";
import { eraseHostedSessions } from "./hosting-erasure.ts";
import type { Schema } from "./schema.ts";

/** A person in the database: the account's id, and the logins that it had. */
export interface KnownPerson {
  readonly id: number;
  readonly logins: readonly string[];
}

/** What the database holds of a person, in rows. */
export interface Traces {
  /** Tasks that the person asked for, or in repositories of the person's own account. */
  readonly tasks: number;
  /** Of them those that the bot still has to do with. */
  readonly unsettled: number;
  /** The person's commands to tasks, and commands to the person's tasks. */
  readonly orders: number;
  readonly audit: number;
  readonly approvals: number;
  /** Whether the person's Copilot is connected, or was: 1 or 0. */
  readonly connections: number;
  /** The person's sign-ins on the pages. */
  readonly webSessions: number;
  /** Other people's tasks whose note names the person. */
  readonly notes: number;
  /** Installations of the App in the person's account that GitHub has not reported as deleted. */
  readonly installed: number;
}

/**
 * The people whom an id, or a login that they have or had, stands for. A login can have belonged to several, one
 * after the other.
 */
export async function findPeople(database: Kysely<Schema>, name: string): Promise<KnownPerson[]> {
  const isId = /^\d{1,15}$/u.test(name);
  const those = (id: string, login: string) =>
    isId
      ? sql`${sql.ref(id)} = ${Number(name)}`
      : sql`lower(${sql.ref(login)}) = ${name.toLowerCase()}`;
  const { rows } = await sql<{ id: number }>`
    select requester_id as id from tasks where ${those("requesterId", "requester")}
    union select owner_id from tasks where ${those("ownerId", "owner")}
    union select requester_id from audit where ${those("requesterId", "requester")}
    union select owner_id from audit where ${those("ownerId", "owner")}
    union select requester_id from approvals where ${those("requesterId", "requester")}
    union select user_id from connections where ${those("userId", "login")}
    union select user_id from web_sessions where ${those("userId", "login")}
    order by 1`.execute(database);
  const people = rows.filter(({ id }) => id > 0);
  return Promise.all(people.map(async ({ id }) => ({ id, logins: await loginsOf(database, id) })));
}

async function loginsOf(database: Kysely<Schema>, id: number): Promise<string[]> {
  const { rows } = await sql<{ login: string }>`
    select requester as login from tasks where requester_id = ${id}
    union select owner from tasks where owner_id = ${id}
    union select requester from audit where requester_id = ${id}
    union select owner from audit where owner_id = ${id}
    union select requester from approvals where requester_id = ${id}
    union select login from connections where user_id = ${id}
    union select login from web_sessions where user_id = ${id}
    order by 1`.execute(database);
  return rows.map(({ login }) => login).filter((login) => login !== "");
}

/** Counts what would be erased; changes nothing. */
export async function countTraces(database: Kysely<Schema>, person: KnownPerson): Promise<Traces> {
  const count = async (table: string, those: RawBuilder<unknown>): Promise<number> => {
    const { rows } = await sql<{ count: number | string }>`
      select count(*) as count from ${sql.table(table)} where ${those}`.execute(database);
    return Number(rows[0]?.count);
  };
  const theirs = ofPerson(person);
  return {
    tasks: await count("tasks", theirs),
    unsettled: await count("tasks", sql`${theirs} and settled_at is null`),
    orders: await count("orders", ordersOf(person)),
    audit: await count("audit", theirs),
    approvals: await count("approvals", theirs),
    connections: await count("connections", sql`user_id = ${person.id}`),
    webSessions: await count("web_sessions", sql`user_id = ${person.id}`),
    notes: await count("tasks", notesAbout(person)),
    installed: await count("installations", sql`owner_id = ${person.id} and deleted_at is null`),
  };
}

function ofPerson({ id }: KnownPerson): RawBuilder<unknown> {
  return sql`(requester_id = ${id} or owner_id = ${id})`;
}

/** Of who sent a task a command, only the login is kept. */
function ordersOf(person: KnownPerson): RawBuilder<unknown> {
  const tasks = sql`task_id in (select id from tasks where ${ofPerson(person)})`;
  if (person.logins.length === 0) return tasks;
  const logins = sql.join(person.logins.map((login) => login.toLowerCase()));
  return sql`(${tasks} or lower(requester) in (${logins}))`;
}

function notesAbout({ id, logins }: KnownPerson): RawBuilder<unknown> {
  if (logins.length === 0) return sql`1 = 0`;
  const named = logins.map((login) => {
    const pattern = `%${login.toLowerCase().replaceAll("_", "\\_")}%`;
    return sql`lower(note) like ${pattern} escape '\\'`;
  });
  return sql`requester_id <> ${id} and owner_id <> ${id} and (${sql.join(named, sql` or `)})`;
}

interface EraseOptions {
  readonly now: () => Date;
  /** Tasks that were settled before this are deleted; of newer ones only what makes a repeated webhook known stays. */
  readonly deleteBefore: Date;
}

/** How many rows are changed in one statement: the bot may be writing too, and waits for no more than a moment. */
const ROWS_AT_ONCE = 200;

/**
 * Erases a person from every table. Can be repeated, also after it was cut off. Tasks that aren't settled end: the
 * bot stops following their sessions and no longer updates their comments.
 */
export async function erasePerson(
  database: Kysely<Schema>,
  person: KnownPerson,
  { now, deleteBefore }: EraseOptions,
): Promise<void> {
  const theirs = ofPerson(person);
  // First, because it's the person's key: nothing is started with it from now on.
  await sql`delete from connections where user_id = ${person.id}`.execute(database);
  await sql`delete from web_sessions where user_id = ${person.id}`.execute(database);
  await inBatches(
    database,
    "orders",
    ordersOf(person),
    (some) => sql`delete from orders where id in (${some})`,
  );
  await inBatches(
    database,
    "tasks",
    notesAbout(person),
    (some) => sql`update tasks set note = null where id in (${some})`,
  );
  await eraseHostedSessions(database, theirs);
  const old = sql`${theirs} and settled_at < ${deleteBefore.toISOString()}`;
  await inBatches(database, "tasks", old, (some) => sql`delete from tasks where id in (${some})`);
  await sql`delete from approvals where owner_id = ${person.id}`.execute(database);
  await sql`delete from policy_checks where owner_id = ${person.id}`.execute(database);
  await sql`delete from labelings where owner_id = ${person.id}`.execute(database);
  await sql`update approvals set requester = '', requester_id = 0 where requester_id = ${person.id}`.execute(
    database,
  );
  await erasePersonFromAudit(database, person.id, now);
  await sql`update installations set owner = null, owner_id = null
    where owner_id = ${person.id} and deleted_at is not null`.execute(database);
  // Last, because the logins are found by it.
  const time = now().toISOString();
  await inBatches(database, "tasks", theirs, (some) => emptied(some, person, time));
}

/** A task without anything of a person; its keys make a webhook known that GitHub delivers again. */
function emptied(
  some: RawBuilder<unknown>,
  { id }: KnownPerson,
  time: string,
): RawBuilder<unknown> {
  const cleared = CLEARED.map((column) => sql`${sql.ref(column)} = null`);
  return sql`update tasks set
    state = case when settled_at is null then 'cancelled' else state end,
    cancellation = case when settled_at is null then 'stopped' else cancellation end,
    settled_at = coalesce(settled_at, ${time}),
    updated_at = ${time},
    attempt = attempt + 1,
    requester = '', requester_id = 0, instructions = '',
    owner = case when owner_id = ${id} then '' else owner end,
    repository = case when owner_id = ${id} then '' else repository end,
    owner_id = case when owner_id = ${id} then 0 else owner_id end,
    ${sql.join(cleared)}
    where id in (${some})`;
}

/**
 * All that people, GitHub or the agent wrote, and all that leads to it or by which the task would be found and moved
 * again.
 */
const CLEARED = [
  "kind",
  "leaseUntil",
  "waitingSince",
  "atOnce",
  "lane",
  "subjectKey",
  "commandCommentId",
  "requesterRole",
  "branch",
  "sessionId",
  "sessionRepository",
  "sessionBranch",
  "settings",
  "leftOut",
  "promptDigest",
  "promptDeliveredAt",
  "linkUrl",
  "linkSource",
  "hosting",
  "defaultBranch",
  "qrSecret",
  "said",
  "sessionFailure",
  "asking",
  "pulls",
  "note",
  "followUntil",
  "watchUntil",
  "denialText",
  "answer",
  "failureDetail",
  "commentId",
  "commentDigest",
  "checkRunId",
  "checkRunDigest",
  "noticeAbout",
  "noticeId",
  "noticeDigest",
  "refusalMessage",
  "movedFrom",
] as const satisfies readonly (keyof Schema["tasks"])[];

async function inBatches(
  database: Kysely<Schema>,
  table: "tasks" | "orders",
  those: RawBuilder<unknown>,
  change: (some: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<void> {
  let changed = ROWS_AT_ONCE;
  while (changed === ROWS_AT_ONCE) {
    const some = sql`select id from ${sql.table(table)} where ${those} limit ${sql.lit(ROWS_AT_ONCE)}`;
    const { numAffectedRows = 0n } = await change(some).execute(database);
    changed = Number(numAffectedRows);
    await nextTurn();
  }
}
