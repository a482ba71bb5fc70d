import type { Context, Tracer } from "@opentelemetry/api";
import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace";
import { BatchSpanProcessor, SamplingDecision, TracerProvider } from "@opentelemetry/sdk-trace";
import pTimeout from "p-timeout";
import { failureIn } from "../core/task/outcome.ts";
import type { Task } from "../core/task/task.ts";
import type { TraceHeaders, Tracing } from "../ports/tracing.ts";
import { NO_SPAN } from "../ports/tracing.ts";
import { createCurrentSpan, markFailed } from "./current.ts";
import { serviceOf } from "./service.ts";
import { createSpanIds, traceIdsOf } from "./task-ids.ts";

/** Traces of a bot's tasks, with what ties them to the rest of it. */
export interface TaskTraces extends Tracing {
  /** Sends a task's first span: somebody has asked for the task. */
  begun(task: Task, startedAtMs: number): void;
  /** Sends the span of a task's whole time: the bot has nothing left to do for it. */
  settled(task: Task): void;
  /** For a line of the log with these fields: the ids of the trace, and of the span, that it belongs to. */
  idsFor(fields: object): object;
  /** Of what is done at the moment. */
  headers(): TraceHeaders;
  /** Sends what there is, and gives up soon. */
  close(): Promise<void>;
}

/** In milliseconds: a receiver that is away must not hold up the end of the bot. */
const CLOSE_MS = 2_000;

/** In characters. What spans say is the bot's own words, none of which is longer. */
const MAX_VALUE = 200;

/** Traces whose spans the exporter sends. */
export function createTaskTraces(sampler: Sampler, exporter: SpanExporter): TaskTraces {
  const ids = createSpanIds();
  const provider = new TracerProvider({
    resource: serviceOf(),
    sampler,
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: MAX_VALUE },
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("copilot-task-bot");
  const current = createCurrentSpan(tracer);

  return {
    spanOf: (taskId, name, work, options) =>
      current.during(contextOf(taskId, sampler), name, work, options),
    span(name, work, options) {
      const parent = current.context();
      return parent === null ? work(NO_SPAN) : current.during(parent, name, work, options);
    },
    begun(task, startedAtMs) {
      const options = {
        kind: SpanKind.PRODUCER,
        attributes: asked(task),
        startTime: startedAtMs,
      };
      ids.next(traceIdsOf(task.id));
      tracer.startSpan("task queued", options, ROOT_CONTEXT).end();
    },
    settled: (task) => endTask(tracer, task, contextOf(task.id, sampler)),
    idsFor: (fields) => idsFor(fields, current.context()),
    headers() {
      const span = trace.getSpanContext(current.context() ?? ROOT_CONTEXT);
      if (span === undefined) return {};
      const flags = span.traceFlags.toString(16).padStart(2, "0");
      return { traceparent: `00-${span.traceId}-${span.spanId}-${flags}` };
    },
    async close() {
      const closing = provider.shutdown().catch(() => {});
      await pTimeout(closing, { milliseconds: CLOSE_MS, fallback: () => {} });
    },
  };
}

/** Where a task's spans are: below its first one, which another process may have sent. */
function contextOf(taskId: string, sampler: Sampler): Context {
  const { traceId, spanId } = traceIdsOf(taskId);
  const { decision } = sampler.shouldSample(
    ROOT_CONTEXT,
    traceId,
    "task queued",
    SpanKind.PRODUCER,
    {},
    [],
  );
  const isSampled = decision === SamplingDecision.RECORD_AND_SAMPLED;
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function idsFor(fields: object, context: Context | null): object {
  const span = trace.getSpanContext(context ?? ROOT_CONTEXT);
  const traceId =
    "taskId" in fields && typeof fields.taskId === "string"
      ? traceIdsOf(fields.taskId).traceId
      : span?.traceId;
  if (traceId === undefined) return {};
  // The names that OpenTelemetry gives them in logs of any format.
  const ids = { trace_id: traceId };
  // What is done for one task may be about another.
  return span?.traceId === traceId ? { ...ids, span_id: span.spanId } : ids;
}

/** Each time that it's settled, because it may be reopened. */
function endTask(tracer: Tracer, task: Task, parent: Context): void {
  const { createdAt, settledAt, state, decision, session, outcome } = task;
  const kind = decision.kind === null ? {} : { "copilot_task.kind": decision.kind };
  const attributes = {
    ...asked(task),
    ...kind,
    "copilot_task.state": state,
    ...(session.id === null ? {} : { "copilot_task.session.id": session.id }),
    ...(outcome === null ? {} : { "copilot_task.outcome": outcome.type }),
    ...(outcome?.type === "denied" ? { "copilot_task.denial": outcome.reason } : {}),
    ...(outcome?.type === "canceled" ? { "copilot_task.cancellation": outcome.why } : {}),
  };
  const span = tracer.startSpan("task", { attributes, startTime: Date.parse(createdAt) }, parent);
  const failure = failureIn(outcome);
  if (failure !== null) markFailed(span, failure.code);
  span.end(Date.parse(settledAt ?? createdAt));
}

function asked({ id, trigger, place }: Task) {
  return {
    "copilot_task.id": id,
    "copilot_task.trigger": trigger.type,
    "copilot_task.repository.id": place.repositoryId,
  };
}
