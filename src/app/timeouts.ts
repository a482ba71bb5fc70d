import type { Environment } from "../config/environment.ts";
import type { Timeouts } from "../ports/timeouts.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** For following a session that somebody writes to, where sessions are not followed otherwise. */
const ANSWER_MS = 10 * MINUTE_MS;

type Durations = Pick<
  Environment,
  "SESSION_START_TIMEOUT_SECONDS" | "GITHUB_RETRY_HOURS" | "FOLLOW_MINUTES" | "IDLE_MINUTES"
> & { readonly connecting?: { readonly waitHours: number } | null };

/** The bot's timeouts: what the environment sets, fixed ones, and over both what a test or a benchmark changes. */
export function timeoutsFrom(environment: Durations, changes: Partial<Timeouts> = {}): Timeouts {
  const connectMs = (environment.connecting?.waitHours ?? 0) * HOUR_MS;
  const followMs = environment.FOLLOW_MINUTES * MINUTE_MS;
  return {
    renewMs: 3 * SECOND_MS,
    handoverMs: 2 * SECOND_MS,
    busyMs: SECOND_MS,
    forgottenMs: MINUTE_MS,
    placesEveryMs: 5 * SECOND_MS,
    firstRetryMs: 5 * SECOND_MS,

    startMs: environment.SESSION_START_TIMEOUT_SECONDS * SECOND_MS,
    lateStartMs: 3 * MINUTE_MS,
    deliveryMs: 170 * SECOND_MS,
    startingNoticeMs: 10 * SECOND_MS,
    promptNoticeMs: 20 * SECOND_MS,
    linkGraceMs: 5 * SECOND_MS,
    linkWatchMs: 10 * MINUTE_MS,

    connectMs,
    // Each time costs two requests, and an attempt.
    decideAgainMs: Math.max(HOUR_MS, connectMs / 50),
    followMs,
    followAgainMs: Math.max(followMs, ANSWER_MS),
    followForGuestMs: MINUTE_MS,
    idleMs: environment.IDLE_MINUTES * MINUTE_MS,
    confirmMs: 30 * SECOND_MS,
    sessionCommandsEveryMs: 5 * SECOND_MS,
    pageAnswerMs: 5 * SECOND_MS,

    editEveryMs: 15 * SECOND_MS,
    noticeEveryMs: MINUTE_MS,
    reportAgainMs: 30 * SECOND_MS,
    giveUpMs: environment.GITHUB_RETRY_HOURS * HOUR_MS,

    requestMs: 30 * SECOND_MS,
    requestAgainMs: SECOND_MS,
    policyChecksEveryMs: 5 * SECOND_MS,
    labelingsEveryMs: 5 * SECOND_MS,
    recoverEveryMs: 5 * MINUTE_MS,
    recoverPauseMs: SECOND_MS,
    shutdownMs: 20 * SECOND_MS,
    ...changes,
  };
}
