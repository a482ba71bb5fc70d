import type { Failure } from "./failure.ts";
import type { LimitName } from "../isolation/limits.ts";
import type { IsolationTrouble } from "../isolation/unavailable.ts";

/** Of a session that isn't started, because nothing would isolate it. */
export function failureOfIsolation({ name, found }: IsolationTrouble): Failure {
  return { code: "isolation_unavailable", cause: name, message: found, nothingCreated: true };
}

/** Of a session that was ended for a limit. */
export function failureOfLimit(limit: LimitName): Failure {
  const message = `The session exceeded its limit: ${limit}`;
  return { code: "limit_exceeded", cause: limit, message, nothingCreated: false };
}
