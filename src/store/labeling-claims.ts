import type { Kysely } from "kysely";
import type { Labeling } from "../ports/labelings.ts";
import { countWrite, pauseOf } from "./label-writes.ts";
import type { LabelingRow, Schema } from "./schema.ts";

/** For as long nobody else takes a repository that was taken, or in which a label was about to be created. */
const TAKEN_MS = 120_000;

function untilTaken(now: Date): string {
  return new Date(now.getTime() + TAKEN_MS).toISOString();
}

/** Changes a repository that's taken; false where somebody else has taken it since. */
export async function changeTaken(
  database: Pick<Kysely<Schema>, "updateTable">,
  { repositoryId, attempt }: Pick<Labeling, "repositoryId" | "attempt">,
  changes: Partial<LabelingRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable("labelings")
    .set(changes)
    .where("repositoryId", "=", repositoryId)
    .where("attempt", "=", attempt)
    .where("settledAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Nobody takes a repository of the installation before. */
export async function pauseInstallation(
  database: Kysely<Schema>,
  installationId: number,
  until: Date,
): Promise<void> {
  const notBefore = until.toISOString();
  await database
    .updateTable("labelings")
    .set({ notBefore })
    .where("installationId", "=", installationId)
    .where("settledAt", "is", null)
    .where("notBefore", "<", notBefore)
    .execute();
}

/** Takes the next repository that's due; null when there is none. */
export async function takeNext(
  database: Kysely<Schema>,
  now: () => Date,
): Promise<Labeling | null> {
  const suspended = database
    .selectFrom("installations")
    .select("id")
    .where("suspendedAt", "is not", null);
  for (;;) {
    const at = now();
    const due = await database
      .selectFrom("labelings")
      .selectAll()
      .where("settledAt", "is", null)
      .where("notBefore", "<=", at.toISOString())
      // GitHub refuses everything there, and says when that ends.
      .where("installationId", "not in", suspended)
      .orderBy("notBefore")
      // One that always fails keeps no others waiting.
      .orderBy("refusals")
      .limit(1)
      .executeTakeFirst();
    if (due === undefined) return null;
    const taken = { attempt: due.attempt + 1, triedAt: due.triedAt ?? at.toISOString() };
    // Where somebody else was faster, the next one is due.
    const isMine = await changeTaken(database, due, { ...taken, notBefore: untilTaken(at) });
    if (isMine) return { ...due, ...taken };
  }
}

/** Counts a label that's about to be created, and keeps the claim; or says why none may be. */
export async function intendLabel(
  database: Kysely<Schema>,
  labeling: Labeling,
  now: Date,
): Promise<"go" | "lost" | Date> {
  const { installationId } = labeling;
  const intent = await database.transaction().execute(async (transaction) => {
    const until = await pauseOf(transaction, installationId, now);
    if (until !== null) return until;
    const notBefore = untilTaken(now);
    if (!(await changeTaken(transaction, labeling, { notBefore }))) return "lost";
    await countWrite(transaction, installationId, now);
    return "go";
  });
  if (intent instanceof Date) {
    await changeTaken(database, labeling, { notBefore: now.toISOString() });
    await pauseInstallation(database, installationId, intent);
  }
  return intent;
}
