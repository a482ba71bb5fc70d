import type { Kysely, Transaction } from "kysely";
import { sql } from "kysely";
import type { AuditEntry, AuditStep } from "../core/task/audit.ts";
import { auditedStep, auditEntry } from "../core/task/audit.ts";
import type { Task } from "../core/task/task.ts";
import { own } from "./claims.ts";
import { insertOf } from "./rows.ts";
import type { Schema } from "./schema.ts";
import { taskOf } from "./task-row.ts";
import type { TaskRow } from "./task-row.ts";

type NewEntry = Omit<AuditEntry, "id">;

/** Gets the audit's new entries, once they are committed. */
export type AuditListener = (entry: NewEntry) => void;

/** What transactions that haven't ended have written to the audit. */
const uncommitted = new WeakMap<Transaction<Schema>, NewEntry[]>();

/** A transaction that may write to the audit. Who listens gets what it has written after the commit, and only then. */
export async function auditedTransaction<Result>(
  database: Kysely<Schema>,
  listener: AuditListener | undefined,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  const entries: NewEntry[] = [];
  const result = await database.transaction().execute((transaction) => {
    uncommitted.set(transaction, entries);
    return work(transaction);
  });
  if (listener !== undefined) entries.forEach(listener);
  return result;
}

const insertEntries = insertOf((database, entries: readonly NewEntry[]) =>
  database.insertInto("audit").values([...entries]),
);

/** Writes entries, in the transaction of what they report: one of `auditedTransaction`. */
export async function writeAudit(
  transaction: Transaction<Schema>,
  entries: readonly NewEntry[],
): Promise<void> {
  const written = uncommitted.get(transaction);
  if (written === undefined) throw new TypeError("the transaction isn't an audited one");
  await insertEntries(transaction, entries);
  written.push(...entries);
}

/** Changes a task under a claim, and writes what the audit says of it; null when the claim is lost. */
export async function changeAudited(
  transaction: Transaction<Schema>,
  task: Task,
  changes: Partial<TaskRow> & Pick<TaskRow, "updatedAt">,
): Promise<Task | null> {
  // Whoever has the claim may hold the task as it was some writes ago.
  const before = await transaction
    .selectFrom("tasks")
    .selectAll()
    .where("id", "=", task.id)
    .where("attempt", "=", task.attempt)
    .executeTakeFirst();
  if (before === undefined) return null;
  const row = await own(transaction, task).set(changes).returningAll().executeTakeFirst();
  if (row === undefined) return null;
  const after = taskOf(row);
  const audited = auditedStep(taskOf(before), after);
  if (audited !== null) {
    await writeAudit(transaction, [auditEntry(after, audited, changes.updatedAt)]);
  }
  return after;
}

/** Which entries are wanted: those for which all that is given holds. */
export interface AuditFilter {
  /** ISO 8601 in UTC: from this time on, and before that. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** In whatever case. */
  readonly owner?: string | undefined;
  readonly repository?: string | undefined;
  readonly requester?: string | undefined;
  readonly step?: AuditStep | undefined;
  readonly reason?: string | undefined;
  readonly subjectNumber?: number | undefined;
  /** How the task's id begins. */
  readonly task?: string | undefined;
  /** Only so many, the newest. */
  readonly limit: number;
}

/** Entries of the audit, oldest first. */
export async function readAudit(
  database: Kysely<Schema>,
  filter: AuditFilter,
): Promise<AuditEntry[]> {
  const { since, until, owner, repository, requester, step, reason, subjectNumber, task } = filter;
  const newest = await database
    .selectFrom("audit")
    .selectAll()
    .$if(since !== undefined, (query) => query.where("at", ">=", since ?? ""))
    .$if(until !== undefined, (query) => query.where("at", "<", until ?? ""))
    .$if(owner !== undefined, (query) => query.where(isText("owner", owner)))
    .$if(repository !== undefined, (query) => query.where(isText("repository", repository)))
    .$if(requester !== undefined, (query) => query.where(isText("requester", requester)))
    .$if(step !== undefined, (query) => query.where(sql<string>`step`, "in", spellingsOf(step)))
    .$if(reason !== undefined, (query) => query.where("reason", "=", reason ?? ""))
    .$if(subjectNumber !== undefined, (query) =>
      query.where("subjectNumber", "=", subjectNumber ?? 0),
    )
    .$if(task !== undefined, (query) => query.where(beginsWith("taskId", task)))
    .orderBy("id", "desc")
    .limit(filter.limit)
    .execute();
  return newest.toReversed().map(ofToday);
}

/** What entries had as their step before the words were American; entries never change. */
const OLD_STEPS: Readonly<Record<string, AuditStep>> = { cancelled: "canceled" };

/** The same with the step's word of today. */
export function ofToday<Entry extends Pick<AuditEntry, "step">>(entry: Entry): Entry {
  const step = OLD_STEPS[entry.step];
  return step === undefined ? entry : { ...entry, step };
}

/** The words that are read as this step. */
function spellingsOf(step: AuditStep = "asked"): readonly string[] {
  return [step, ...Object.keys(OLD_STEPS).filter((one) => OLD_STEPS[one] === step)];
}

/** GitHub doesn't distinguish names by case. */
function isText(column: "owner" | "repository" | "requester", value = "") {
  return sql<boolean>`lower(${sql.ref(column)}) = ${value.toLowerCase()}`;
}

function beginsWith(column: "taskId", start = "") {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${sql.lit(start.length)}) = ${start}`;
}
