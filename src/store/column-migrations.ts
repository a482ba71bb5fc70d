import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { indexOn } from "./indexes.ts";

// The columns that the tasks got after their table was made.

/** GitHub's refusals of what a task asks for, and where its session's issue was. */
export const githubRefusals: Migration = {
  async up(database) {
    for (const column of ["refusedSince", "refusalType", "refusalMessage", "movedFrom"]) {
      await database.schema.alterTable("tasks").addColumn(column, "text").execute();
    }
    await database.schema
      .alterTable("tasks")
      .addColumn("refusals", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
  },
};

/** What decides which settings a comment leads to. A task of before has no owner's type. */
export const failureDetails: Migration = {
  async up(database) {
    for (const name of ["ownerType", "failureCause", "failurePassesAt"]) {
      await database.schema.alterTable("tasks").addColumn(name, "text").execute();
    }
  },
};

/** What people are notified of. */
export const notices: Migration = {
  async up(database) {
    const table = () => database.schema.alterTable("tasks");
    await table().addColumn("notify", "text").execute();
    await table().addColumn("noticeAbout", "text").execute();
    await table().addColumn("noticeIntentAt", "text").execute();
    await table().addColumn("noticeId", "bigint").execute();
    await table().addColumn("noticeDigest", "text").execute();
  },
};

/** Through which App somebody wrote a command. */
export const viaApp: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("viaApp", "text").execute();
  },
};

/** A session that can't be reached again. */
export const cannotResume: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("cannotResume", "integer").execute();
  },
};

/** What the policy wanted of a session, and whether it took that. */
export const sessionSettings: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("settings", "text").execute();
  },
};

/** What waits until a session of its repository ends. */
export const linePlaces: Migration = {
  async up(database) {
    const table = () => database.schema.alterTable("tasks");
    await table().addColumn("waitingSince", "text").execute();
    await table().addColumn("atOnce", "integer").execute();
    await indexOn(database, "tasks", "tasks_waiting", ["ownerId", "waitingSince"])
      .where(sql.ref("waitingSince"), "is not", null)
      .execute();
  },
};

/** What makes the address of a session's QR code unguessable. A task of before has no code. */
export const qrSecrets: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("qrSecret", "text").execute();
  },
};
