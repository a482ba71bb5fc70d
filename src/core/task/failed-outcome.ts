import { withoutCredentials } from "../text/credentials.ts";
import { plainLine } from "../text/quote.ts";
import type { Failure } from "./failure.ts";
import type { FailedOutcome } from "./outcome.ts";

/** What somebody else's answer may take in the log and the database. */
const MAX_MESSAGE = 1_000;

/** Somebody else's words on one line, without credentials, and not too long. */
export function safeLine(text: string, max = MAX_MESSAGE): string {
  // Cut last: a credential that is cut is no longer recognized.
  return plainLine(withoutCredentials(text).text, max);
}

/**
 * What a task keeps of a failure.
 *
 * @param watchUntil until when a late agent is waited for behind it; null for a failure that is final
 */
export function failedOutcome(failure: Failure, watchUntil: string | null = null): FailedOutcome {
  const { code, cause = null, status, passesAt = null } = failure;
  const message = safeLine(failure.message);
  const hasStatus = status === undefined || message.startsWith(`${status}`);
  const detail = hasStatus ? message : `HTTP ${status}: ${message}`;
  return { type: "failed", code, cause, passesAt, detail, watchUntil };
}
