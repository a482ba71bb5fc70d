import type { Failure, FailureCause } from "../task/failure.ts";

/** How a runtime said, or didn't say, why a local session isn't on GitHub. */
export interface UnsharedSession {
  /** The warning of the session, or else the error of the call; empty where there's neither. */
  readonly said: string;
  /** What GitHub says of the account that owns the session; null where it didn't answer. */
  readonly account: {
    readonly status: number;
    readonly account: {
      readonly canBeSeen: boolean | null;
      readonly canBeControlled: boolean | null;
    } | null;
  } | null;
}

/** What a runtime says for any answer that isn't 403, and for none (1.0.80 and 1.0.102). */
const NOT_REACHED = /server not accessible|timed out/iu;

/**
 * Why a session couldn't be shared. The runtime doesn't say which policy it is, and up to 1.0.80 nothing at all: so
 * the account is looked at, too.
 */
export function shareFailure({ said, account }: UnsharedSession): Failure {
  const message = said === "" ? "the session got no link" : said;
  const cause = causeOf({ said, account });
  if (cause === null && NOT_REACHED.test(said)) {
    return { code: "mission_control_unreachable", message, nothingCreated: false };
  }
  const because = cause === null ? {} : { cause };
  return { code: "share_refused", message, nothingCreated: true, ...because };
}

function causeOf({ said, account }: UnsharedSession): FailureCause | null {
  if (account?.status === 401 || /no current authentication/iu.test(said)) return "share_account";
  const { canBeSeen = null, canBeControlled = null } = account?.account ?? {};
  if (canBeSeen === false || canBeControlled === false) return "share_policy";
  return /could not resolve/iu.test(said) ? "share_repository" : null;
}
