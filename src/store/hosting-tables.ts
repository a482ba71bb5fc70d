import type { Migration } from "kysely/migration";
import { isPostgres } from "./dialect.ts";
import { indexOn } from "./indexes.ts";

/** Sessions on workers, and what the bot and its workers send each other. On SQLite, nobody uses these. */
export const workers: Migration = {
  async up(database) {
    const shared = isPostgres(database);
    await database.schema
      .createTable("hostingWorkers")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("process", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("publicKey", "text", (column) => column.notNull())
      .addColumn("beatAt", "bigint", (column) => column.notNull())
      .execute();
    await database.schema
      .createTable("hostedSessions")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("request", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("worker", "text")
      .addColumn("process", "text")
      .addColumn("client", "text", (column) => column.notNull())
      .addColumn("fence", "bigint", (column) => column.notNull())
      .addColumn("failure", "text")
      .addColumn("updatedAt", "bigint", (column) => column.notNull())
      .execute();
    await indexOn(database, "hostedSessions", "hosted_sessions_worker", ["worker"]).execute();
    await database.schema
      .createTable("hostingMail")
      .addColumn("position", shared ? "bigint" : "integer", (column) =>
        (shared ? column.generatedAlwaysAsIdentity() : column.autoIncrement()).primaryKey(),
      )
      .addColumn("id", "text", (column) => column.notNull().unique())
      .addColumn("recipient", "text", (column) => column.notNull())
      .addColumn("content", "text", (column) => column.notNull())
      .addColumn("sentAt", "bigint", (column) => column.notNull())
      .execute();
    await indexOn(database, "hostingMail", "hosting_mail_recipient", [
      "recipient",
      "position",
    ]).execute();
  },
};

/** What workers say of themselves besides. */
export const workerStates: Migration = {
  async up(database) {
    const table = () => database.schema.alterTable("hostingWorkers");
    await table()
      .addColumn("labels", "text", (column) => column.notNull().defaultTo("[]"))
      .execute();
    for (const name of ["places", "taken"]) {
      await table()
        .addColumn(name, "integer", (column) => column.notNull().defaultTo(0))
        .execute();
    }
    await table()
      .addColumn("startedAt", "bigint", (column) => column.notNull().defaultTo(0))
      .execute();
  },
};

/** What's of before has no version. */
export const workerVersions: Migration = {
  async up(database) {
    for (const table of ["hostingWorkers", "hostedSessions"]) {
      await database.schema
        .alterTable(table)
        .addColumn("version", "integer", (column) => column.notNull().defaultTo(0))
        .execute();
    }
  },
};
