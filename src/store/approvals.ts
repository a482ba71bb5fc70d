import type { Kysely } from "kysely";
import type { Task } from "../core/task.ts";
import type { Schema } from "./schema.ts";

type Pull = Pick<Task, "repositoryId" | "subjectNumber">;
type Approver = Pick<Task, "requester" | "requesterId" | "installationId" | "ownerId">;

/** Which commits of forks maintainers have let Copilot work on. */
export interface Approvals {
  isApproved(pull: Pull, commit: string): Promise<boolean>;
  /** Repeating it is harmless. */
  approve(pull: Pull, commit: string, by: Approver): Promise<void>;
  /** The commit that the bot last asked an approval of, in this pull request; null if it never did. */
  askedAbout(pull: Pull): Promise<string | null>;
}

/** Approvals in an open, migrated database. */
export function createApprovals(database: Kysely<Schema>, now: () => Date): Approvals {
  return {
    async isApproved({ repositoryId, subjectNumber }, commit) {
      const found = await database
        .selectFrom("approvals")
        .select("commit")
        .where("repositoryId", "=", repositoryId)
        .where("subjectNumber", "=", subjectNumber)
        .where("commit", "=", commit)
        .executeTakeFirst();
      return found !== undefined;
    },
    async approve({ repositoryId, subjectNumber }, commit, by) {
      const { requester, requesterId, installationId, ownerId } = by;
      const approver = { requester, requesterId, installationId, ownerId };
      const createdAt = now().toISOString();
      await database
        .insertInto("approvals")
        .values({ repositoryId, subjectNumber, commit, ...approver, createdAt })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async askedAbout({ repositoryId, subjectNumber }) {
      const found = await database
        .selectFrom("tasks")
        .select("commit")
        .where("repositoryId", "=", repositoryId)
        .where("subjectNumber", "=", subjectNumber)
        .where("denial", "=", "fork_without_ok")
        .orderBy("createdAt", "desc")
        .limit(1)
        .executeTakeFirst();
      return found?.commit ?? null;
    },
  };
}
