import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { ReceivedSpan } from "./otlp.ts";
import { spansIn } from "./otlp.ts";

/** What takes in spans, as a collector does. */
export interface SpanReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** All that has come, as text: what isn't UTF-8 is lost. */
  readonly text: string;
  /** Of the last request. */
  readonly headers: IncomingHttpHeaders;
  /** Resolves once this is true of the spans. */
  until(condition: (spans: readonly ReceivedSpan[]) => boolean): Promise<void>;
}

/** A receiver until the test has ended. */
export async function startReceiver(): Promise<SpanReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  const server = createServer((request, response) => {
    void receive(request).finally(() => response.end());
  });

  async function receive(request: IncomingMessage): Promise<void> {
    const body = await buffer(request);
    ({ headers } = request);
    if (request.url !== "/v1/traces") return;
    bodies.push(body);
    spans.push(...spansIn(body));
    server.emit("spans");
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("it has no port");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    spans,
    get text() {
      return Buffer.concat(bodies).toString("utf8");
    },
    get headers() {
      return headers;
    },
    async until(condition) {
      while (!condition(spans)) await once(server, "spans");
    },
  };
}
