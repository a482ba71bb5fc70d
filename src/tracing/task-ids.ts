import { createHash } from "node:crypto";
import type { IdGenerator } from "@opentelemetry/sdk-trace";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace";

/** The ids of a task's trace, and of its first span. */
export interface TaskTraceIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/**
 * Read off the task's id, so that every replica, and every process after a restart, agrees on them without storing
 * anything. Digested, because samplers take a trace's id for random, and the ids of GitHub's deliveries end alike.
 */
export function traceIdsOf(taskId: string): TaskTraceIds {
  const digest = createHash("sha256").update(taskId).digest("hex");
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** Makes ids of spans, at random, except for those of a trace that is about to begin. */
export interface SpanIds extends IdGenerator {
  /** The next span to start, which has no parent, gets these. */
  next(ids: TaskTraceIds): void;
}

/** A generator of ids of spans. */
export function createSpanIds(): SpanIds {
  const random = new RandomIdGenerator();
  let next: TaskTraceIds | null = null;
  return {
    next(ids) {
      next = ids;
    },
    // The SDK takes the span's first, then the trace's.
    generateSpanId: () => next?.spanId ?? random.generateSpanId(),
    generateTraceId() {
      const traceId = next?.traceId ?? random.generateTraceId();
      next = null;
      return traceId;
    },
  };
}
