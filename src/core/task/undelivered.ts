import type { GitHubTroubleType } from "../github/trouble.ts";

/** Tasks that wait for GitHub to grant what it refuses: comments above all. */
export interface Undelivered {
  readonly count: number;
  /** The one that has waited for longest; null where none waits. */
  readonly oldest: {
    /** ISO 8601 in UTC. */
    readonly since: string;
    readonly type: GitHubTroubleType;
    /** GitHub's words, in one line. */
    readonly message: string;
  } | null;
}
