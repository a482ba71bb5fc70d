import { RUNTIME_SIGNS } from "../../../src/copilot/refusal-signs.ts";
import type { Refusal } from "../../../src/core/session/refusal.ts";
import { failureOf } from "../../../src/core/session/refusal.ts";

/** What a refusal means that came over the Copilot runtime. */
export function failureOfRuntime(refusal: Refusal) {
  return failureOf(refusal, RUNTIME_SIGNS);
}
