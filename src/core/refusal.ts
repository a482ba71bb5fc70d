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
  { says: /policy_blocked|\bpolic(?:y|ies)\b/iu, code: "policy_blocked", nothingCreated: true },
  {
    says: /timed out waiting for the remote sandbox/iu,
    code: "start_timed_out",
    nothingCreated: false,
  },
  {
    says: /no (?:session\.start event|events) found/iu,
    code: "start_timed_out",
    nothingCreated: false,
  },
  {
    says: /connection (?:is closed|got disposed)|pending response rejected/iu,
    code: "runtime_crashed",
    nothingCreated: false,
  },
  { says: /unhandled method session\.create/iu, code: "runtime_unsupported", nothingCreated: true },
  { says: /rate limit|too many requests|\b429\b/iu, code: "rate_limited", nothingCreated: true },
  {
    says: /bad credentials|requires authentication|unauthori[sz]ed|\b401\b/iu,
    code: "bad_credentials",
    nothingCreated: true,
  },
  {
    says: /not entitled|entitlement|no (?:copilot )?(?:access|licen[cs]e|seat|subscription)|not (?:licen[cs]ed|subscribed)/iu,
    code: "not_entitled",
    nothingCreated: true,
  },
  {
    says: /^(?:\{"message":")?(?:repository )?not found\b/iu,
    code: "repository_not_found",
    nothingCreated: true,
  },
  {
    says: /error sending request|fetch failed|ECONN\w+|ENOTFOUND|EAI_AGAIN|socket hang up/u,
    code: "mission_control_unreachable",
    nothingCreated: false,
  },
  {
    says: /bad gateway|service unavailable|gateway time-?out|^\s*<(?:!doctype|html)\b|^SyntaxError: /iu,
    code: "mission_control_unreachable",
    nothingCreated: false,
  },
];

/** The failure that a refusal is. `unknown` when neither a field nor the text tells. */
export function failureOf(refusal: Refusal): Failure {
  const message = refusal.message.replace(PREFIX, "");
  const sign = signOf(refusal, message);
  const sessionId = TASK_ID.exec(message)?.groups?.["id"];
  const seconds = SECONDS.exec(message)?.groups?.["seconds"];
  return {
    code: sign?.code ?? "unknown",
    message,
    nothingCreated: sign?.nothingCreated ?? false,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) }),
  };
}

function signOf({ code, reason, dataReason }: Refusal, message: string): Sign | undefined {
  if (code === METHOD_NOT_FOUND) {
    return { says: /./u, code: "runtime_unsupported", nothingCreated: true };
  }
  const words = [reason, dataReason, typeof code === "string" ? code : undefined, message];
  return SIGNS.find(({ says }) => words.some((word) => word !== undefined && says.test(word)));
}
