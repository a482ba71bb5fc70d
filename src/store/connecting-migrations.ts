import type { Migration } from "kysely/migration";
import { sql } from "kysely";
import { indexOn } from "./indexes.ts";

// The steps to the schema of people who connect their Copilot, and use pages.

/** Whose Copilot a session uses, and until when a task waits for its requester to connect theirs. */
export const requesterIdentity: Migration = {
  async up(database) {
    const table = () => database.schema.alterTable("tasks");
    await table().addColumn("identity", "text").execute();
    await table().addColumn("connectBy", "text").execute();
    await indexOn(database, "tasks", "tasks_to_connect", ["requesterId"])
      .where(sql.ref("connectBy"), "is not", null)
      .execute();
  },
};

/** Whose Copilot is charged, in the audit too. */
export const auditIdentity: Migration = {
  async up(database) {
    await database.schema.alterTable("audit").addColumn("identity", "text").execute();
  },
};

/** Where a command to a task was given. Those of before are from threads. */
export const pageCommands: Migration = {
  async up(database) {
    await database.schema.alterTable("orders").addColumn("place", "text").execute();
  },
};
