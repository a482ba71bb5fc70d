/**
 * What a span says besides its name: the bot's own words, codes, ids, and numbers. Never what people wrote, and no
 * secret: whoever reads traces may see less of GitHub than the bot.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span while that is done which it's about. */
export interface OpenSpan {
  set(attributes: SpanAttributes): void;
  /** Something happened meanwhile. */
  event(name: string): void;
  /** It failed, with this code or type of error: never with its message, which may quote anybody. */
  fail(type: string): void;
}

/** What a span is like. */
export interface SpanOptions {
  /** `client`: another program is asked. `consumer`: a task is taken from the queue. Neither, unless given. */
  readonly kind?: "client" | "consumer";
  readonly attributes?: SpanAttributes;
}

/** Records what is done for tasks, as spans: all of a task are one trace, whoever does it. */
export interface Tracing {
  /** Does something for a task, as a span of that task's trace. */
  spanOf<T>(
    taskId: string,
    name: string,
    work: (span: OpenSpan) => Promise<T>,
    options?: SpanOptions,
  ): Promise<T>;
  /**
   * Does something as a span below the one during which it is called. Without one, it's done for no task, and there is
   * no span. What rejects has failed.
   */
  span<T>(name: string, work: (span: OpenSpan) => Promise<T>, options?: SpanOptions): Promise<T>;
}

/** W3C Trace Context, for programs that are asked: see https://www.w3.org/TR/trace-context/. */
export interface TraceHeaders {
  readonly traceparent?: string;
}

/** A span of what isn't traced. */
export const NO_SPAN: OpenSpan = { set() {}, event() {}, fail() {} };

/** Records nothing. */
export const NO_TRACING: Tracing = {
  spanOf: (_taskId, _name, work) => work(NO_SPAN),
  span: (_name, work) => work(NO_SPAN),
};
