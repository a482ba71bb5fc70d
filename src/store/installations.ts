import type { Kysely, Transaction } from "kysely";
import { sql } from "kysely";
import type {
  InstallationChange,
  InstallationEvent,
  RepositoriesAdded,
  RepositoriesRemoved,
  RepositoryMoved,
  SubjectTransferred,
} from "../core/webhook/installation-event.ts";
import type { Installations } from "../ports/events.ts";
import type { AuditListener } from "./audit.ts";
import { auditedTransaction } from "./audit.ts";
import { cancel } from "./cancel.ts";
import { eraseInstallation } from "./installation-erasure.ts";
import {
  followRepository,
  removeInstallation,
  removeRepositories,
  requestLabels,
  requestWhere,
} from "./labeling-requests.ts";
import type { Schema } from "./schema.ts";

/** Installations in an open, migrated database. */
export function createInstallations(
  database: Kysely<Schema>,
  now: () => Date,
  onAudited?: AuditListener,
): Installations {
  return {
    applyInstallationEvent: (event) =>
      auditedTransaction(database, onAudited, async (transaction) => ({
        canceled: await apply(transaction, event, now().toISOString()),
      })),
    async eraseInstallations(before) {
      const deleted = await database
        .selectFrom("installations")
        .select(["id", "ownerId", "deletedAt"])
        .where("deletedAt", "<", before.toISOString())
        .execute();
      for (const installation of deleted) await eraseInstallation(database, installation, now);
      return deleted.length;
    },
  };
}

/** Gives the number of tasks that were canceled. */
async function apply(
  transaction: Transaction<Schema>,
  { deliveryId, change }: InstallationEvent,
  at: string,
): Promise<number> {
  if (!(await isFirstDelivery(transaction, deliveryId, at))) return 0;
  const { type } = change;
  switch (type) {
    case "installation_created":
      if (await followInstallation(transaction, change, at)) {
        await label(transaction, change, at);
      }
      return 0;
    case "installation_unsuspended":
    case "installation_permitted":
      await followInstallation(transaction, change, at);
      await requestWhere(transaction, change.installationId, ["refused", "given_up"], at);
      return 0;
    case "installation_deleted":
    case "installation_suspended": {
      if (!(await followInstallation(transaction, change, at))) return 0;
      const { installationId } = change;
      if (type === "installation_deleted") await removeInstallation(transaction, installationId);
      return cancel(transaction, sql`${INSTALLATION} = ${installationId}`, type, at);
    }
    case "repositories_added":
      await label(transaction, change, at);
      return 0;
    case "repositories_removed":
      await removeRepositories(transaction, change.repositoryIds, change.installationId);
      return cancelRemoved(transaction, change, at);
    case "repository_deleted":
      await removeRepositories(transaction, [change.repositoryId], null);
      return cancel(transaction, sql`${REPOSITORY} = ${change.repositoryId}`, type, at);
    case "repository_renamed":
    case "repository_transferred":
      await followMove(transaction, change, at);
      return 0;
    case "subject_transferred":
      await followTransfer(transaction, change);
      return 0;
    default:
      return type satisfies never;
  }
}

/** Has repositories get labels. An enterprise has none, and GitHub names everybody else. */
async function label(
  transaction: Transaction<Schema>,
  {
    installationId,
    ownerId,
    owner,
    repositories,
  }: Pick<RepositoriesAdded, "installationId" | "ownerId" | "owner" | "repositories">,
  at: string,
): Promise<void> {
  if (ownerId === null || owner === null) return;
  await requestLabels(transaction, { installationId, ownerId, owner }, repositories, at);
}

