import type { FileOwner, Sources } from "./sources.ts";

/**
 * Whose files say a setting, or parts of it, with effect: there it can be changed. None where it's built in.
 *
 * @param setting as its source is called, e.g. `limits.at_once`, or the beginning of that, e.g. `permissions`
 */
export function saidBy(setting: string, sources: Sources): readonly FileOwner[] {
  const from = new Set(
    sources
      .entries()
      .filter(([name]) => name === setting || name.startsWith(`${setting}.`))
      .flatMap(([, source]) => {
        if (source.from === "built in") return [];
        return source.from === "organization and repository"
          ? (["repository", "organization"] as const)
          : [source.from];
      }),
  );
  return (["repository", "organization"] as const).filter((of) => from.has(of));
}
