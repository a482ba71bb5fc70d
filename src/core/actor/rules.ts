import type { GitHubHosts } from "../github/hosts.ts";
import type { Task } from "../task/task.ts";

/** What an actor goes by; the same for all sessions. */
export interface ActorRules {
  readonly timeouts: ActorTimeouts;
  /** Of the GitHub that sessions are on. */
  readonly hosts: Pick<GitHubHosts, "sessions">;
  /**
   * When there is something to write to GitHub about a task, in milliseconds since the epoch; infinite when there is
   * nothing. The same for the same task.
   */
  readonly dueAt: (task: Task) => number;
  /** SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
}

/** How long is waited for what, each in milliseconds. */
export interface ActorTimeouts {
  /** For the session to open, before the comment says that it's starting. */
  readonly startingNoticeMs: number;
  /** For the prompt to arrive, before the comment says that it is not there yet. */
  readonly promptNoticeMs: number;
  /** For the session to report its link, before the documented one is posted. */
  readonly linkGraceMs: number;
  /** For the session to report its link after the documented one was posted. */
  readonly linkWatchMs: number;
  /** For following a session, from its link on; 0 follows none. */
  readonly followMs: number;
  /** For a session that is idle, before the bot stops following it. */
  readonly idleMs: number;
  /** Between two edits of one comment while its session is followed. */
  readonly editEveryMs: number;
}

/** What is so at the moment. */
export interface Moment {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** How many sessions are followed: the more, the rarer each comment is edited. */
  readonly followed: number;
}
