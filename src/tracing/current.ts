import { AsyncLocalStorage } from "node:async_hooks";
import type { Context, Span, Tracer } from "@opentelemetry/api";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { OpenSpan, SpanOptions } from "../ports/tracing.ts";
import { errorTypeOf } from "./error-type.ts";

/** What this process does at the moment, and in which span. */
export interface CurrentSpan {
  /** Null while nothing is traced. */
  context(): Context | null;
  /** Does work as a span below that of the context. */
  during<T>(
    parent: Context,
    name: string,
    work: (span: OpenSpan) => Promise<T>,
    options?: SpanOptions,
  ): Promise<T>;
}

const KINDS = {
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Spans of a tracer. Which one is current is this object's own, not the process's: no library adds any to it. */
export function createCurrentSpan(tracer: Tracer): CurrentSpan {
  const current = new AsyncLocalStorage<Context>();
  return {
    context: () => current.getStore() ?? null,
    during(parent, name, work, { kind = "internal", attributes = {} }: Options = {}) {
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent);
      const open = openSpan(span);
      return current.run(trace.setSpan(parent, span), async () => {
        try {
          return await work(open);
        } catch (error) {
          open.fail(errorTypeOf(error));
          throw error;
        } finally {
          span.end();
        }
      });
    },
  };
}

type Options = Omit<SpanOptions, "kind"> & { readonly kind?: keyof typeof KINDS };

/** The part of a span that is for whoever does the work. */
function openSpan(span: Span): OpenSpan {
  let hasFailed = false;
  return {
    set: (attributes) => void span.setAttributes({ ...attributes }),
    event: (name) => void span.addEvent(name),
    fail(type) {
      // What rejects because of the first failure says less.
      if (!hasFailed) markFailed(span, type);
      hasFailed = true;
    },
  };
}

/** As the conventions want it of a span that failed. */
export function markFailed(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute("error.type", type);
}
