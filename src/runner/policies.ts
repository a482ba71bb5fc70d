import { BUILT_IN_PROMPTS } from "../core/built-in-prompts.ts";
import { describeProblems } from "../core/policy/describe.ts";
import type { FileOwner, Policy, Sources } from "../core/policy/policy.ts";
import { mergePolicies } from "../core/policy/policy.ts";
import type { PolicyFile, Problem } from "../core/policy/read.ts";
import { readPolicyFile } from "../core/policy/read.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import type { PolicyVersion, Survey } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import type { GitHub } from "./ports.ts";

/** The policy in force, or what is wrong with it: Markdown. */
export type Reading =
  | { readonly policy: Policy; readonly sources: Sources }
  | { readonly problems: string };

/** What the policy files say. */
export interface Policies {
  read(task: Task, survey: Survey): Reading;
  /** The prompt template of a kind. */
  templateOf(task: Task, survey: Survey, policy: Policy, kind: string): Promise<Template>;
}

export type Template = { readonly template: string } | { readonly problems: string };

/** Files and templates of so many versions are kept. */
const MOST_KEPT = 500;

/** Policies of files on a GitHub with this origin; each version of a file is read once. */
export function createPolicies(github: Pick<GitHub, "text">, origin: string): Policies {
  const files = createMemory<FileReading>();
  const texts = createMemory<string | null>();

  function fileOf(version: PolicyVersion | null, of: FileOwner): FileReading {
    if (version === null || version.file === null) return { file: null };
    const { blob, text } = version.file;
    return files.recall(`${of}:${blob}`, () =>
      text === null ? { problems: [NO_TEXT] } : readPolicyFile(text, of),
    );
  }

  return {
    read(task, survey) {
      const repository = fileOf(survey.policy.repository, "repository");
      const organisation = fileOf(survey.policy.organisation, "organisation");
      const wrong = (of: FileOwner, problems: readonly Problem[]) =>
        describeProblems(problems, of, fileUrl(task, survey, of, origin));
      if ("problems" in repository || "problems" in organisation) {
        const both = [
          "problems" in organisation ? wrong("organisation", organisation.problems) : "",
          "problems" in repository ? wrong("repository", repository.problems) : "",
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
          .map(([of, problems]) => wrong(of === "repository" ? of : "organisation", problems))
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
      const message = `\`prompts.${kind}\`: there is no text file \`${path}\` on the default branch.`;
      const problem = { line: 1, column: 1, message };
      return {
        problems: describeProblems([problem], of, fileUrl(task, survey, of, origin)),
      };
    },
  };
}

type FileReading = { readonly file: PolicyFile | null } | { readonly problems: readonly Problem[] };

const NO_TEXT = { line: 1, column: 1, message: "The file is not a text, or far too large." };

function fileUrl(task: Task, { policy }: Survey, of: FileOwner, origin: string): string {
  const repository = of === "repository" ? task.repository : ".github";
  return `${origin}/${task.owner}/${repository}/blob/${policy[of]?.commit ?? "HEAD"}/${POLICY_PATH}`;
}

interface Memory<Value> {
  has(key: string): boolean;
  /** What is known under the key, or what is found out now. */
  recall(key: string, find: () => Value): Value;
}

/** Remembers the values that were asked for last. */
function createMemory<Value>(): Memory<Value> {
  const known = new Map<string, { readonly value: Value }>();
  return {
    has: (key) => known.has(key),
    recall(key, find) {
      const entry = known.get(key) ?? { value: find() };
      known.delete(key);
      known.set(key, entry);
      const [oldest] = known.keys();
      if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
      return entry.value;
    },
  };
}
