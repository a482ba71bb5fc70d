import type { Kysely } from "kysely";
import type { Undelivered } from "../core/task/undelivered.ts";
import type { TaskPlace } from "../core/task/task.ts";
import type { Schema } from "./schema.ts";

/** Tasks that can't continue, or whose comment can't be written, because GitHub refuses. */
export async function findUndelivered(
  database: Kysely<Schema>,
  repository: Pick<TaskPlace, "owner" | "repository"> | null,
): Promise<Undelivered> {
  const refused = database
    .selectFrom("tasks")
    .where("settledAt", "is", null)
    .where("refusedSince", "is not", null)
    .$if(repository !== null, (query) =>
      query
        .where("owner", "=", repository?.owner ?? "")
        .where("repository", "=", repository?.repository ?? ""),
    );
  const { count } = await refused
    .select((row) => row.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  const oldest = await refused
    .select(["refusedSince", "refusalType", "refusalMessage"])
    .orderBy("refusedSince")
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined) return { count: 0, oldest: null };
  const { refusedSince, refusalType, refusalMessage } = oldest;
  const since = refusedSince ?? "";
  const type = refusalType ?? "unreachable";
  return { count, oldest: { since, type, message: refusalMessage ?? "" } };
}
