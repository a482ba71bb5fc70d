import { join } from "node:path";
import { gatherVariables } from "../../src/config/secret-files.ts";

/** Where the bot's tasks are. */
export type DatabasePlace =
  | { readonly type: "postgres"; readonly url: string }
  | { readonly type: "sqlite"; readonly file: string };

/**
 * The database that the environment names; a variable that is set to nothing counts as not set.
 *
 * @throws Error if a file with a secret can't be read
 */
export function databasePlace(
  environment: Readonly<Record<string, string | undefined>>,
): DatabasePlace {
  const { variables, problems } = gatherVariables(environment);
  const problem = problems.find((one) => one.startsWith("DATABASE_"));
  if (problem !== undefined) throw new Error(`${problem}.`);
  const url = variables["DATABASE_URL"]?.trim() ?? "";
  if (url !== "") return { type: "postgres", url };
  const directory = variables["DATA_DIR"]?.trim() ?? "";
  return { type: "sqlite", file: join(directory === "" ? "data" : directory, "tasks.db") };
}
