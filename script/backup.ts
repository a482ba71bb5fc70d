import { join } from "node:path";
import { backUpSqlite } from "../src/store/sqlite.ts";

const [copy = ""] = process.argv.slice(2);
const file = join(process.env["DATA_DIR"] ?? "data", "tasks.db");
try {
  backUpSqlite(file, copy);
  console.log(`${file} was copied to ${copy}`);
} catch (error) {
  console.error(
    `${file} was not copied: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
