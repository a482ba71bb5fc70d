import { withoutCredentials } from "../text/credentials.ts";

/** Why commits of an agent aren't pushed. */
export type PushStop =
  /** The agent has committed nothing. */
  | "nothing_committed"
  /** What it has committed can't be read, or isn't sound. */
  | "unreadable"
  /** The commits don't come after the one that the task began with. */
  | "not_based_on_start"
  /** More than the bot examines. */
  | "too_large"
  /** Workflows and actions run with the repository's secrets. */
  | "workflow_changes"
  /** Something in one of the commits looks like a credential. */
  | "credentials"
  /** The branch has commits that aren't the agent's. */
  | "foreign_commits";

/** Directories whose files GitHub runs. On some file systems, case doesn't matter. */
const RUN_BY_GITHUB = /^\.github\/(?:workflows|actions)(?:\/|$)/iu;

/** What would be pushed, of all commits: what's taken out again later is pushed, too. */
export interface CommitsToPush {
  /** Each file that one of them changes. */
  readonly paths: readonly string[];
  /** Their messages and authors. */
  readonly messages: string;
  /** Their patches. */
  readonly changes: string;
}

/** What stops a push; null when nothing does. */
export function pushStop({ paths, messages, changes }: CommitsToPush): PushStop | null {
  // Git writes a new line before the first path of some commits.
  const named = paths.map((path) => path.replace(/^\n+/u, ""));
  if (named.some((path) => RUN_BY_GITHUB.test(path))) return "workflow_changes";
  const added = changes
    .split("\n")
    .filter((line) => !line.startsWith("-"))
    .map((line) => line.replace(/^\+/u, ""));
  // In UTF-16, there's a zero between two letters.
  const text = [messages, ...added].join("\n").replaceAll("\0", "");
  return withoutCredentials(text).removed.credential === undefined ? null : "credentials";
}
