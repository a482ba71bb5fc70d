import { createHash, randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import { sql } from "kysely";
import type { AuditEntry } from "../core/task/audit.ts";
import { isPostgres } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** A seal of the audit, as it's stored. */
export type Seal = Schema["auditSeals"];

/** How many entries are sealed in one transaction: SQLite works in the thread that answers webhooks. */
const MAX_SEALED_AT_ONCE = 200;

/**
 * In milliseconds. PostgreSQL may show an entry after others with higher ids. No transaction of the bot
 * stays open for anywhere near this long, so after it, entries up to an id are all there.
 */
const SETTLING_MS = 600_000;

/**
 * Seals the entries that have no seal yet, each with the digest of the one before it in its chain; gives
 * their number. Replicas wait for each other, so there is one chain for each installation.
 */
export async function sealAudit(database: Kysely<Schema>, now: () => Date): Promise<number> {
  let total = 0;
  let lastId: number | null = 0;
  while (lastId !== null) {
    const after: number = lastId;
    const sealed = await database
      .transaction()
      .execute((transaction) => sealSome(transaction, after, now().toISOString()));
    total += sealed.count;
    ({ lastId } = sealed);
    // SQLite works in this thread: webhooks get their turn.
    await nextTurn();
  }
  return total;
}

/**
 * @param after the last id of the batch before: an audit from before there were seals isn't looked through from its
 *   beginning for each batch
 * @returns the last id when there may be more
 */
async function sealSome(
  transaction: Transaction<Schema>,
  after: number,
  at: string,
): Promise<{ readonly count: number; readonly lastId: number | null }> {
  const progress = await holdSealing(transaction);
  const entries = await transaction
    .selectFrom("audit")
    .selectAll()
    .where("id", ">", Math.max(progress.sealedTo, after))
    .where(isUnsealed)
    .orderBy("id")
    .limit(MAX_SEALED_AT_ONCE)
    .execute();
  await sealEntries(transaction, entries, at);
  const count = entries.length;
  if (count === MAX_SEALED_AT_ONCE) return { count, lastId: entries.at(-1)?.id ?? null };
  await moveOn(transaction, progress, at);
  return { count, lastId: null };
}

/** Has nobody else seal or erase entries until the transaction ends. */
export async function holdSealing(
  transaction: Transaction<Schema>,
): Promise<Schema["auditSealing"]> {
  const row = transaction.selectFrom("auditSealing").selectAll().where("id", "=", 1);
  return (isPostgres(transaction) ? row.forUpdate() : row).executeTakeFirstOrThrow();
}

/** Holds for entries that have no seal yet. */
export const isUnsealed = sql<boolean>`
  not exists (select 1 from audit_seals where audit_seals.audit_id = audit.id)`;

/** Entries far behind the newest need not be looked through again. */
async function moveOn(
  transaction: Transaction<Schema>,
  { nextTo, nextAt }: Schema["auditSealing"],
  at: string,
): Promise<void> {
  if (nextAt !== "" && Date.parse(at) - Date.parse(nextAt) < SETTLING_MS) return;
  const newest = await transaction
    .selectFrom("audit")
    .select("id")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined || newest.id === nextTo) return;
  await transaction
    .updateTable("auditSealing")
    .set({ sealedTo: nextTo, nextTo: newest.id, nextAt: at })
    .where("id", "=", 1)
    .execute();
}

/** Seals these entries, whose sealing the transaction holds. */
export async function sealEntries(
  transaction: Transaction<Schema>,
  entries: readonly AuditEntry[],
  sealedAt: string,
): Promise<void> {
  const heads = new Map<number, Pick<Seal, "position" | "digest">>();
  const seals: Seal[] = [];
  for (const entry of entries) {
    const chain = chainOf(entry);
    const head = heads.get(chain) ?? (await headOf(transaction, chain)) ?? BEGINNING;
    const seal = sealAfter(head, chain, entry, sealedAt);
    heads.set(chain, seal);
    seals.push(seal);
  }
  if (seals.length > 0) await transaction.insertInto("auditSeals").values(seals).execute();
}

/** What the first seal of a chain follows. */
export const BEGINNING = { position: 0, digest: "" };

/**
 * To which chain an entry belongs: the id of its installation. A repository's own webhook names none; then
 * it's the id of the account, below zero.
 */
export function chainOf({
  installationId,
  ownerId,
}: Pick<AuditEntry, "installationId" | "ownerId">): number {
  return installationId ?? -ownerId;
}

/** The newest seal of a chain. */
function headOf(database: Kysely<Schema>, chain: number): Promise<Seal | undefined> {
  return database
    .selectFrom("auditSeals")
    .selectAll()
    .where("chain", "=", chain)
    .orderBy("position", "desc")
    .limit(1)
    .executeTakeFirst();
}

function sealAfter(
  before: Pick<Seal, "position" | "digest">,
  chain: number,
  entry: AuditEntry,
  sealedAt: string,
): Seal {
  const salt = randomBytes(16).toString("hex");
  const requesterDigest = requesterDigestOf(entry, salt);
  const entryDigest = entryDigestOf(entry, requesterDigest);
  const link = { chain, position: before.position + 1, sealedAt, entryDigest };
  const digest = linkDigestOf(before.digest, link);
  return { auditId: entry.id, ...link, salt, requesterDigest, digest };
}

/** Without the salt nobody can try which of GitHub's logins gives this digest. */
export function requesterDigestOf({ requester, requesterId }: AuditEntry, salt: string): string {
  return digestOf("requester", [salt, requester, requesterId]);
}

/** What an entry says, who asked for it only as a digest. */
export function entryDigestOf(entry: AuditEntry, requesterDigest: string): string {
  return digestOf("entry", [
    requesterDigest,
    entry.id,
    entry.at,
    entry.taskId,
    entry.step,
    entry.reason,
    entry.requesterRole,
    entry.installationId,
    entry.ownerId,
    entry.owner,
    entry.repositoryId,
    entry.repository,
    entry.subjectType,
    entry.subjectNumber,
    entry.triggerLabel,
    entry.command,
    entry.kind,
    entry.promptDigest,
    entry.policyCommit,
    entry.defaultsCommit,
    entry.sessionId,
    // Entries from before there was this column have their digests without it.
    ...(typeof entry.identity === "string" ? [entry.identity] : []),
  ]);
}

/** A seal's own digest: of its entry's, and of the seal before it. */
export function linkDigestOf(
  before: string,
  {
    chain,
    position,
    sealedAt,
    entryDigest,
  }: Pick<Seal, "chain" | "position" | "sealedAt" | "entryDigest">,
): string {
  return digestOf("link", [before, chain, position, sealedAt, entryDigest]);
}

function digestOf(what: string, values: readonly (string | number | null)[]): string {
  return createHash("sha256")
    .update(JSON.stringify([what, ...values]))
    .digest("hex");
}
