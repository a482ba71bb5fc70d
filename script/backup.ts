import { chmodSync } from "node:fs";
import { join, resolve } from "node:path";
import { backUpSqlite } from "../src/store/sqlite.ts";

const copy = resolve(process.env["CALLED_FROM"] ?? ".", process.argv[2] ?? "backup.db");
const file = join(process.env["DATA_DIR"] ?? "data", "tasks.db");
try {
  if ((process.env["DATABASE_URL"] ?? "") !== "") {
    throw new Error("DATABASE_URL is set, so the tasks are in PostgreSQL: use pg_dump");
  }
  backUpSqlite(file, copy);
  chmodSync(copy, 0o600);
  console.log(`${file} was copied to ${copy}`);
} catch (error) {
  console.error(
    `${file} was not copied: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
