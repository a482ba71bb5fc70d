import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorkspaceRequest } from "../ports/workspaces.ts";

/** A commit whose objects a task borrows from a mirror. */
type Borrowed = Pick<WorkspaceRequest, "repositoryId" | "commit">;

/** In a task's directory: a line for each, as `ID COMMIT`. */
const BORROWED = "borrowed";

/** Notes that a task borrows a commit. */
export async function noteBorrowed(directory: string, { repositoryId, commit }: Borrowed) {
  await appendFile(join(directory, BORROWED), `${repositoryId} ${commit}\n`);
}

/** What a task borrows, its own repository first; nothing for one that isn't there. */
export function borrowedBy(directory: string): readonly Borrowed[] {
  return linesOf(join(directory, BORROWED)).flatMap((line) => {
    const [repositoryId, commit = ""] = line.split(" ");
    return line === "" ? [] : [{ repositoryId: Number(repositoryId), commit }];
  });
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
