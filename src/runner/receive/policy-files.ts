import { LRUCache } from "lru-cache";
import type { FilePlace } from "../../core/task/denial.ts";
import type { FileOwner } from "../../core/policy/policy.ts";
import type { Path, PolicyFileReading, Position } from "../../core/policy/read.ts";
import { NO_TEXT, pathKey, readPolicyFile } from "../../core/policy/read.ts";
import { settingPlaces } from "../../core/policy/setting-places.ts";
import { POLICY_PATH } from "../../core/policy/schema.ts";
import { placesOfTeam } from "../../core/policy/team-places.ts";
import type { Survey } from "../../core/access/survey.ts";
import type { PolicyInForce, ReadPolicyFile } from "../../ports/policies-in-force.ts";
import type { TaskPlace } from "../../core/task/task.ts";

/** Where policy files are asked for. */
export interface PolicyPlace {
  readonly place: Pick<TaskPlace, "owner" | "repository">;
}

/** The versions of policy files that were found. */
export type Versions = Pick<Survey, "policy">;

/** What reading a policy file has come to. */
export type FileReading = PolicyFileReading | { readonly type: "absent" };

/** The two policy files of a repository, in the versions that a survey has found. */
export interface PolicyFiles {
  read(survey: Versions, of: FileOwner): FileReading;
  /** The files that were read; null where there's none, or something is wrong with it. */
  filesOf(task: PolicyPlace, survey: Versions): PolicyInForce["files"];
  /** The file's address on GitHub. */
  url(task: PolicyPlace, survey: Versions, of: FileOwner): string;
  /** Where a file says the value of a setting; its beginning where it does not say it. */
  placeOf(survey: Versions, of: FileOwner, path: Path): Position;
  /** Where a file says the first of these settings that it says, named as their sources are; else its beginning. */
  settingIn(
    task: PolicyPlace,
    survey: Versions,
    of: FileOwner,
    settings: readonly string[],
  ): FilePlace;
  /** Where both name a team, as `organization/slug` in small letters. */
  placesOf(task: PolicyPlace, survey: Versions, team: string): readonly FilePlace[];
}

/** Files of so many versions are kept. */
const MAX_FILES = 500;

/** Files on a GitHub with this origin; each version is read once. */
export function createPolicyFiles(origin: string): PolicyFiles {
  const files = new LRUCache<string, FileReading>({ max: MAX_FILES });

  function read({ policy }: Versions, of: FileOwner): FileReading {
    const file = policy[of]?.file ?? null;
    if (file === null) return { type: "absent" };
    const { blob, text } = file;
    const key = `${of}:${blob}`;
    const known = files.get(key);
    if (known !== undefined) return known;
    const reading = readingOf(text, of);
    files.set(key, reading);
    return reading;
  }

  function url(task: PolicyPlace, { policy }: Versions, of: FileOwner): string {
    const repository = of === "repository" ? task.place.repository : ".github";
    return `${origin}/${task.place.owner}/${repository}/blob/${policy[of]?.commit ?? "HEAD"}/${POLICY_PATH}`;
  }

  function fileOf(task: PolicyPlace, survey: Versions, of: FileOwner): ReadPolicyFile | null {
    const reading = read(survey, of);
    const commit = survey.policy[of]?.commit ?? "HEAD";
    return reading.type === "file"
      ? { url: url(task, survey, of), commit, file: reading.file }
      : null;
  }

  return {
    read,
    url,
    filesOf: (task, survey) => ({
      organization: fileOf(task, survey, "organization"),
      repository: fileOf(task, survey, "repository"),
    }),
    placeOf(survey, of, path) {
      const reading = read(survey, of);
      const places = reading.type === "file" ? reading.file.places : undefined;
      return places?.get(pathKey(path))?.value ?? { line: 1, column: 1 };
    },
    settingIn(task, survey, of, settings) {
      const reading = read(survey, of);
      const placeIn = reading.type === "file" ? settingPlaces(reading.file) : () => null;
      const position = settings.map(placeIn).find((place) => place !== null);
      const { line, column } = position ?? { line: 1, column: 1 };
      return { of, url: url(task, survey, of), line, column };
    },
    placesOf: (task, survey, team) =>
      (["organization", "repository"] as const).flatMap((of) => {
        const reading = read(survey, of);
        if (reading.type !== "file") return [];
        const where = { of, url: url(task, survey, of) };
        return placesOfTeam(reading.file, team).map(({ line, column }) => {
          return { line, column, of: where.of, url: where.url };
        });
      }),
  };
}

function readingOf(text: string | null, of: FileOwner): PolicyFileReading {
  return text === null ? { type: "problems", problems: [NO_TEXT] } : readPolicyFile(text, of);
}
