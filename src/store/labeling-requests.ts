import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { NamedRepository, RepositoryMoved } from "../core/webhook/installation-event.ts";
import type { LabelingPlace, LabelingResult } from "../ports/labelings.ts";
import type { LabelingRow, Schema } from "./schema.ts";

/** Repositories of one installation that are due in the same hour: with three labels each, they use half of what GitHub allows. */
const AN_HOUR = 80;
const HOUR_MS = 3_600_000;
/** The most ids that a statement is given; SQLite takes 32,766. */
const MAX_IDS = 1_000;

/** A database, or a transaction in it. */
type Database = Pick<Kysely<Schema>, "insertInto" | "updateTable" | "deleteFrom" | "selectFrom">;

/** What an attempt has left is of no use to the next. */
const FRESH = { triedAt: null, refusals: 0, result: null, settledAt: null } as const;
const NEXT_ATTEMPT = sql<number>`${sql.ref("labelings.attempt")} + 1`;

/** Some repositories, and when they're due: the first ones immediately. */
function* inTurns<Item>(items: readonly Item[], at: string): Generator<[readonly Item[], string]> {
  for (let start = 0; start < items.length; start += AN_HOUR) {
    const due = new Date(Date.parse(at) + (start / AN_HOUR) * HOUR_MS).toISOString();
    yield [items.slice(start, start + AN_HOUR), due];
  }
}

/** Has repositories get their labels, whatever policy they were created by before. */
export async function requestLabels(
  database: Database,
  owner: Omit<LabelingPlace, "repositoryId" | "repository">,
  repositories: readonly NamedRepository[],
  at: string,
): Promise<void> {
  // GitHub lists each once. Twice in a statement, PostgreSQL would refuse it.
  const all = [...new Map(repositories.map((one) => [one.id, one])).values()];
  for (const [some, notBefore] of inTurns(all, at)) {
    const rows = some.map(({ id, name }) =>
      newLabelingRow(
        { ...owner, repositoryId: id, repository: name },
        { createdAt: at, notBefore },
      ),
    );
    await database
      .insertInto("labelings")
      .values(rows)
      .onConflict((conflict) =>
        conflict.column("repositoryId").doUpdateSet((expression) => ({
          ...FRESH,
          installationId: expression.ref("excluded.installationId"),
          ownerId: expression.ref("excluded.ownerId"),
          owner: expression.ref("excluded.owner"),
          repository: expression.ref("excluded.repository"),
          createdAt: at,
          notBefore,
          repositoryBlob: null,
          organizationBlob: null,
          attempt: NEXT_ATTEMPT,
        })),
      )
      .execute();
  }
}

/** A repository of which nothing is known yet. */
export function newLabelingRow(
  place: LabelingPlace,
  times: Pick<LabelingRow, "createdAt" | "notBefore">,
): LabelingRow {
  const { repositoryId, installationId, ownerId, owner, repository } = place;
  return {
    repositoryId,
    installationId,
    ownerId,
    owner,
    repository,
    ...times,
    ...FRESH,
    repositoryBlob: null,
    organizationBlob: null,
    attempt: 0,
  };
}

/** Has known repositories get the labels of another policy, if it is another one. */
export async function requestAgain(
  database: Database,
  repositoryIds: readonly number[],
  at: string,
): Promise<void> {
  for (const [some, notBefore] of inTurns(repositoryIds, at)) {
    await database
      .updateTable("labelings")
      .set({ ...FRESH, createdAt: at, notBefore, attempt: NEXT_ATTEMPT })
      .where("repositoryId", "in", some)
      .execute();
  }
}

/** Has an installation's repositories get labels in which that ended so, whatever policy is in force. */
export async function requestWhere(
  database: Database,
  installationId: number,
  results: readonly LabelingResult[],
  at: string,
): Promise<void> {
  const found = await database
    .selectFrom("labelings")
    .select("repositoryId")
    .where("installationId", "=", installationId)
    .where("result", "in", results)
    .orderBy("repositoryId")
    .execute();
  await database
    .updateTable("labelings")
    .set({ repositoryBlob: null, organizationBlob: null })
    .where("installationId", "=", installationId)
    .where("result", "in", results)
    .execute();
  await requestAgain(
    database,
    found.map(({ repositoryId }) => repositoryId),
    at,
  );
}

/** Forgets an installation that is no more. */
export async function removeInstallation(database: Database, installationId: number) {
  await database.deleteFrom("labelings").where("installationId", "=", installationId).execute();
  await database.deleteFrom("labelWrites").where("installationId", "=", installationId).execute();
}

/** Forgets repositories that an installation can't see anymore, or all can't. */
export async function removeRepositories(
  database: Database,
  repositoryIds: readonly number[],
  installationId: number | null,
): Promise<void> {
  for (let start = 0; start < repositoryIds.length; start += MAX_IDS) {
    await database
      .deleteFrom("labelings")
      .where("repositoryId", "in", repositoryIds.slice(start, start + MAX_IDS))
      .$if(installationId !== null, (query) => query.where("installationId", "=", installationId))
      .execute();
  }
}

/** Follows a repository. In another account, another policy may be in force. */
export async function followRepository(
  database: Database,
  { type, repositoryId, ownerId, owner, repository, installationId }: RepositoryMoved,
  at: string,
): Promise<void> {
  if (type === "repository_transferred" && installationId === null) {
    await removeRepositories(database, [repositoryId], null);
    return;
  }
  await database
    .updateTable("labelings")
    .set({ ownerId, owner, repository })
    .where("repositoryId", "=", repositoryId)
    .execute();
  if (type !== "repository_transferred" || installationId === null) return;
  await database
    .updateTable("labelings")
    .set({ installationId })
    .where("repositoryId", "=", repositoryId)
    .execute();
  await requestAgain(database, [repositoryId], at);
}

/** Has an installation's repositories get the labels of the organization's policy, if it isn't the one that they know. */
export async function requestOthers(
  database: Database,
  { installationId, organizationBlob }: Pick<LabelingRow, "installationId" | "organizationBlob">,
  at: string,
): Promise<void> {
  const found = await database
    .selectFrom("labelings")
    .select("repositoryId")
    .where("installationId", "=", installationId)
    .where("settledAt", "is not", null)
    .where("organizationBlob", "!=", organizationBlob)
    .orderBy("repositoryId")
    .execute();
  await requestAgain(
    database,
    found.map(({ repositoryId }) => repositoryId),
    at,
  );
}
