import { LRUCache } from "lru-cache";
import { BUILT_IN_PROMPTS } from "../../core/policy/built-in-prompts.ts";
import { describeProblems } from "../../core/comment/settings.ts";
import type { FileOwner, Merged, Policy } from "../../core/policy/policy.ts";
import { mergePolicies } from "../../core/policy/policy.ts";
import type { PolicyFile, Problem } from "../../core/policy/read.ts";
import { missingTemplate } from "../../core/policy/template.ts";
import type { Survey } from "../../core/access/survey.ts";
import type { Task } from "../../core/task/task.ts";
import type { FileReading, PolicyPlace, PolicyFiles, Versions } from "./policy-files.ts";
import { createPolicyFiles } from "./policy-files.ts";
import type { GitHub } from "../../ports/github.ts";

/** The policy in force, or what is wrong with it: Markdown. */
export type PolicyReading =
  | Extract<Merged, { readonly type: "policy" }>
  | { readonly type: "problems"; readonly problems: string };

/** What the policy files say. */
export interface Policies extends Pick<PolicyFiles, "placesOf" | "filesOf" | "settingIn"> {
  read(task: PolicyPlace, survey: Versions): PolicyReading;
  /** The prompt template of a kind. */
  templateOf(task: Task, survey: Survey, policy: Policy, kind: string): Promise<Template>;
}

export type Template =
  | { readonly type: "template"; readonly template: string }
  | { readonly type: "problems"; readonly problems: string };

/** Templates of so many versions are kept. */
const MAX_TEXTS = 500;

/** Policies of files on a GitHub with this origin. */
export function createPolicies(github: Pick<GitHub, "text">, origin: string): Policies {
  const files = createPolicyFiles(origin);
  const texts = new LRUCache<string, { readonly text: string | null }>({ max: MAX_TEXTS });

  function wrong(
    task: PolicyPlace,
    survey: Versions,
    of: FileOwner,
    problems: readonly Problem[],
  ): string {
    return describeProblems(problems, of, files.url(task, survey, of));
  }

  return {
    placesOf: (task, survey, team) => files.placesOf(task, survey, team),
    filesOf: (task, survey) => files.filesOf(task, survey),
    settingIn: (task, survey, of, settings) => files.settingIn(task, survey, of, settings),
    read(task, survey) {
      const repository = files.read(survey, "repository");
      const organization = files.read(survey, "organization");
      if (repository.type === "problems" || organization.type === "problems") {
        const both = { organization, repository };
        return {
          type: "problems",
          problems: described(both, (...all) => wrong(task, survey, ...all)),
        };
      }
      const merged = mergePolicies({
        organization: fileIn(organization),
        repository: fileIn(repository),
      });
      if (merged.type === "policy") return merged;
      const byFile = Object.entries(Object.groupBy(merged.problems, ({ of }) => of));
      return {
        type: "problems",
        problems: byFile
          .map(([of, problems]) =>
            wrong(task, survey, of === "repository" ? of : "organization", problems),
          )
          .join("\n\n"),
      };
    },
    async templateOf(task, survey, policy, kind) {
      const source = policy.prompts.get(kind) ?? { type: "built in" };
      if (source.type === "inline") return { type: "template", template: source.template };
      if (source.type === "built in")
        return { type: "template", template: BUILT_IN_PROMPTS.get(kind) ?? "" };
      const { of, path } = source;
      const key = `${of}:${task.place.repositoryId}:${survey.policy[of]?.commit ?? ""}:${path}`;
      const { text } = texts.get(key) ?? { text: await github.text(task, of, path) };
      texts.set(key, { text });
      if (text !== null) return { type: "template", template: text };
      const message = missingTemplate(kind, path);
      const { line, column } = files.placeOf(survey, of, ["prompts", kind, "path"]);
      return { type: "problems", problems: wrong(task, survey, of, [{ line, column, message }]) };
    },
  };
}

/** What's wrong in each of two files, one after the other. */
function described(
  both: Readonly<Record<FileOwner, FileReading>>,
  describe: (of: FileOwner, problems: readonly Problem[]) => string,
): string {
  return (["organization", "repository"] as const)
    .flatMap((of) => {
      const reading = both[of];
      return reading.type === "problems" ? [describe(of, reading.problems)] : [];
    })
    .join("\n\n");
}

function fileIn(reading: Exclude<FileReading, { type: "problems" }>): PolicyFile | null {
  return reading.type === "file" ? reading.file : null;
}
