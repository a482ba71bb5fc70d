import http from "node:http";
import https from "node:https";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Log } from "../ports/log.ts";

/** After a line about it, trouble gets no other one for so long. */
const QUIET_MS = 600_000;

interface Options {
  /** Whether this process has a proxy: then requests are made as all others are. */
  readonly usesProxy: boolean;
  /** What the receiver gets with each request: the package doesn't know those that are in a file. */
  readonly headers: Readonly<Record<string, string>>;
  readonly log: () => Log;
}

/**
 * Sends spans to where the standard variables say (`OTEL_EXPORTER_OTLP_…`), which the package reads itself. What can't
 * be sent is lost: nothing waits for it, and the log has one line.
 */
export function createSpanExporter({ usesProxy, headers, log }: Options): SpanExporter {
  const exporter = new OTLPTraceExporter({
    headers,
    ...(usesProxy
      ? {
          httpAgentOptions: (protocol) =>
            protocol === "http:" ? http.globalAgent : https.globalAgent,
        }
      : {}),
  });
  const report = createReport(log);
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        report(result.error);
        onResult(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** Logs the first failure, and the first success after it: a receiver that comes and goes gets no more lines. */
function createReport(log: () => Log): (err: Error | undefined) => void {
  let isFailing = false;
  let quietUntil = 0;
  return (err) => {
    const now = Date.now();
    if (err === undefined) {
      if (isFailing) log().info({}, "traces can be sent again");
      isFailing = false;
    } else if (!isFailing && now >= quietUntil) {
      log().warn({ err }, "traces can't be sent: spans are lost until they can");
      isFailing = true;
      quietUntil = now + QUIET_MS;
    }
  };
}
