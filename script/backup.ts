import { resolve } from "node:path";
import { backUpSqlite } from "../src/store/sqlite.ts";
import { databasePlace } from "./lib/database-place.ts";
import { existing } from "./lib/open-database.ts";
import { fail, program } from "./lib/program.ts";

const [file] = program(
  "script/backup",
  "Copies the tasks of a bot on SQLite as of one moment, also while the bot runs. On PostgreSQL, use pg_dump.",
)
  .argument("<file>", "the file to write; it must not exist")
  .parse().processedArgs;

// The copy is for this account alone from its first byte on.
process.umask(0o077);
const copy = resolve(process.env["CALLED_FROM"] ?? ".", file);
try {
  const place = databasePlace(process.env);
  if (place.type === "postgres") {
    fail("Nothing was copied", "DATABASE_URL is set, so the tasks are in PostgreSQL. Use pg_dump.");
  } else {
    copyTasks(existing(place.file));
  }
} catch (error) {
  fail("Nothing was copied", error);
}

function copyTasks(tasks: string): void {
  try {
    backUpSqlite(tasks, copy);
    console.log(`Copied ${tasks} to ${copy}.`);
  } catch (error) {
    fail(`${tasks} was not copied`, error);
  }
}
