import type { Failure, FailureCode } from "./failure.ts";

/** What is known of an error with which the runtime refused to create a session. */
export interface Refusal {
  readonly message: string;
  /** JSON-RPC's number, or a word where a runtime gives one. */
  readonly code?: number | string | undefined;
  readonly reason?: string | undefined;
  readonly dataReason?: string | undefined;
}

/** JSON-RPC's "method not found": how a runtime that cannot do cloud sessions answers. */
const METHOD_NOT_FOUND = -32601;

const PREFIX = /^Request session\.\w+ failed with message: /u;
const TASK_ID =
  /\b(?:task ID|tasks?\/?)[ :]*(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/iu;
const SECONDS = /(?:retry|try again|wait)\D{0,20}(?<seconds>\d{1,4})\s*s(?:ec|\b)/iu;

interface Sign {
  readonly says: RegExp;
  readonly code: FailureCode;
  /** Whether an answer like this comes instead of a session, never beside one. */
  readonly nothingCreated: boolean;
}

/**
 * What the runtime's texts mean, first match first. The runtime passes on Mission Control's words and
 * drops its status, so the words of GitHub's usual answers are all there is.
 */
const SIGNS: readonly Sign[] = [
  // A page is somebody else than Mission Control, whatever words are on it.
  sign("mission_control_unreachable", "maybe", /^\s*<(?:!doctype|html)\b|^SyntaxError: /iu),
  sign(
    "policy_blocked",
    "nothing",
    /policy_blocked|(?:blocked|disabled|denied|forbidden|prohibited|(?:not|n't) (?:allowed|permitted|enabled)).{0,60}\bpolic(?:y|ies)\b|\bpolic(?:y|ies)\b.{0,60}(?:block|disabl|den(?:y|ied)|forbid|prohibit|(?:not|n't) (?:allow|permit|enable))/iu,
  ),
  // The token is looked up before anything is created.
  sign("bad_credentials", "nothing", /fetch Copilot user info: 401\b/u),
  sign("rate_limited", "nothing", /fetch Copilot user info: 429\b/u),
  sign("not_entitled", "nothing", /fetch Copilot user info: 40[34]\b/u),
  sign(
    "mission_control_unreachable",
    "nothing",
    /fetch Copilot user info|\/copilot_internal\/user\)/u,
  ),
  sign("mission_control_unreachable", "nothing", /invalid Copilot user response/iu),
  sign("start_timed_out", "maybe", /timed out waiting for the remote sandbox/iu),
  sign("start_timed_out", "maybe", /no (?:session\.start event|events) found/iu),
  sign("runtime_crashed", "maybe", /connection (?:is closed|got disposed)/iu),
  sign("runtime_unsupported", "nothing", /unhandled method session\.create/iu),
  sign(
    "rate_limited",
    "nothing",
    /rate[ -]?limit(?:ed| exceeded)|exceeded .{0,30}rate limit|too many requests/iu,
  ),
  sign("bad_credentials", "nothing", /bad credentials|requires authentication|unauthori[sz]ed/iu),
  sign("not_entitled", "nothing", /not entitled|entitlement|not (?:licen[cs]ed|subscribed)/iu),
  sign("not_entitled", "nothing", /no (?:copilot )?(?:access|licen[cs]e|seat|subscription)/iu),
  sign("repository_not_found", "nothing", /^(?:repository )?not found\b/iu),
  sign(
    "mission_control_unreachable",
    "maybe",
    /error sending request|fetch failed|socket hang up/u,
  ),
  sign(
    "mission_control_unreachable",
    "maybe",
    /bad gateway|service unavailable|gateway time-?out/iu,
  ),
];

/** @param created whether an answer like this can come beside a session, or only instead of one */
function sign(code: FailureCode, created: "nothing" | "maybe", says: RegExp): Sign {
  return { code, nothingCreated: created === "nothing", says };
}

/** The failure that a refusal is. `unknown` when neither a field nor the text tells. */
export function failureOf(refusal: Refusal): Failure {
  const message = refusal.message.replace(PREFIX, "");
  const found = signOf(refusal, message);
  const sessionId = TASK_ID.exec(message)?.groups?.["id"];
  const seconds = SECONDS.exec(message)?.groups?.["seconds"];
  return {
    code: found?.code ?? "unknown",
    message,
    nothingCreated: found?.nothingCreated ?? false,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) }),
  };
}

function signOf({ code, reason, dataReason }: Refusal, message: string): Sign | undefined {
  if (code === METHOD_NOT_FOUND) {
    return sign("runtime_unsupported", "nothing", /./u);
  }
  const words = [reason, dataReason, typeof code === "string" ? code : undefined, message];
  return SIGNS.find(({ says }) => words.some((word) => word !== undefined && says.test(word)));
}
