import type { FilePlace } from "../core/denial.ts";
import type { FileOwner } from "../core/policy/policy.ts";
import type { Path, PolicyFile, Position, Problem } from "../core/policy/read.ts";
import { pathKey, readPolicyFile } from "../core/policy/read.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import { placesOfTeam } from "../core/policy/team-places.ts";
import type { Survey } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import { createMemory } from "./memory.ts";

/** A file that was read; null where there is none. */
export type FileReading =
  | { readonly file: PolicyFile | null }
  | { readonly problems: readonly Problem[] };

/** The two policy files of a repository, in the versions that a survey has found. */
export interface PolicyFiles {
  read(survey: Survey, of: FileOwner): FileReading;
  /** The file's address on GitHub. */
  url(task: Task, survey: Survey, of: FileOwner): string;
  /** Where a file says the value of a setting; its beginning where it does not say it. */
  placeOf(survey: Survey, of: FileOwner, path: Path): Position;
  /** Where both name a team, as `organisation/slug` in small letters. */
  placesOf(task: Task, survey: Survey, team: string): readonly FilePlace[];
}

const NO_TEXT = { line: 1, column: 1, message: "The file is not a text, or far too large." };

/** Files on a GitHub with this origin; each version is read once. */
export function createPolicyFiles(origin: string): PolicyFiles {
  const files = createMemory<FileReading>();

  function read({ policy }: Survey, of: FileOwner): FileReading {
    const file = policy[of]?.file ?? null;
    if (file === null) return { file: null };
    const { blob, text } = file;
    return files.recall(`${of}:${blob}`, () =>
      text === null ? { problems: [NO_TEXT] } : readPolicyFile(text, of),
    );
  }

  function url(task: Task, { policy }: Survey, of: FileOwner): string {
    const repository = of === "repository" ? task.repository : ".github";
    return `${origin}/${task.owner}/${repository}/blob/${policy[of]?.commit ?? "HEAD"}/${POLICY_PATH}`;
  }

  return {
    read,
    url,
    placeOf(survey, of, path) {
      const reading = read(survey, of);
      const places = "file" in reading ? reading.file?.places : undefined;
      return places?.get(pathKey(path))?.value ?? { line: 1, column: 1 };
    },
    placesOf: (task, survey, team) =>
      (["organisation", "repository"] as const).flatMap((of) => {
        const reading = read(survey, of);
        if ("problems" in reading || reading.file === null) return [];
        const where = { of, url: url(task, survey, of) };
        return placesOfTeam(reading.file, team).map(({ line, column }) => {
          return { line, column, of: where.of, url: where.url };
        });
      }),
  };
}
