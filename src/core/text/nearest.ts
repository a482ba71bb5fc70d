import leven from "leven";

/** The word that somebody may have meant: at most a third of its letters differ; null when none is near. */
export function nearestWord(written: string, words: Iterable<string>): string | null {
  const [nearest] = [...words]
    .map((word) => ({ word, distance: leven(written, word) }))
    .filter(({ word, distance }) => distance <= Math.ceil(word.length / 3))
    .toSorted((one, other) => one.distance - other.distance);
  return nearest?.word ?? null;
}
