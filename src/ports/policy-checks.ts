import type { PolicyText } from "../core/policy/examine.ts";
import type { PolicyCheckRun } from "../core/comment/policy-check.ts";
import type { PullRequestPush } from "../core/webhook/pull-request-push.ts";

/** A pull request whose policy file is to be checked: one for each head commit. */
export interface PolicyCheck extends PullRequestPush {
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** How often somebody has taken it, this time included. */
  readonly attempt: number;
}

/** What came of a check. `unchanged`: the pull request doesn't change the file, so it has no check run. */
export type PolicyCheckResult = "written" | "unchanged" | "superseded" | "refused" | "given_up";

/** The checks, durable. Whatever is written of a check that somebody else has taken meanwhile changes nothing. */
export interface PolicyChecks {
  /** Keeps a check; nothing happens where the commit has its check run, or one that isn't settled yet. */
  insert(push: PullRequestPush): Promise<void>;
  /** Takes the next check that is due, so that nobody else takes it for a while; null when there is none. */
  take(): Promise<PolicyCheck | null>;
  /** Records that the check run is about to be created; false where somebody else has taken the check. */
  intend(check: PolicyCheck): Promise<boolean>;
  /** Records what came of it. */
  settle(check: PolicyCheck, result: PolicyCheckResult, checkRunId: number | null): Promise<void>;
  /** Gives it back until then. */
  postpone(check: PolicyCheck, until: Date): Promise<void>;
  /** Deletes settled checks of before; gives their number. */
  prune(before: Date): Promise<number>;
}

/** What a pull request does to the policy file; null for a file that isn't there. */
export interface PolicyChange {
  readonly headCommit: string;
  readonly isChanged: boolean;
  readonly before: PolicyText | null;
  readonly after: PolicyText | null;
  /**
   * The organization's file, on the default branch of its `.github` repository; hidden where fewer people see that than
   * see the pull request.
   */
  readonly organization: PolicyText | "hidden" | null;
}

/** Reads and shows policy checks on GitHub. Every method rejects when GitHub doesn't do as asked. */
export interface PolicyCheckRuns {
  /**
   * One query, and one more for each further 100 changed files where the file may be among them; two requests more where
   * the list doesn't show what became of it.
   */
  policyChange(push: PullRequestPush): Promise<PolicyChange>;
  /** The id of the check run that the commit has already; null when it has none. */
  findPolicyCheckRun(push: PullRequestPush): Promise<number | null>;
  /** The id of the new check run. Not repeated by itself: a lost answer may hide it. */
  createPolicyCheckRun(push: PullRequestPush, run: PolicyCheckRun): Promise<number>;
}
