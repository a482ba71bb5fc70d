import { randomUUID } from "node:crypto";
import { migrate } from "../../src/store/migrations.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { insertMany } from "./story.ts";

/** Opens a database, writes as many tasks, and ends without closing it. */
const [file = "", count = "0"] = process.argv.slice(2);
const database = openSqlite(file);
await migrate(database);
const tasks = createTaskStore(database, {
  now: () => new Date(),
  newId: () => randomUUID(),
  mostStartsPerRepository: 3,
});
await insertMany(tasks, Number(count));
process.exit();
