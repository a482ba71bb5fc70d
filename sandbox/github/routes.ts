import type { RepositoryName, Subject } from "./shapes.ts";

/** Parts of a path under `/repos/{owner}/{repo}`. */
export interface Place extends Subject {
  /** The named groups of the pattern, decoded. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A pattern for paths under `/repos/{owner}/{repo}`; the rest may name groups, `number` among them. */
export function underRepository(rest: string): RegExp {
  return new RegExp(String.raw`^/repos/(?<owner>[^/]+)/(?<repo>[^/]+)${rest}$`);
}

/** What the pattern finds in the path; `number` is 0 when the pattern has none. */
export function locate(pattern: RegExp, path: string): Place | undefined {
  const groups = pattern.exec(path)?.groups;
  if (groups === undefined) return undefined;
  const parts: Record<string, string> = {};
  // A group that took no part in the match is undefined.
  for (const [name, part] of Object.entries<string | undefined>(groups)) {
    if (part !== undefined) parts[name] = decode(part);
  }
  const { owner = "", repo = "", number = "0" } = parts;
  return { owner, repo, number: Number(number), parts };
}

/** The repository that the path is about. */
export function repositoryOf(path: string): RepositoryName | undefined {
  return locate(underRepository("(?:/.*)?"), path);
}

/** The API path of a repository. */
export function repositoryPath({ owner, repo }: RepositoryName): string {
  return `/repos/${owner}/${repo}`;
}

/** The issue or pull request that an API URL names. */
export function subjectOf(url: string): Subject | undefined {
  const place = /\/repos\/(?<owner>[^/]+)\/(?<repo>[^/]+)\/(?:issues|pulls)\/(?<number>\d+)$/;
  const { owner, repo, number } = place.exec(url)?.groups ?? {};
  if (owner === undefined || repo === undefined) return undefined;
  return { owner, repo, number: Number(number) };
}

/** A path or a part of one, with its escapes undone. */
export function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
