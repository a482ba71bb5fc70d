import { BUILT_IN_PROMPTS } from "../core/built-in-prompts.ts";
import { describeProblems } from "../core/policy/describe.ts";
import type { FileOwner, Policy, Sources } from "../core/policy/policy.ts";
import { mergePolicies } from "../core/policy/policy.ts";
import type { Problem } from "../core/policy/read.ts";
import { missingTemplate } from "../core/policy/template.ts";
import type { Survey } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import { createMemory } from "./memory.ts";
import type { PolicyFiles } from "./policy-files.ts";
import { createPolicyFiles } from "./policy-files.ts";
import type { GitHub } from "./ports.ts";

/** The policy in force, or what is wrong with it: Markdown. */
export type Reading =
  | { readonly policy: Policy; readonly sources: Sources }
  | { readonly problems: string };

/** What the policy files say. */
export interface Policies extends Pick<PolicyFiles, "placesOf"> {
  read(task: Task, survey: Survey): Reading;
  /** The prompt template of a kind. */
  templateOf(task: Task, survey: Survey, policy: Policy, kind: string): Promise<Template>;
}

export type Template = { readonly template: string } | { readonly problems: string };

/** Policies of files on a GitHub with this origin. */
export function createPolicies(github: Pick<GitHub, "text">, origin: string): Policies {
  const files = createPolicyFiles(origin);
  const texts = createMemory<string | null>();

  function wrong(task: Task, survey: Survey, of: FileOwner, problems: readonly Problem[]): string {
    return describeProblems(problems, of, files.url(task, survey, of));
  }

  return {
    placesOf: (task, survey, team) => files.placesOf(task, survey, team),
    read(task, survey) {
      const repository = files.read(survey, "repository");
      const organisation = files.read(survey, "organisation");
      if ("problems" in repository || "problems" in organisation) {
        const both = [
          "problems" in organisation
            ? wrong(task, survey, "organisation", organisation.problems)
            : "",
          "problems" in repository ? wrong(task, survey, "repository", repository.problems) : "",
        ];
        return { problems: both.filter((problems) => problems !== "").join("\n\n") };
      }
      const merged = mergePolicies({
        organisation: organisation.file,
        repository: repository.file,
      });
      if ("policy" in merged) return merged;
      const byFile = Object.entries(Object.groupBy(merged.problems, ({ of }) => of));
      return {
        problems: byFile
          .map(([of, problems]) =>
            wrong(task, survey, of === "repository" ? of : "organisation", problems),
          )
          .join("\n\n"),
      };
    },
    async templateOf(task, survey, policy, kind) {
      const source = policy.prompts.get(kind) ?? { type: "built in" };
      if (source.type === "inline") return { template: source.template };
      if (source.type === "built in") return { template: BUILT_IN_PROMPTS.get(kind) ?? "" };
      const { of, path } = source;
      const key = `${of}:${task.repositoryId}:${survey.policy[of]?.commit ?? ""}:${path}`;
      const text = texts.has(key)
        ? texts.recall(key, () => null)
        : await github.text(task, of, path);
      texts.recall(key, () => text);
      if (text !== null) return { template: text };
      const message = missingTemplate(kind, path);
      const { line, column } = files.placeOf(survey, of, ["prompts", kind, "path"]);
      return { problems: wrong(task, survey, of, [{ line, column, message }]) };
    },
  };
}
