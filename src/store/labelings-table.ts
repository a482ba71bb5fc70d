import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { indexOn } from "./indexes.ts";

/** Repositories that are to get labels, found by id or because they're due; and how many labels were created when. */
export const labelings: Migration = {
  async up(database) {
    await database.schema
      .createTable("labelings")
      .addColumn("repositoryId", "bigint", (column) => column.primaryKey())
      .addColumn("installationId", "bigint", (column) => column.notNull())
      .addColumn("ownerId", "bigint", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("createdAt", "text", (column) => column.notNull())
      .addColumn("notBefore", "text", (column) => column.notNull())
      .addColumn("triedAt", "text")
      .addColumn("attempt", "bigint", (column) => column.notNull())
      .addColumn("refusals", "bigint", (column) => column.notNull())
      .addColumn("repositoryBlob", "text")
      .addColumn("organizationBlob", "text")
      .addColumn("result", "text")
      .addColumn("settledAt", "text")
      .execute();
    await indexOn(database, "labelings", "labelings_due", ["notBefore"])
      .where(sql.ref("settledAt"), "is", null)
      .execute();
    await indexOn(database, "labelings", "labelings_installation", ["installationId"]).execute();
    await database.schema
      .createTable("labelWrites")
      .addColumn("installationId", "bigint", (column) => column.notNull())
      .addColumn("minute", "text", (column) => column.notNull())
      .addColumn("count", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("label_writes_key", ["installationId", "minute"])
      .execute();
  },
};
