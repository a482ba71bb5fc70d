import type { GitHubTroubleType } from "../github/trouble.ts";
import type { PermissionCause } from "../github/ungranted-permission.ts";
import type { LimitName } from "../isolation/limits.ts";
import type { IsolationTroubleName } from "../isolation/unavailable.ts";

/** Every way in which an allowed task can fail to start. */
export const FAILURE_CODES = [
  "policy_blocked",
  "not_entitled",
  "quota_exceeded",
  "bad_credentials",
  "sso_required",
  "content_excluded",
  "model_not_available",
  "rate_limited",
  "start_timed_out",
  "prompt_not_delivered",
  "share_refused",
  "runtime_unsupported",
  "runtime_crashed",
  "isolation_unavailable",
  "limit_exceeded",
  "checkout_failed",
  "repository_not_found",
  "app_not_permitted",
  "mission_control_unreachable",
  "github_unreachable",
  "github_refused",
  "ip_not_allowed",
  "interrupted",
  "unknown",
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** What exactly a code stands for, where that decides who can change it, and where. */
export type FailureCause =
  /** `policy_blocked`: Copilot cloud agent isn't enabled for the repository. */
  | "repository"
  /** `policy_blocked`: no model is allowed. */
  | "model"
  /** `policy_blocked`: cloud sandboxes are off. */
  | "sandbox"
  /** `policy_blocked`: sessions may not be seen or controlled from GitHub. */
  | "remote_control"
  /** `quota_exceeded`: the spending limit is reached, or a payment failed. */
  | "budget"
  /** `quota_exceeded`: the limit of one session. */
  | "session_limit"
  /** `not_entitled`: the account has several licenses and none is selected. */
  | "license_choice"
  /** `bad_credentials`: the token lacks the permission. */
  | "permission"
  /** `bad_credentials`: the organization doesn't let in tokens of this kind or App. */
  | "token_policy"
  /** `prompt_not_delivered`: the requester has disconnected their Copilot. */
  | "disconnected"
  /** `share_refused`: local sessions may not be seen and controlled on GitHub. */
  | "share_policy"
  /** `share_refused`: the account's token isn't accepted. */
  | "share_account"
  /** `share_refused`: the session's repository isn't known to GitHub. */
  | "share_repository"
  /** `app_not_permitted`: a permission, and who has to grant it. */
  | PermissionCause
  /** `isolation_unavailable`: what its machine lacks. */
  | IsolationTroubleName
  /** `limit_exceeded`: the limit for which the session was ended. */
  | LimitName
  /** `repository_not_found`: the account sees the repository and may not write to it. */
  | "write";

export interface Failure {
  readonly code: FailureCode;
  readonly cause?: FailureCause;
  /** What was answered, for the log and (cleaned) for the user. */
  readonly message: string;
  /** The HTTP status of the answer, where it's known. */
  readonly status?: number;
  /** The word by which the answer names its reason, where the bot doesn't know it. */
  readonly reason?: string;
  /** When it passes by itself, where that's known; ISO 8601. */
  readonly passesAt?: string;
  /** The id of the Mission Control task, when a failure names one: it exists and may be at work. */
  readonly sessionId?: string;
  /** How long the other side asked to be left alone, in seconds. */
  readonly retryAfterSeconds?: number;
  /** True only when it is certain that no session was created. */
  readonly nothingCreated: boolean;
}

/** The most often that the bot tries again by itself. */
export const MAX_RETRIES = 3;
const RETRIED: ReadonlySet<FailureCode> = new Set([
  "rate_limited",
  "runtime_crashed",
  "checkout_failed",
  "mission_control_unreachable",
]);

/**
 * How many milliseconds to wait before the bot tries again by itself, or null when it must not: the
 * failure doesn't pass by itself, a session may have been created, or it was tried often enough.
 *
 * @param chance from 0 to 1, for the jitter
 * @param firstDelayMs before the first retry; doubled with each
 */
export function retryDelayMs(
  failure: Failure,
  retries: number,
  chance: number,
  firstDelayMs: number,
): number | null {
  const { code, nothingCreated, retryAfterSeconds = 0 } = failure;
  if (!RETRIED.has(code) || !nothingCreated || retries >= MAX_RETRIES) return null;
  return Math.max(retryAfterSeconds * 1000, firstDelayMs * 2 ** retries * (1 + chance));
}

/** The name of a task's failure when GitHub refused for as long as the bot tries. */
export function failureOfTrouble(type: GitHubTroubleType): FailureCode {
  if (type === "not_permitted") return "app_not_permitted";
  if (type === "unreachable" || type === "ip_not_allowed") {
    return type === "unreachable" ? "github_unreachable" : type;
  }
  return "github_refused";
}
