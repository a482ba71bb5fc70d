import { safeLine } from "./failed-outcome.ts";
import type { Failure } from "./failure.ts";

const MAX_REASON = 100;

/** What the log says of a failure: others' words on one line, without credentials. */
export function loggedOf(failure: Failure) {
  const { code, cause, status } = failure;
  const reason = failure.reason === undefined ? undefined : safeLine(failure.reason, MAX_REASON);
  return { code, cause, status, reason, message: safeLine(failure.message) };
}