/** Notes that a delivery is applied; false when it was before. */
export async function isFirstDelivery(
  transaction: Transaction<Schema>,
  deliveryId: string,
  at: string,
): Promise<boolean> {
  const noted = await transaction
    .insertInto("lifeEvents")
    .values({ deliveryId, appliedAt: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning("deliveryId")
    .executeTakeFirst();
  return noted !== undefined;
}

const INSTALLATION = sql.ref("installationId");
const REPOSITORY = sql.ref("repositoryId");

/** Brings the installation's row to what GitHub says; false when that is older than what is known. */
async function followInstallation(
  transaction: Transaction<Schema>,
  { type, installationId: id, ownerId, owner, suspendedAt, at: updatedAt }: InstallationChange,
  at: string,
): Promise<boolean> {
  const deletedAt = type === "installation_deleted" ? at : null;
  const known = sql.ref<string>("installations.updatedAt");
  const knownEnd = sql.ref<string | null>("installations.deletedAt");
  const isCreated = type === "installation_created";
  // Not every GitHub moves the time of an installation that is unsuspended or deleted.
  const needsNewer = isCreated || type === "installation_suspended";
  const followed = await transaction
    .insertInto("installations")
    .values({ id, ownerId, owner, suspendedAt, deletedAt, updatedAt })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({
          ownerId,
          owner,
          suspendedAt,
          deletedAt: isCreated
            ? null
            : sql<string | null>`coalesce(${knownEnd}, cast(${deletedAt} as text))`,
          updatedAt: sql<string>`case when ${known} > ${updatedAt} then ${known} else ${updatedAt} end`,
        })
        .where(needsNewer ? sql<boolean>`${known} < ${updatedAt}` : sql<boolean>`1 = 1`),
    )
    .returning("id")
    .executeTakeFirst();
  return followed !== undefined;
}

/** Unsettled tasks go where their repository went. */
async function followMove(
  transaction: Transaction<Schema>,
  move: RepositoryMoved,
  appliedAt: string,
): Promise<void> {
  const { type, repositoryId, ownerId, owner, ownerType, repository, installationId, at } = move;
  const followed = await transaction
    .insertInto("repositories")
    .values({ id: repositoryId, updatedAt: at })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({ updatedAt: at })
        .where("repositories.updatedAt", "<=", at),
    )
    .returning("id")
    .executeTakeFirst();
  if (followed === undefined) return;
  await followRepository(transaction, move, appliedAt);
  await transaction
    .updateTable("tasks")
    .set({ ownerId, owner, ownerType, repository })
    .$if(type === "repository_transferred", (query) => query.set({ installationId }))
    .where("repositoryId", "=", repositoryId)
    .where("settledAt", "is", null)
    .execute();
}

/**
 * All tasks of an issue go where it went, so that they are found by commands in its new thread. As
 * `moved` in src/core/task/thread-place.ts says: a session keeps to its repository, and the comments are looked up.
 */
async function followTransfer(
  transaction: Transaction<Schema>,
  { repositoryId, subjectNumber, to }: SubjectTransferred,
): Promise<void> {
  const { installationId, ...place } = to;
  const from = sql`${sql.ref("owner")} || '/' || ${sql.ref("repository")} || '#' || ${sql.ref("subjectNumber")}`;
  const movedFrom = sql<string | null>`
    case when ${sql.ref("sessionIntentAt")} is null then null else coalesce(${sql.ref("movedFrom")}, ${from}) end`;
  await transaction
    .updateTable("tasks")
    .set({ ...place, movedFrom, subjectKey: null, commentId: null, noticeId: null })
    .$if(installationId !== null, (query) => query.set({ installationId }))
    .where("repositoryId", "=", repositoryId)
    .where("subjectNumber", "=", subjectNumber)
    .execute();
}

/** The most ids that a statement is given; SQLite takes 32,766. */
const MAX_IDS = 1_000;

async function cancelRemoved(
  transaction: Transaction<Schema>,
  { installationId, repositoryIds }: RepositoriesRemoved,
  at: string,
): Promise<number> {
  // A repository's own webhook names no installation. After a transfer it is another one.
  const here = sql`(${INSTALLATION} = ${installationId} or ${INSTALLATION} is null)`;
  let canceled = 0;
  for (let start = 0; start < repositoryIds.length; start += MAX_IDS) {
    const some = sql.join(repositoryIds.slice(start, start + MAX_IDS));
    const those = sql`${REPOSITORY} in (${some}) and ${here}`;
    canceled += await cancel(transaction, those, "repository_removed", at);
  }
  return canceled;
}
