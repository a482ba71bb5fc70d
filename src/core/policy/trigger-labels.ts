import { labelDescription } from "./label-descriptions.ts";
import type { Policy } from "./policy.ts";

/** A label that starts tasks, and that a repository may lack. */
export interface TriggerLabel {
  /** In small letters. */
  readonly name: string;
  /** Up to 100 characters. */
  readonly description: string;
  /** Whether the repository has it, in whatever capitals. */
  readonly exists: boolean;
}

/** The labels that start tasks. @param names of the repository's labels */
export function triggerLabels(
  { labels }: Pick<Policy, "labels">,
  names: readonly string[],
): readonly TriggerLabel[] {
  const there = new Set(names.map((name) => name.toLowerCase()));
  return [...labels].map(([name, kind]) => {
    return { name, description: labelDescription(kind), exists: there.has(name) };
  });
}
