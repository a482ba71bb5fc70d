import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely, RawBuilder, Transaction } from "kysely";
import { sql } from "kysely";
import { holdSealing, isUnsealed, sealEntries } from "./audit-seals.ts";
import type { Schema } from "./schema.ts";

/** How many entries are erased in one transaction: others wait meanwhile. */
const MAX_ERASED_AT_ONCE = 500;

/** What was erased of a person. */
export interface ErasedFromAudit {
  /** Entries that no longer say who asked. */
  readonly anonymized: number;
  /** Entries about the person's own repositories, which are deleted. */
  readonly deleted: number;
}

/**
 * Erases a person from the audit. Entries of what they asked for stay, without their login and id; those
 * about repositories of their own account are deleted. The chains stay whole: a seal holds a salted digest of
 * the login and id, and the salt is deleted too.
 *
 * @param personId the id of the GitHub account: logins can change
 */
export async function erasePersonFromAudit(
  database: Kysely<Schema>,
  personId: number,
  now: () => Date,
): Promise<ErasedFromAudit> {
  const owned = sql`${sql.ref("ownerId")} = ${personId}`;
  const asked = sql`${sql.ref("requesterId")} = ${personId}`;
  const deleted = await deleteEntries(database, owned, now);
  const anonymized = await inBatches(database, asked, now, async (transaction, ids) => {
    await forget(transaction, ids, { salt: null });
    await transaction
      .updateTable("audit")
      .set({ requester: "", requesterId: 0 })
      .where("id", "in", ids)
      .execute();
  });
  return { anonymized, deleted };
}

/** Deletes entries; their seals stay, without anything of what the entries said. Gives their number. */
export function deleteEntries(
  database: Kysely<Schema>,
  those: RawBuilder<unknown>,
  now: () => Date,
): Promise<number> {
  return inBatches(database, those, now, async (transaction, ids) => {
    await forget(transaction, ids, { salt: null, requesterDigest: null });
    await transaction.deleteFrom("audit").where("id", "in", ids).execute();
  });
}

/** Deletes the seals of a chain that no longer has entries. */
export async function deleteEmptyChain(database: Kysely<Schema>, chain: number): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await holdSealing(transaction);
    const inUse = await transaction
      .selectFrom("auditSeals")
      .select("auditId")
      .where("chain", "=", chain)
      .where("requesterDigest", "is not", null)
      .limit(1)
      .executeTakeFirst();
    if (inUse !== undefined) return;
    await transaction.deleteFrom("auditSeals").where("chain", "=", chain).execute();
  });
}

async function inBatches(
  database: Kysely<Schema>,
  those: RawBuilder<unknown>,
  now: () => Date,
  erase: (transaction: Transaction<Schema>, ids: readonly number[]) => Promise<void>,
): Promise<number> {
  let total = 0;
  let erased = MAX_ERASED_AT_ONCE;
  while (erased === MAX_ERASED_AT_ONCE) {
    erased = await database.transaction().execute(async (transaction) => {
      await holdSealing(transaction);
      const ids = await sealed(transaction, those, now().toISOString());
      if (ids.length > 0) await erase(transaction, ids);
      return ids.length;
    });
    total += erased;
    // SQLite works in this thread: webhooks get their turn.
    await nextTurn();
  }
  return total;
}

/** The ids of some of those entries, with seals: what is erased before it's sealed would leave no trace. */
async function sealed(
  transaction: Transaction<Schema>,
  those: RawBuilder<unknown>,
  at: string,
): Promise<number[]> {
  const some = transaction
    .selectFrom("audit")
    .where(sql<boolean>`(${those})`)
    .orderBy("id")
    .limit(MAX_ERASED_AT_ONCE);
  const ids = (await some.select("id").execute()).map(({ id }) => id);
  if (ids.length === 0) return ids;
  const unsealed = await transaction
    .selectFrom("audit")
    .selectAll()
    .where("id", "in", ids)
    .where(isUnsealed)
    .orderBy("id")
    .execute();
  await sealEntries(transaction, unsealed, at);
  return ids;
}

async function forget(
  transaction: Transaction<Schema>,
  ids: readonly number[],
  what: { readonly salt: null; readonly requesterDigest?: null },
): Promise<void> {
  await transaction.updateTable("auditSeals").set(what).where("auditId", "in", ids).execute();
}
