import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Kysely } from "kysely";
import { openPostgres } from "../../src/store/postgres.ts";
import type { Schema } from "../../src/store/schema.ts";
import { openSqlite, openSqliteToRead } from "../../src/store/sqlite.ts";
import type { DatabasePlace } from "./database-place.ts";

/** Opens the bot's database to change it, also while the bot runs. @throws Error when SQLite's file doesn't exist */
export function openDatabase(place: DatabasePlace): Kysely<Schema> {
  return place.type === "postgres" ? openPostgres(place.url) : openSqlite(existing(place.file));
}

/** Opens the bot's database to look at it, also while the bot runs. @throws Error when SQLite's file doesn't exist */
export function openDatabaseToRead(place: DatabasePlace): Kysely<Schema> {
  return place.type === "postgres"
    ? openPostgres(place.url)
    : openSqliteToRead(existing(place.file));
}

/** The same file. @throws Error that says what to do where there's no such file yet */
export function existing(file: string): string {
  if (existsSync(file)) return file;
  throw new Error(
    `there's no database at ${resolve(file)} yet. Start the bot, which creates it, or set DATA_DIR or DATABASE_URL to where it is.`,
  );
}
