import type { Environment } from "../config/environment.ts";
import { headersByName } from "../config/trace-headers.ts";
import type { Log } from "../ports/log.ts";
import type { TraceHeaders, Tracing } from "../ports/tracing.ts";
import { NO_TRACING } from "../ports/tracing.ts";
import type { TracedStores } from "../tracing/traced-storage.ts";

/** The tracing of a bot. */
export interface BotTracing extends Tracing {
  /** The stores, so that what is done with them for tasks is traced. */
  traceStores<Stores extends TracedStores>(stores: Stores): Stores;
  /** Of what is done at the moment. */
  headers(): TraceHeaders;
  /** What each line of the log gets in addition to its fields; null for nothing. */
  readonly idsFor: ((fields: object) => object) | null;
  /** Sends what there is, and gives up soon. */
  close(): Promise<void>;
}

/** What decides whether and how a process is traced. */
type TracingSettings = Pick<
  Environment,
  | "OTEL_EXPORTER_OTLP_ENDPOINT"
  | "OTEL_EXPORTER_OTLP_HEADERS"
  | "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
  | "OTEL_TRACES_SAMPLER"
  | "OTEL_TRACES_SAMPLER_ARG"
  | "HTTPS_PROXY"
  | "HTTP_PROXY"
  | "DATABASE_URL"
>;

/** Of a bot that isn't traced. */
export const UNTRACED: BotTracing = {
  ...NO_TRACING,
  traceStores: (stores) => stores,
  headers: () => ({}),
  idsFor: null,
  close: () => Promise.resolve(),
};

/**
 * The tracing that the settings ask for. What it takes is loaded only then.
 *
 * @param log needed once spans are sent
 */
export async function openTracing(
  environment: TracingSettings,
  log: () => Log,
): Promise<BotTracing> {
  if (environment.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return UNTRACED;
  const { startTracing } = await import("../tracing/start.ts");
  const { HTTPS_PROXY, HTTP_PROXY, DATABASE_URL } = environment;
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio } = environment;
  const { OTEL_EXPORTER_OTLP_HEADERS = "", OTEL_EXPORTER_OTLP_TRACES_HEADERS = "" } = environment;
  // Those for traces alone count more.
  const headers = headersByName(
    `${OTEL_EXPORTER_OTLP_HEADERS},${OTEL_EXPORTER_OTLP_TRACES_HEADERS}`,
  );
  const usesProxy = HTTPS_PROXY !== undefined || HTTP_PROXY !== undefined;
  const system = DATABASE_URL === undefined ? "sqlite" : "postgresql";
  return startTracing({ sampler, ratio, usesProxy, headers, system, log });
}
