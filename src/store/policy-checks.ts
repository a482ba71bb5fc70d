import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import type { PullRequestPush } from "../core/webhook/pull-request-push.ts";
import type { PolicyCheck, PolicyChecks } from "../ports/policy-checks.ts";
import { indexOn } from "./indexes.ts";
import type { PolicyCheckRow, Schema } from "./schema.ts";

/** For as long nobody else takes a check that was taken: longer than what GitHub is asked takes. */
const TAKEN_MS = 120_000;

/** The same from the intent on: longer than a check run waits for its turn among the App's writes. */
const INTENDED_MS = 600_000;

/** Policy checks in an open, migrated database. */
export function createPolicyChecks(database: Kysely<Schema>, now: () => Date): PolicyChecks {
  const after = (milliseconds: number) => new Date(now().getTime() + milliseconds).toISOString();

  /** False where somebody else has taken the check since. */
  async function update(
    { repositoryId, commit, attempt }: PolicyCheck,
    changes: Partial<PolicyCheckRow>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await database
      .updateTable("policyChecks")
      .set(changes)
      .where("repositoryId", "=", repositoryId)
      .where("commit", "=", commit)
      .where("attempt", "=", attempt)
      .where("settledAt", "is", null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  return {
    insert: (push) => insert(database, push, now().toISOString()),
    async take() {
      for (;;) {
        const due = await database
          .selectFrom("policyChecks")
          .selectAll()
          .where("settledAt", "is", null)
          .where("notBefore", "<=", now().toISOString())
          .orderBy("notBefore")
          .limit(1)
          .executeTakeFirst();
        if (due === undefined) return null;
        const attempt = due.attempt + 1;
        // Where somebody else was faster, the next one is due.
        const isMine = await update(due, { attempt, notBefore: after(TAKEN_MS) });
        if (isMine) return { ...due, attempt };
      }
    },
    intend: (check) =>
      update(check, { intentAt: now().toISOString(), notBefore: after(INTENDED_MS) }),
    async settle(check, result, checkRunId) {
      await update(check, { result, checkRunId, settledAt: now().toISOString() });
    },
    async postpone(check, until) {
      await update(check, { notBefore: until.toISOString() });
    },
    async prune(before) {
      const { numDeletedRows } = await database
        .deleteFrom("policyChecks")
        .where("settledAt", "<", before.toISOString())
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

async function insert(
  database: Kysely<Schema>,
  push: PullRequestPush,
  createdAt: string,
): Promise<void> {
  const none = { intentAt: null, checkRunId: null, result: null, settledAt: null };
  const fresh = { ...push, ...none, createdAt, notBefore: createdAt };
  await database
    .insertInto("policyChecks")
    .values({ ...fresh, attempt: 0 })
    // What came of it may be different for this pull request, or by now.
    .onConflict((conflict) =>
      conflict
        .columns(["repositoryId", "commit"])
        .doUpdateSet(fresh)
        .where("policyChecks.settledAt", "is not", null)
        .where("policyChecks.result", "!=", "written"),
    )
    .execute();
}

/** Policy files of pull requests to check: a row for each head commit, found by its key or because it's due. */
export const policyChecks: Migration = {
  async up(database) {
    await database.schema
      .createTable("policyChecks")
      .addColumn("repositoryId", "bigint", (column) => column.notNull())
      .addColumn("commit", "text", (column) => column.notNull())
      .addColumn("baseCommit", "text", (column) => column.notNull())
      .addColumn("pullNumber", "bigint", (column) => column.notNull())
      .addColumn("installationId", "bigint")
      .addColumn("ownerId", "bigint", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("createdAt", "text", (column) => column.notNull())
      .addColumn("notBefore", "text", (column) => column.notNull())
      .addColumn("attempt", "bigint", (column) => column.notNull())
      .addColumn("intentAt", "text")
      .addColumn("checkRunId", "bigint")
      .addColumn("result", "text")
      .addColumn("settledAt", "text")
      .addPrimaryKeyConstraint("policy_checks_key", ["repositoryId", "commit"])
      .execute();
    await indexOn(database, "policyChecks", "policy_checks_due", ["notBefore"])
      .where(sql.ref("settledAt"), "is", null)
      .execute();
    await indexOn(database, "policyChecks", "policy_checks_installation", [
      "installationId",
    ]).execute();
  },
};
