import { migrate } from "../../src/store/migrations.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { taskIdOf } from "../../src/store/task-id.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { commanded } from "./trigger.ts";

/** Opens a database, writes as many tasks so many at a time, and ends without closing it. */
const [file = "", count = "0", together = "1"] = process.argv.slice(2);
const database = openSqlite(file);
await migrate(database);
const tasks = createTaskStore(database, {
  now: () => new Date(),
  idOf: taskIdOf,
  mostStartsPerRepository: 3,
});
for (let first = 1; first <= Number(count); first += Number(together)) {
  const numbers = Array.from({ length: Number(together) }, (_, index) => first + index);
  await Promise.all(numbers.map((number) => tasks.insert(commanded(number))));
}
process.exit();
