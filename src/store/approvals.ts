import type { Kysely } from "kysely";
import type { Approvals } from "../ports/approvals.ts";
import type { Schema } from "./schema.ts";

/** How long a maintainer may look at a commit before writing that it is well, in milliseconds. */
const LOOK_MS = 3_600_000;

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
      const { installationId, ownerId } = by.place;
      const { login: requester, id: requesterId } = by.requester;
      const approver = { requester, requesterId, installationId, ownerId };
      const createdAt = now().toISOString();
      await database
        .insertInto("approvals")
        .values({ repositoryId, subjectNumber, commit, ...approver, createdAt })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async askedAbout({ repositoryId, subjectNumber }) {
      const asked = await database
        .selectFrom("tasks")
        .select(["commit", "createdAt"])
        .where("repositoryId", "=", repositoryId)
        .where("subjectNumber", "=", subjectNumber)
        .where("denial", "=", "fork_without_ok")
        .orderBy("createdAt", "desc")
        .limit(50)
        .execute();
      const [newest] = asked;
      const since = new Date(now().getTime() - LOOK_MS).toISOString();
      const lately = asked.filter(({ createdAt }) => createdAt >= since);
      // Somebody who looks at one commit must not approve another that came in the meantime.
      if (new Set(lately.map(({ commit }) => commit)).size > 1) return null;
      return newest?.commit ?? null;
    },
  };
}
