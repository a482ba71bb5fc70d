import type { Task, ThreadKey } from "../core/task/task.ts";

/** Who approves a commit, and through which installation. */
export type Approver = Pick<Task, "requester" | "place">;

/** Which commits of forks maintainers have let Copilot work on. */
export interface Approvals {
  isApproved(pull: ThreadKey, commit: string): Promise<boolean>;
  /** Repeating it is harmless. */
  approve(pull: ThreadKey, commit: string, by: Approver): Promise<void>;
  /**
   * The commit that the bot last asked an approval of, in this pull request; null if it never did, or asked about
   * several lately.
   */
  askedAbout(pull: ThreadKey): Promise<string | null>;
}
