import type { Sign } from "../core/session/refusal-signs.ts";
import { sign, trouble } from "../core/session/refusal-signs.ts";

/** What the runtime says itself (1.0.80 and 1.0.102). */
export const RUNTIME_SIGNS: readonly Sign[] = [
  // A newer runtime's, of JSON that isn't any, or isn't what it expects.
  trouble(
    "mission_control_unreachable",
    /\bat line \d+ column \d+$|^cloud task metadata omitted /iu,
  ),
  // The token is looked up before anything is created.
  sign(/fetch Copilot user info: 401\b/u, "bad_credentials"),
  sign(/fetch Copilot user info: 429\b/u, "rate_limited"),
  sign(/fetch Copilot user info: 40[34]\b/u, "not_entitled"),
  sign(/fetch Copilot user info|\/copilot_internal\/user\)/u, "mission_control_unreachable"),
  sign(/invalid Copilot user response/iu, "mission_control_unreachable"),
  sign(/session\.create cloud requires authentication/u, "bad_credentials"),
  sign(/unhandled method session\.create/iu, "runtime_unsupported"),
  trouble("start_timed_out", /timed out waiting for the remote sandbox/iu),
  trouble("start_timed_out", /no (?:session\.start event|events) found/iu),
  trouble("runtime_crashed", /connection (?:is closed|got disposed)/iu),
];
