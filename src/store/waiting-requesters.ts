import type { Kysely } from "kysely";
import type { WaitingRequesters } from "../ports/waiting-people.ts";
import type { Schema } from "./schema.ts";

/** Over an open, migrated database. */
export function createWaitingRequesters(database: Kysely<Schema>): WaitingRequesters {
  const waiting = () =>
    database
      .selectFrom("tasks")
      .where("connectBy", "is not", null)
      .where("settledAt", "is", null)
      .where("sessionIntentAt", "is", null);
  return {
    async askedInThread({ requesterId, repositoryId, subjectNumber }) {
      const rows = await waiting()
        .select("id")
        .where("requesterId", "=", requesterId)
        .where("repositoryId", "=", repositoryId)
        .where("subjectNumber", "=", subjectNumber)
        .where("commentId", "is not", null)
        .execute();
      return rows.map(({ id }) => id);
    },
    async connectedIds() {
      const rows = await waiting()
        .innerJoin("connections", "connections.userId", "tasks.requesterId")
        .where("connections.sealedToken", "is not", null)
        // A task that's awake is being processed.
        .where("tasks.notBefore", "is not", null)
        .select("tasks.requesterId")
        .distinct()
        .execute();
      return rows.map(({ requesterId }) => requesterId);
    },
    wake(requesterId) {
      return database
        .updateTable("tasks")
        .set({ notBefore: null })
        .where("connectBy", "is not", null)
        .where("settledAt", "is", null)
        .where("sessionIntentAt", "is", null)
        .where("requesterId", "=", requesterId)
        .returning(["id", "ownerId", "requesterId"])
        .execute();
    },
  };
}
