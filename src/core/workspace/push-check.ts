import { withoutCredentials } from "../text/credentials.ts";

/** Why commits of an agent aren't pushed. */
export const PUSH_STOPS = [
  /** The agent has committed nothing. */
  "nothing_committed",
  /** What it has committed can't be read, or isn't sound. */
  "unreadable",
  /** The commits don't come after the one that the task began with. */
  "not_based_on_start",
  /** More than the bot examines. */
  "too_large",
  /** Workflows and actions run with the repository's secrets. */
  "workflow_changes",
  /** Something in one of the commits looks like a credential. */
  "credentials",
  /** A file in Git LFS is changed or added, and its content isn't on GitHub. */
  "lfs_changes",
  /** A submodule is changed or added, and its commit isn't on GitHub. */
  "submodule_changes",
  /** The branch has commits that aren't the agent's. */
  "foreign_commits",
] as const;

export type PushStop = (typeof PUSH_STOPS)[number];

/** Directories whose files GitHub runs. On some file systems, case doesn't matter. */
const RUN_BY_GITHUB = /^\.github\/(?:workflows|actions)(?:\/|$)/iu;

/** What would be pushed, of all commits: what's taken out again later is pushed, too. */
export interface CommitsToPush {
  /** Each file and directory that one of them changes. */
  readonly paths: readonly string[];
  /** Themselves, as they are: their authors and messages, and whatever else is in there. */
  readonly commits: string;
  /** Their patches. */
  readonly changes: string;
}

/** What stops a push because of the files that are changed; null when nothing does. */
export function pathStop({ paths }: Pick<CommitsToPush, "paths">): PushStop | null {
  // Git writes a new line before the first path of some commits.
  const named = paths.map((path) => path.replace(/^\n+/u, ""));
  return named.some((path) => RUN_BY_GITHUB.test(path)) ? "workflow_changes" : null;
}

/** What stops a push because of a piece of its text, as `piecesToExamine` yields them; null when nothing does. */
export function pieceStop(piece: string): PushStop | null {
  return withoutCredentials(piece).removed.credential === undefined ? null : "credentials";
}

/** Characters in a piece, about: a few milliseconds' work. */
const PIECE = 2 ** 16;
/** Characters that two pieces of one line share. What's recognized as a credential is shorter, or begins with what is. */
const OVERLAP = 2 ** 12;

/**
 * The text of commits that is new, in pieces, so that other work can be done in between. Pieces end where lines end: no
 * credential goes over two lines, except for private keys, whose first line is enough. Pieces of one line overlap.
 */
export function* piecesToExamine(text: CommitsToPush): Generator<string> {
  let piece = "";
  for (const line of newLines(text)) {
    for (let from = 0; from === 0 || from + OVERLAP < line.length; from += PIECE - OVERLAP) {
      piece += `${line.slice(from, from + PIECE)}\n`;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

function* newLines({ commits, paths, changes }: CommitsToPush): Generator<string> {
  // In UTF-16, there's a zero between two letters.
  for (const line of linesOf(commits)) yield line.replaceAll("\0", "");
  // A directory may be empty, so that no change shows its name.
  yield* paths;
  for (const line of linesOf(changes)) {
    if (!line.startsWith("-")) yield line.replace(/^\+/u, "").replaceAll("\0", "");
  }
}

function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const to = end === -1 ? text.length : end;
    yield text.slice(from, to);
    from = to + 1;
  }
}
