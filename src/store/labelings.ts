import type { Kysely, Transaction } from "kysely";
import type { PolicyBlobs } from "../core/access/policy-blobs.ts";
import type { PolicyMerge } from "../core/webhook/policy-merge.ts";
import type { LabelingProgress, Labelings, PolicySighting } from "../ports/labelings.ts";
import { newLabelingRow, requestAgain, requestOthers } from "./labeling-requests.ts";
import { changeTaken, intendLabel, pauseInstallation, takeNext } from "./labeling-claims.ts";
import type { Schema } from "./schema.ts";

/** Where an organization's policy file is. */
const ORGANIZATION_REPOSITORY = ".github";

/** Repositories that are to get labels, in an open, migrated database. */
export function createLabelings(database: Kysely<Schema>, now: () => Date): Labelings {
  const time = () => now().toISOString();

  return {
    requestAfterMerge: (merge) =>
      database.transaction().execute((transaction) => requestMerged(transaction, merge, time())),
    notice: (sighting) =>
      database.transaction().execute((transaction) => notice(transaction, sighting, time())),
    take: () => takeNext(database, now),
    intend: (labeling) => intendLabel(database, labeling, now()),
    async settle(labeling, result, blobs) {
      const { repositoryBlob = null, organizationBlob = null } = blobs ?? {};
      const settled = { result, settledAt: time(), repositoryBlob, organizationBlob };
      await changeTaken(database, labeling, settled);
    },
    refuseAll: ({ installationId }) => refuseAll(database, installationId, time()),
    async postpone(labeling, until, of) {
      const refusals = labeling.refusals + 1;
      await changeTaken(database, labeling, { refusals, notBefore: until.toISOString() });
      if (of === "repository") return;
      await pauseInstallation(database, labeling.installationId, until);
    },
    async remove({ repositoryId, attempt }) {
      await database
        .deleteFrom("labelings")
        .where("repositoryId", "=", repositoryId)
        .where("attempt", "=", attempt)
        .execute();
    },
    async turnOff() {
      await database
        .updateTable("labelings")
        .set({ result: "off", settledAt: time() })
        .where("settledAt", "is", null)
        .execute();
    },
    progressOf: (installationId) => progressOf(database, installationId),
  };
}

async function refuseAll(
  database: Kysely<Schema>,
  installationId: number,
  settledAt: string,
): Promise<number> {
  const { numUpdatedRows } = await database
    .updateTable("labelings")
    .set({ result: "refused", settledAt })
    .where("installationId", "=", installationId)
    .where("settledAt", "is", null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function progressOf(
  database: Kysely<Schema>,
  installationId: number,
): Promise<LabelingProgress> {
  const found = await database
    .selectFrom("labelings")
    .select(({ fn }) => [
      fn.count("repositoryId").filterWhere("settledAt", "is", null).as("waiting"),
      fn.count("repositoryId").filterWhere("result", "=", "refused").as("refused"),
      fn.max("notBefore").filterWhere("settledAt", "is", null).as("dueBy"),
    ])
    .where("installationId", "=", installationId)
    .executeTakeFirst();
  const { waiting = 0, refused = 0, dueBy = null } = found ?? {};
  return { waiting: Number(waiting), refused: Number(refused), dueBy };
}

/**
 * A pull request that changes the policy has a check, which has found that out. One that couldn't find it out, or hasn't
 * yet, may be about the policy.
 */
async function requestMerged(
  transaction: Transaction<Schema>,
  merge: PolicyMerge,
  at: string,
): Promise<boolean> {
  const check = await transaction
    .selectFrom("policyChecks")
    .select("result")
    .where("repositoryId", "=", merge.repositoryId)
    .where("commit", "=", merge.commit)
    .executeTakeFirst();
  if (check === undefined || check.result === "unchanged" || check.result === "superseded") {
    return false;
  }
  await transaction
    .insertInto("labelings")
    .values(newLabelingRow(merge, { createdAt: at, notBefore: at }))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await requestAgain(transaction, [merge.repositoryId], at);
  if (merge.repository === ORGANIZATION_REPOSITORY) {
    const others = await transaction
      .selectFrom("labelings")
      .select("repositoryId")
      .where("installationId", "=", merge.installationId)
      .where("settledAt", "is not", null)
      .orderBy("repositoryId")
      .execute();
    await requestAgain(
      transaction,
      others.map(({ repositoryId }) => repositoryId),
      at,
    );
  }
  return true;
}

async function notice(
  transaction: Transaction<Schema>,
  { place, repositoryBlob, organizationBlob }: PolicySighting,
  at: string,
): Promise<void> {
  const { ownerId, repositoryId, installationId } = place;
  const blobs: PolicyBlobs = { repositoryBlob, organizationBlob };
  const noticed = { ...blobs, result: "noticed", settledAt: at } as const;
  if (ownerId !== null) {
    // That the policy of a repository of before has changed isn't known.
    await transaction
      .insertInto("labelings")
      .values({
        ...newLabelingRow({ ...place, ownerId }, { createdAt: at, notBefore: at }),
        ...noticed,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const known = await transaction
    .selectFrom("labelings")
    .select(["repositoryBlob", "organizationBlob", "settledAt"])
    .where("repositoryId", "=", repositoryId)
    .where("installationId", "=", installationId)
    .executeTakeFirst();
  if (known === undefined || known.settledAt === null) return;
  if (known.repositoryBlob === null || known.organizationBlob === null) {
    await transaction
      .updateTable("labelings")
      .set(blobs)
      .where("repositoryId", "=", repositoryId)
      .where("settledAt", "is not", null)
      .execute();
    return;
  }
  if (known.repositoryBlob !== repositoryBlob) await requestAgain(transaction, [repositoryId], at);
  if (known.organizationBlob !== organizationBlob) {
    await requestOthers(transaction, { installationId, organizationBlob }, at);
  }
}
