import type { Kysely, Transaction } from "kysely";
import { sql } from "kysely";
import type { PolicyBlobs } from "../core/access/policy-blobs.ts";
import type { PolicyMerge } from "../core/webhook/policy-merge.ts";
import type { Labeling, LabelingProgress, Labelings, PolicySighting } from "../ports/labelings.ts";
import { newLabelingRow, requestAgain, requestOthers } from "./labeling-requests.ts";
import { countWrite, pauseOf } from "./label-writes.ts";
import type { LabelingRow, Schema } from "./schema.ts";

/** For as long nobody else takes a repository that was taken, or in which a label was about to be created. */
const TAKEN_MS = 120_000;

/** Where an organization's policy file is. */
const ORGANIZATION_REPOSITORY = ".github";

/** Repositories that are to get labels, in an open, migrated database. */
export function createLabelings(database: Kysely<Schema>, now: () => Date): Labelings {
  const time = () => now().toISOString();
  const after = (milliseconds: number) => new Date(now().getTime() + milliseconds).toISOString();

  /** False where somebody else has taken it since. */
  async function update(
    { repositoryId, attempt }: Pick<Labeling, "repositoryId" | "attempt">,
    changes: Partial<LabelingRow>,
    within: Kysely<Schema> = database,
  ): Promise<boolean> {
    const { numUpdatedRows } = await within
      .updateTable("labelings")
      .set(changes)
      .where("repositoryId", "=", repositoryId)
      .where("attempt", "=", attempt)
      .where("settledAt", "is", null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Nobody takes a repository of the installation before. */
  async function pauseAll(installationId: number, until: Date): Promise<void> {
    const notBefore = until.toISOString();
    await database
      .updateTable("labelings")
      .set({ notBefore })
      .where("installationId", "=", installationId)
      .where("settledAt", "is", null)
      .where("notBefore", "<", notBefore)
      .execute();
  }

  return {
    requestAfterMerge: (merge) =>
      database.transaction().execute((transaction) => requestMerged(transaction, merge, time())),
    notice: (sighting) =>
      database.transaction().execute((transaction) => notice(transaction, sighting, time())),
    async take() {
      for (;;) {
        const due = await database
          .selectFrom("labelings")
          .selectAll()
          .where("settledAt", "is", null)
          .where("notBefore", "<=", time())
          .orderBy("notBefore")
          // One that always fails keeps no others waiting.
          .orderBy("refusals")
          .limit(1)
          .executeTakeFirst();
        if (due === undefined) return null;
        const attempt = due.attempt + 1;
        const triedAt = due.triedAt ?? time();
        // Where somebody else was faster, the next one is due.
        if (await update(due, { attempt, triedAt, notBefore: after(TAKEN_MS) })) {
          return { ...due, attempt, triedAt };
        }
      }
    },
    async intend(labeling) {
      const { installationId } = labeling;
      const intent = await database.transaction().execute(async (transaction) => {
        const until = await pauseOf(transaction, installationId, now());
        if (until !== null) return until;
        const isMine = await update(labeling, { notBefore: after(TAKEN_MS) }, transaction);
        if (!isMine) return "lost";
        await countWrite(transaction, installationId, now());
        return "go";
      });
      if (intent instanceof Date) {
        await update(labeling, { notBefore: time() });
        await pauseAll(installationId, intent);
      }
      return intent;
    },
    async settle(labeling, result, blobs) {
      const { repositoryBlob = null, organizationBlob = null } = blobs ?? {};
      const settled = { result, settledAt: time(), repositoryBlob, organizationBlob };
      await update(labeling, settled);
    },
    async refuseAll({ installationId }) {
      const { numUpdatedRows } = await database
        .updateTable("labelings")
        .set({ result: "refused", settledAt: time() })
        .where("installationId", "=", installationId)
        .where("settledAt", "is", null)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    async postpone(labeling, until, of) {
      const refusals = labeling.refusals + 1;
      await update(labeling, { refusals, notBefore: until.toISOString() });
      if (of === "installation") await pauseAll(labeling.installationId, until);
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
