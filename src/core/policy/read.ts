import { problemsOf, nameOf } from "./issues.ts";
import type { PolicySettings } from "./schema.ts";
import { LONGEST_POLICY, policySchema } from "./schema.ts";
import type { FileOwner } from "./sources.ts";
import { checkTemplate } from "./template.ts";
import { grouped } from "./values.ts";
import type { Place, Problem, YamlFile } from "./yaml.ts";
import { listed, pathKey, readYaml } from "./yaml.ts";

export type { Path, Place, Position, Problem } from "./yaml.ts";
export { pathKey } from "./yaml.ts";

/** A policy file in which nothing is wrong by itself. */
export interface PolicyFile {
  readonly settings: PolicySettings;
  /** Where each setting is, by its keys as JSON, e.g. `["labels","copilot:fix"]`. */
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Reads a policy file. An empty one has no keys, and nothing is wrong with it.
 *
 * @returns the file, or all its problems in the order of the text; after fifty, one that tells how
 * many more there are
 */
export function readPolicyFile(
  text: string,
  of: FileOwner,
): { readonly file: PolicyFile } | { readonly problems: readonly Problem[] } {
  if (text.length > LONGEST_POLICY) {
    const message = `the file has more than ${grouped(LONGEST_POLICY)} characters`;
    return { problems: [{ line: 1, column: 1, message }] };
  }
  const yaml = readYaml(text.replace(/^\uFEFF/u, ""));
  if ("problems" in yaml) return { problems: listed(yaml.problems) };
  const { data, places } = yaml.file;
  const result = policySchema.safeParse(data ?? {});
  const problems = [
    ...yaml.file.problems,
    ...problemsOf(result.error?.issues ?? [], yaml.file),
    ...(of === "repository" ? enforcedElsewhere(yaml.file) : []),
    ...sameLabels(yaml.file),
    ...brokenTemplates(yaml.file),
  ];
  if (result.success && problems.length === 0) return { file: { settings: result.data, places } };
  return { problems: listed(problems) };
}

function enforcedElsewhere({ places }: YamlFile): Problem[] {
  const place = places.get(pathKey(["enforced"]));
  if (place === undefined) return [];
  const message =
    "`enforced` has a meaning only in the organisation's file: a repository cannot enforce anything";
  return [{ ...place.key, message }];
}

/** GitHub does not tell labels apart by case. */
function sameLabels(file: YamlFile): Problem[] {
  const seen = new Map<string, string>();
  return entriesOf(file.data, "labels").flatMap(([label]) => {
    const first = seen.get(label.toLowerCase());
    seen.set(label.toLowerCase(), first ?? label);
    const place = file.places.get(pathKey(["labels", label]));
    if (first === undefined || place === undefined) return [];
    const message = `${nameOf([label])} is the same label as ${nameOf([first])}: on GitHub case does not count`;
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
        message: `the template ${nameOf(path)}: ${message}`,
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
