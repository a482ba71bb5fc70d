import type { Kysely } from "kysely";
import type { TaskPlace } from "../core/task/task.ts";
import type { HostedTask } from "../core/worker/machines-reading.ts";
import type { Schema } from "./schema.ts";
import { taskOf } from "./task-row.ts";

/** The tasks whose sessions are on machines of the administrator's, or wait for one; of one repository or (null) of all. */
export async function findHostedTasks(
  database: Kysely<Schema>,
  repository: Pick<TaskPlace, "owner" | "repository"> | null,
): Promise<readonly HostedTask[]> {
  const rows = await database
    .selectFrom("tasks")
    .selectAll()
    .where("settledAt", "is", null)
    .where("hosting", "is not", null)
    // What has ended is unsettled while its comment isn't up to date.
    .where("state", "in", ["in_progress", "waiting_for_user", "idle"])
    .$if(repository !== null, (query) =>
      query
        .where("owner", "=", repository?.owner ?? "")
        .where("repository", "=", repository?.repository ?? ""),
    )
    .execute();
  return rows.flatMap((row) => {
    const { hosting, intentAt } = taskOf(row).session;
    if (hosting === null || intentAt === null) return [];
    const { labels, machine, awaySince } = hosting;
    return [{ labels, machine, wantedSince: intentAt, awaySince }];
  });
}
