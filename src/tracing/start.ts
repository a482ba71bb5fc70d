import type { Log } from "../ports/log.ts";
import { createSpanExporter } from "./exporter.ts";
import type { TaskTraces } from "./open-telemetry.ts";
import { createTaskTraces } from "./open-telemetry.ts";
import type { Sampling } from "./sampling.ts";
import { samplerOf } from "./sampling.ts";
import type { TracedStores } from "./traced-storage.ts";
import { traceStores } from "./traced-storage.ts";

/** What isn't read from OpenTelemetry's own variables by its packages. */
export interface TracingOptions extends Sampling {
  /** Whether the process has a proxy. */
  readonly usesProxy: boolean;
  /** What the receiver gets with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The database, as the conventions name it. */
  readonly system: "sqlite" | "postgresql";
  /** Needed once spans are sent. */
  readonly log: () => Log;
}

/** Traces that are sent to where OpenTelemetry's variables say. */
export function startTracing(options: TracingOptions) {
  const { system } = options;
  const traces: TaskTraces = createTaskTraces(samplerOf(options), createSpanExporter(options));
  return {
    ...traces,
    traceStores: <Stores extends TracedStores>(stores: Stores) =>
      traceStores(stores, traces, system),
  };
}
