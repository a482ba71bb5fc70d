import type { DenialReason } from "../../core/task/denial.ts";
import type { FailureCause, FailureCode } from "../../core/task/failure.ts";
import type { Cancellation, TaskOutcome } from "../../core/task/outcome.ts";
import { failureIn } from "../../core/task/outcome.ts";

/** The columns of an outcome. */
export interface OutcomeColumns {
  readonly denial: DenialReason | null;
  readonly denialText: string | null;
  readonly answer: string | null;
  readonly cancellation: Cancellation | null;
  readonly failureCode: FailureCode | null;
  readonly failureCause: FailureCause | null;
  readonly failurePassesAt: string | null;
  readonly failureDetail: string | null;
  readonly watchUntil: string | null;
}

/** The columns of an outcome, and of none. */
export function outcomeColumns(outcome: TaskOutcome | null): OutcomeColumns {
  const failure = failureIn(outcome);
  return {
    denial: outcome?.type === "denied" ? outcome.reason : null,
    denialText: outcome?.type === "denied" ? outcome.text : null,
    answer: outcome?.type === "answered" ? outcome.markdown : null,
    cancellation: outcome?.type === "canceled" ? outcome.why : null,
    failureCode: failure?.code ?? null,
    failureCause: failure?.cause ?? null,
    failurePassesAt: failure?.passesAt ?? null,
    failureDetail: failure?.detail ?? null,
    watchUntil: failure?.watchUntil ?? null,
  };
}

/** Older bots, and the end of an installation, may have left several: the last that can come counts. */
export function outcomeOf(row: OutcomeColumns): TaskOutcome | null {
  if (row.cancellation !== null) return { type: "canceled", why: row.cancellation };
  if (row.denial !== null) return { type: "denied", reason: row.denial, text: row.denialText };
  if (row.answer !== null) return { type: "answered", markdown: row.answer };
  if (row.failureCode === null) return null;
  return {
    type: "failed",
    code: row.failureCode,
    cause: row.failureCause,
    passesAt: row.failurePassesAt,
    detail: row.failureDetail,
    watchUntil: row.watchUntil,
  };
}
