import { join } from "node:path";

/** Where the bot's tasks are. */
export type DatabasePlace =
  | { readonly type: "postgres"; readonly url: string }
  | { readonly type: "sqlite"; readonly file: string };

/** The database that the environment names; a variable that is set to nothing counts as not set. */
export function databasePlace(
  variables: Readonly<Record<string, string | undefined>>,
): DatabasePlace {
  const url = variables["DATABASE_URL"]?.trim() ?? "";
  if (url !== "") return { type: "postgres", url };
  const directory = variables["DATA_DIR"]?.trim() ?? "";
  return { type: "sqlite", file: join(directory === "" ? "data" : directory, "tasks.db") };
}
