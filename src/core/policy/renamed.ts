import { inlineCode } from "../text/quote.ts";
import type { FileOwner } from "./sources.ts";
import type { Path, Position, Problem, YamlFile } from "./yaml.ts";
import { pathKey } from "./yaml.ts";

/** A key that has another name now. Policy files may still use the old one. */
export interface RenamedKey {
  /** The section that it's in. */
  readonly within: readonly string[];
  readonly old: string;
  readonly now: string;
}

/** Every key with an old spelling. */
export const RENAMED_KEYS: readonly RenamedKey[] = [
  { within: ["limits"], old: "organisation", now: "organization" },
];

/** Where a file uses an old spelling. */
export interface Deprecation extends Position {
  readonly renamed: RenamedKey;
}

interface Renamed {
  /** With today's keys only. */
  readonly file: YamlFile;
  readonly deprecations: readonly Deprecation[];
  /** Keys that are there in both spellings. */
  readonly problems: readonly Problem[];
}

/** A file as if it had been written with today's keys. */
export function withTodaysKeys(file: YamlFile): Renamed {
  let today = file;
  const deprecations: Deprecation[] = [];
  const problems: Problem[] = [];
  for (const renamed of RENAMED_KEYS) {
    const { within, old, now } = renamed;
    const place = file.places.get(pathKey([...within, old]));
    if (place === undefined) continue;
    if (file.places.has(pathKey([...within, now]))) {
      const message = `${dotted(renamed, old)} is the old spelling of ${dotted(renamed, now)}, which is there too: remove one of them`;
      problems.push({ ...place.key, message });
      continue;
    }
    today = rename(today, renamed);
    deprecations.push({ ...place.key, renamed });
  }
  return { file: today, deprecations, problems };
}

function rename(file: YamlFile, { within, old, now }: RenamedKey): YamlFile {
  const replace = (path: Path, from: string, to: string): Path =>
    [...within, from].every((key, index) => path[index] === key)
      ? [...within, to, ...path.slice(within.length + 1)]
      : path;
  const today = (key: string) => pathKey(replace(JSON.parse(key), old, now));
  return {
    ...file,
    data: renamedIn(file.data, within, old, now),
    places: new Map([...file.places].map(([key, place]) => [today(key), place])),
    unread: new Set([...file.unread].map(today)),
    within: (path, inside) => file.within(replace(path, now, old), inside),
  };
}

function renamedIn(data: unknown, within: readonly string[], old: string, now: string): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const [section, ...deeper] = within;
  const entries = Object.entries(data).map(([key, value]: [string, unknown]) => {
    if (section === undefined) return [key === old ? now : key, value] as const;
    return [key, key === section ? renamedIn(value, deeper, old, now) : value] as const;
  });
  return Object.fromEntries(entries);
}

/** What to say about an old spelling. Markdown. */
export function sentenceOn({ renamed, line }: Deprecation, of: FileOwner): string {
  return `Line ${line} of the ${of}'s file uses ${dotted(renamed, renamed.old)}, an old spelling of ${dotted(renamed, renamed.now)}. It still works, but use the new one.`;
}

function dotted({ within }: RenamedKey, key: string): string {
  return inlineCode([...within, key].join("."));
}
