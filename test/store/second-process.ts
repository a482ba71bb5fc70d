import { join } from "node:path";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { migrate } from "../../src/store/migrations.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { commanded } from "./trigger.ts";

/** A second bot: takes a directory of data, writes a task, and waits to be killed. */
async function main(directory: string): Promise<void> {
  lockDataDirectory(directory);
  const database = openSqlite(join(directory, "tasks.db"));
  await migrate(database);
  const tasks = createTaskStore(database, {
    now: () => new Date(),
    idOf: () => `task of ${process.pid}`,
    mostStartsPerRepository: 3,
  });
  await tasks.insert(commanded(process.pid));
  process.stdout.write("written\n");
  process.stdin.resume();
}

try {
  await main(process.argv[2] ?? "");
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
