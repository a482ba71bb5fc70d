/**
 * What GitHub's refusal of a request of the App's means:
 *
 * - `gone`: 404 or 410. What was asked for isn't there, isn't there yet, or isn't there for this App.
 * - `moved`: it's somewhere else.
 * - `suspended`: an administrator has suspended the installation.
 * - `archived`: the repository is read-only.
 * - `locked`: the conversation is locked.
 * - `not_permitted`: the App isn't installed on the repository, which everybody may read, or lacks a permission.
 * - `ip_not_allowed`: the owner's IP allow list doesn't have the bot's address.
 * - `unauthorized`: 401, with a new token too.
 * - `forbidden`: 403, for a reason that GitHub doesn't name in a way the bot knows.
 * - `spam`: GitHub takes what was written for spam.
 * - `conflict`: 409.
 * - `unreachable`: no answer, an answer that was cut off, 5xx, or a limit.
 * - `refused`: asking again changes nothing: the request itself is wrong.
 */
export type GitHubTroubleType =
  | "gone"
  | "moved"
  | "suspended"
  | "archived"
  | "locked"
  | "not_permitted"
  | "ip_not_allowed"
  | "unauthorized"
  | "forbidden"
  | "spam"
  | "conflict"
  | "unreachable"
  | "refused";

/** What GitHub answered when it did not do what was asked. */
export interface GitHubTrouble {
  readonly type: GitHubTroubleType;
  /** GitHub's own words, as they came. */
  readonly message: string;
  /** How long GitHub wants to be left alone. */
  readonly retryAfterSeconds?: number;
}

const PASSING: ReadonlySet<GitHubTroubleType> = new Set<GitHubTroubleType>([
  "unreachable",
  "unauthorized",
  "ip_not_allowed",
  "suspended",
  "conflict",
]);

/**
 * Whether trouble passes by itself, or is set right by somebody who then needs to do nothing else.
 *
 * @param trouble null for what isn't GitHub's doing
 */
export function passes(trouble: GitHubTrouble | null): boolean {
  return trouble === null || PASSING.has(trouble.type);
}

/** What isn't GitHub's doing is tried again as if it were. */
export const NOT_GITHUBS: GitHubTrouble = { type: "unreachable", message: "" };

/** The longest pause between two tries, in milliseconds; GitHub may ask for a longer one. */
export const MAX_PAUSE_MS = 900_000;

/**
 * How many milliseconds to wait before GitHub is asked again. Pauses double, and no two tasks that were
 * refused together ask together.
 *
 * @param refusals how often it has refused already, this time included
 * @param chance from 0 to 1
 */
export function pauseAfter(
  { retryAfterSeconds = 0 }: GitHubTrouble,
  refusals: number,
  chance: number,
  firstPauseMs: number,
): number {
  const doubled = firstPauseMs * 2 ** Math.min(refusals - 1, 30);
  const pause = Math.max(Math.min(doubled, MAX_PAUSE_MS), retryAfterSeconds * 1_000);
  return Math.round(pause + (chance * Math.min(doubled, MAX_PAUSE_MS)) / 2);
}
