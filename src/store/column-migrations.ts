import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { indexOn } from "./indexes.ts";

// The columns that the tasks got after their table was made.

/** GitHub's refusals of what a task asks for, and where its session's issue was. */
const githubRefusals: Migration = {
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
const failureDetails: Migration = {
  async up(database) {
    for (const name of ["ownerType", "failureCause", "failurePassesAt"]) {
      await database.schema.alterTable("tasks").addColumn(name, "text").execute();
    }
  },
};

/** What people are notified of. */
const notices: Migration = {
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
const viaApp: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("viaApp", "text").execute();
  },
};

/** A session that can't be reached again. */
const cannotResume: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("cannotResume", "integer").execute();
  },
};

/** What the policy wanted of a session, and whether it took that. */
const sessionSettings: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("settings", "text").execute();
  },
};

/** What waits until a session of its repository ends. */
const linePlaces: Migration = {
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
const qrSecrets: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("qrSecret", "text").execute();
  },
};

/** What runs a session. */
const sessionBackend: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("backend", "text").execute();
  },
};

/** Where and how a session runs on a machine of the administrator's. */
const hosting: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("hosting", "text").execute();
  },
};

/** The steps to the tasks' columns. */
export const COLUMN_MIGRATIONS = {
  "2026-11-29-cannot-resume": cannotResume,
  "2026-11-29-failure-details": failureDetails,
  "2026-11-29-github-refusals": githubRefusals,
  "2026-11-29-notices": notices,
  "2026-11-29-session-settings": sessionSettings,
  "2026-11-29-via-app": viaApp,
  "2026-11-29-waiting-for-place": linePlaces,
  "2026-11-30-qr-secrets": qrSecrets,
  "2026-11-30-session-backend": sessionBackend,
  "2026-12-01-hosting": hosting,
};
