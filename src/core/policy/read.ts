import { problemsOf, keyName } from "./issues.ts";
import type { Deprecation } from "./renamed.ts";
import { withTodaysKeys } from "./renamed.ts";
import type { PolicySettings } from "./schema.ts";
import { MAX_POLICY, policySchema } from "./schema.ts";
import type { FileOwner } from "./sources.ts";
import { checkTemplate } from "./template.ts";
import { grouped } from "./values.ts";
import type { FieldPlace, Problem, YamlFile } from "./yaml.ts";
import { listed, pathKey, readYaml } from "./yaml.ts";

export type { Path, FieldPlace, Position, Problem } from "./yaml.ts";
export { pathKey } from "./yaml.ts";

/** A policy file in which nothing is wrong by itself. */
export interface PolicyFile {
  readonly settings: PolicySettings;
  /** Where each setting is, by its keys as JSON, e.g. `["labels","copilot:fix"]`. */
  readonly places: ReadonlyMap<string, FieldPlace>;
  /** Where it uses old spellings of keys. */
  readonly deprecations: readonly Deprecation[];
}

/** What is wrong with a file that can't be read. */
export const NO_TEXT: Problem = {
  line: 1,
  column: 1,
  message: "The file is not a text, or far too large.",
};

/** A policy file that was read, or all that is wrong with it. */
export type PolicyFileReading =
  | { readonly type: "file"; readonly file: PolicyFile }
  | { readonly type: "problems"; readonly problems: readonly Problem[] };

/**
 * Reads a policy file. An empty one has no keys, and nothing is wrong with it.
 *
 * @returns the file, or all its problems in the order of the text; after fifty, one that says how
 * many more there are
 */
export function readPolicyFile(text: string, of: FileOwner): PolicyFileReading {
  if (text.length > MAX_POLICY) {
    const message = `the file has more than ${grouped(MAX_POLICY)} characters`;
    return { type: "problems", problems: [{ line: 1, column: 1, message }] };
  }
  const yaml = readYaml(text.replace(/^\uFEFF/u, ""));
  if (yaml.type === "problems") return { type: "problems", problems: listed(yaml.problems) };
  const { file, deprecations, problems: doubled } = withTodaysKeys(yaml.file);
  if (doubled.length > 0)
    return { type: "problems", problems: listed([...file.problems, ...doubled]) };
  const result = policySchema.safeParse(file.data ?? {});
  const problems = [
    ...file.problems,
    ...problemsOf(result.error?.issues ?? [], file),
    ...(of === "repository" ? enforcedElsewhere(file) : []),
    ...sameLabels(file),
    ...brokenTemplates(file),
  ];
  if (result.success && problems.length === 0) {
    return { type: "file", file: { settings: result.data, places: file.places, deprecations } };
  }
  return { type: "problems", problems: listed(problems) };
}

function enforcedElsewhere({ places }: YamlFile): Problem[] {
  const place = places.get(pathKey(["enforced"]));
  if (place === undefined) return [];
  const message =
    "`enforced` works only in the organization's file: a repository can't enforce anything";
  return [{ ...place.key, message }];
}

/** GitHub ignores the case of labels. */
function sameLabels(file: YamlFile): Problem[] {
  const seen = new Map<string, string>();
  return entriesOf(file.data, "labels").flatMap(([label]) => {
    const first = seen.get(label.toLowerCase());
    seen.set(label.toLowerCase(), first ?? label);
    const place = file.places.get(pathKey(["labels", label]));
    if (first === undefined || place === undefined) return [];
    const message = `${keyName([label])} is the same label as ${keyName([first])}: GitHub ignores case`;
    return [{ ...place.key, message }];
  });
}

function brokenTemplates(file: YamlFile): Problem[] {
  return entriesOf(file.data, "prompts").flatMap(([kind, template]) => {
    if (typeof template !== "string") return [];
    const path = ["prompts", kind];
    const start = file.places.get(pathKey(path))?.value ?? { line: 1, column: 1 };
    return checkTemplate(template).map(({ line, column, message }): Problem => {
      const position = file.within(path, { line, column }) ?? start;
      const { line: fileLine, column: fileColumn } = position;
      return {
        line: fileLine,
        column: fileColumn,
        message: `template ${keyName(path)}: ${message}`,
      };
    });
  });
}

/** The entries of a section, whatever is wrong elsewhere. */
function entriesOf(data: unknown, section: string): [string, unknown][] {
  const found: unknown = Object.entries(Object(data)).find(([key]) => key === section)?.[1];
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? Object.entries(found)
    : [];
}
