import leven from "leven";
import { isSet } from "./renamed.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Shorter names are near to other programs' (`GH_HOST`, `DATADIR`). */
const SHORTEST = 8;
/** From this length on, two letters may be wrong. */
const LONG = 12;

/**
 * Variables that nobody reads, and whose names differ from one of ours by a letter or two: a sentence each. What they
 * were set for would have no effect, and nobody would know.
 */
export function misspelledVariables(
  variables: Variables,
  known: ReadonlySet<string>,
): readonly string[] {
  return Object.keys(variables)
    .filter((name) => isSet(variables[name]) && !known.has(name))
    .flatMap((name) => {
      const meant = nearestTo(name, known);
      return meant === null ? [] : [`${name} is no setting. Did you mean ${meant}?`];
    });
}

function nearestTo(name: string, known: ReadonlySet<string>): string | null {
  if (name.length < SHORTEST || !/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/u.test(name)) return null;
  const most = name.length < LONG ? 1 : 2;
  const near = [...known]
    .map((one) => ({ one, distance: leven(name, one) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.one ?? null;
}
