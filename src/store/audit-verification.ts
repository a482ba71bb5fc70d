import type { Kysely } from "kysely";
import type { AuditEntry } from "../core/task/audit.ts";
import type { Seal } from "./audit-seals.ts";
import {
  BEGINNING,
  chainOf,
  entryDigestOf,
  isUnsealed,
  linkDigestOf,
  requesterDigestOf,
} from "./audit-seals.ts";
import { isPostgres } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** What is wrong with the audit: somebody has changed the database by hand. */
export interface AuditProblem {
  readonly type:
    /** The entry isn't what it was when it was sealed. */
    | "changed"
    /** The entry is gone. */
    | "missing"
    /** The seal doesn't follow the one before it: it was changed, or seals between them are gone. */
    | "broken"
    /** The entry was put among sealed ones later. */
    | "inserted";
  readonly chain: number;
  readonly auditId: number;
}

/** What the chain of an installation proves. */
export interface VerifiedChain {
  /** The installation's id; of an account, below zero, where webhooks named no installation. */
  readonly chain: number;
  /** Sealed entries, the deleted ones included. */
  readonly sealed: number;
  /** Entries whose requester was erased. */
  readonly anonymized: number;
  /** Entries that were deleted with their account's data. */
  readonly deleted: number;
  /** Entries that were a day old or older when they were sealed: nothing proves what was before. */
  readonly sealedLate: number;
  /** The digest of the newest seal: whoever keeps it can prove later that nothing before it has changed. */
  readonly head: string;
}

/** What was found out about the audit. */
export interface AuditVerification {
  readonly chains: readonly VerifiedChain[];
  /** Entries that are still to be sealed. */
  readonly pending: number;
  /** The first ones, at most {@link MAX_PROBLEMS}. */
  readonly problems: readonly AuditProblem[];
}

/** How many problems are listed. */
export const MAX_PROBLEMS = 100;

const PAGE = 1_000;
const DAY_MS = 86_400_000;

/**
 * Checks each entry against its seal, and each seal against the one before it, all as of one moment.
 * Changes nothing.
 */
export function verifyAudit(database: Kysely<Schema>): Promise<AuditVerification> {
  const transaction = database.transaction();
  // In SQLite every transaction sees one moment.
  const ofOneMoment = isPostgres(database)
    ? transaction.setIsolationLevel("repeatable read")
    : transaction;
  return ofOneMoment.execute(verify);
}

async function verify(database: Kysely<Schema>): Promise<AuditVerification> {
  const all = await database.selectFrom("auditSeals").select("chain").distinct().execute();
  const chains: VerifiedChain[] = [];
  const problems: AuditProblem[] = [];
  for (const { chain } of all.toSorted((one, other) => one.chain - other.chain)) {
    chains.push(await verifyChain(database, chain, problems));
  }
  const pending = await verifyUnsealed(database, problems);
  return { chains, pending, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** Whether a chain has this digest in it, as an earlier verification has printed it. */
export async function hasHead(database: Kysely<Schema>, digest: string): Promise<boolean> {
  const seals = database.selectFrom("auditSeals").select("auditId").where("digest", "=", digest);
  return (await seals.limit(1).executeTakeFirst()) !== undefined;
}

async function verifyChain(
  database: Kysely<Schema>,
  chain: number,
  problems: AuditProblem[],
): Promise<VerifiedChain> {
  const counts = { sealed: 0, anonymized: 0, deleted: 0, sealedLate: 0 };
  let before: Pick<Seal, "position" | "digest"> = BEGINNING;
  for await (const { seal, entry } of sealedEntries(database, chain)) {
    const { auditId } = seal;
    const follows =
      seal.position === before.position + 1 && seal.digest === linkDigestOf(before.digest, seal);
    if (!follows) problems.push({ type: "broken", chain, auditId });
    const state = stateOf(seal, entry);
    if (state === "changed" || state === "missing") problems.push({ type: state, chain, auditId });
    else if (state !== "whole") counts[state] += 1;
    counts.sealed += 1;
    if (entry !== null && Date.parse(seal.sealedAt) - Date.parse(entry.at) >= DAY_MS) {
      counts.sealedLate += 1;
    }
    before = seal;
  }
  return { chain, ...counts, head: before.digest };
}

interface SealedEntry {
  readonly seal: Seal;
  readonly entry: AuditEntry | null;
}

async function* sealedEntries(
  database: Kysely<Schema>,
  chain: number,
): AsyncGenerator<SealedEntry, void> {
  let position = 0;
  let seals: Seal[];
  do {
    seals = await database
      .selectFrom("auditSeals")
      .selectAll()
      .where("chain", "=", chain)
      .where("position", ">", position)
      .orderBy("position")
      .limit(PAGE)
      .execute();
    const ids = seals.map(({ auditId }) => auditId);
    const entries = await database
      .selectFrom("audit")
      .selectAll()
      .where("id", "in", ids.length === 0 ? [0] : ids)
      .execute();
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    for (const seal of seals) yield { seal, entry: byId.get(seal.auditId) ?? null };
    position = seals.at(-1)?.position ?? position;
  } while (seals.length === PAGE);
}

function stateOf(
  seal: Seal,
  entry: AuditEntry | null,
): "whole" | "anonymized" | "deleted" | "changed" | "missing" {
  const { salt, requesterDigest, entryDigest } = seal;
  if (requesterDigest === null) return entry === null ? "deleted" : "changed";
  if (entry === null) return "missing";
  const isWhole =
    chainOf(entry) === seal.chain && entryDigestOf(entry, requesterDigest) === entryDigest;
  if (!isWhole) return "changed";
  if (salt === null) {
    return entry.requester === "" && entry.requesterId === 0 ? "anonymized" : "changed";
  }
  return requesterDigestOf(entry, salt) === requesterDigest ? "whole" : "changed";
}

/** New entries wait for their seal; one that is older than sealed ones was not written by the bot. */
async function verifyUnsealed(database: Kysely<Schema>, problems: AuditProblem[]): Promise<number> {
  const { sealedTo } = await database
    .selectFrom("auditSealing")
    .select("sealedTo")
    .executeTakeFirstOrThrow();
  const unsealed = database.selectFrom("audit").where(isUnsealed);
  const inserted = await unsealed
    .select(["id", "installationId", "ownerId"])
    .where("id", "<=", sealedTo)
    .orderBy("id")
    .limit(MAX_PROBLEMS)
    .execute();
  for (const entry of inserted) {
    problems.push({ type: "inserted", chain: chainOf(entry), auditId: entry.id });
  }
  const { count } = await unsealed
    .where("id", ">", sealedTo)
    .select((row) => row.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
