import http from "node:http";
import https from "node:https";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Log } from "../ports/log.ts";

/** After a line about it, trouble gets no other one for so long. */
const QUIET_MS = 600_000;

/**
 * Sends spans to where the standard variables say (`OTEL_EXPORTER_OTLP_…`), which the package reads itself. What can't
 * be sent is lost: nothing waits for it, and the log has one line.
 *
 * @param usesProxy whether this process has a proxy: then requests are made as all others are
 */
export function createSpanExporter(usesProxy: boolean, log: () => Log): SpanExporter {
  const exporter = new OTLPTraceExporter(
    usesProxy
      ? {
          httpAgentOptions: (protocol) =>
            protocol === "http:" ? http.globalAgent : https.globalAgent,
        }
      : {},
  );
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
