import { existsSync } from "node:fs";
import type { Kysely } from "kysely";
import { openPostgres } from "../../src/store/postgres.ts";
import type { Schema } from "../../src/store/schema.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import type { DatabasePlace } from "./database-place.ts";

/** Opens the bot's database to change it, also while the bot runs. @throws Error when SQLite's file doesn't exist */
export function openDatabase(place: DatabasePlace): Kysely<Schema> {
  if (place.type === "postgres") return openPostgres(place.url);
  if (existsSync(place.file)) return openSqlite(place.file);
  throw new Error(`${place.file} doesn't exist. Set DATA_DIR or DATABASE_URL.`);
}
