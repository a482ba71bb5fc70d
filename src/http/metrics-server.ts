import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { Log } from "../ports/log.ts";
import type { MetricsText } from "../ports/metrics.ts";
import type { ServerAddress } from "./address-problem.ts";
import type { Answer } from "./answer.ts";
import { refusal, send } from "./answer.ts";
import { limitConnections } from "./connections.ts";
import type { HttpServer } from "./listening.ts";
import { closeServer, listen } from "./listening.ts";

interface Options extends ServerAddress {
  /** The metrics as of now. It's called once at a time, and at most once a second. */
  readonly read: () => Promise<MetricsText>;
  readonly log: Pick<Log, "error">;
  readonly now?: () => number;
}

/** A few who read, and one who looks. */
const MAX_CONNECTIONS = 10;

/** For how long the same text is sent, in milliseconds: whoever asks all the time must not keep the bot busy. */
const REMEMBERED_MS = 1_000;

/** In milliseconds. A request has no body to wait for. */
const REQUEST_MS = 5_000;
/** In milliseconds: longer than between two scrapes, which use the same connection then. */
const KEEP_ALIVE_MS = 65_000;
const CLOSE_MS = 1_000;

/** Starts the server that metrics are read from, apart from that of webhooks. Rejects when the address can't be had. */
export async function serveMetrics(options: Options): Promise<HttpServer> {
  const read = rememberedFor(REMEMBERED_MS, options);
  const limits = {
    requestTimeout: REQUEST_MS,
    headersTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(limits, (request, response) => {
    connections.begin(request, response);
    void answerTo(request, read)
      .catch((err: unknown) => {
        options.log.error({ err }, "metrics could not be read");
        return refusal(500, "The bot couldn't read its metrics.");
      })
      .then((answer) => {
        connections.end(request);
        // It had to make room for others.
        return response.headersSent ? undefined : send(response, answer);
      });
  });
  const connections = limitConnections(server, MAX_CONNECTIONS, (response) => {
    if (!response.headersSent) send(response, NO_ROOM);
  });
  const url = await listen(server, options);
  return { url, close: () => closeServer(server, CLOSE_MS) };
}

const NO_ROOM = {
  ...refusal(503, "Too many connections read the metrics at once."),
  headers: { connection: "close" },
};

async function answerTo(
  { method, url = "" }: IncomingMessage,
  read: () => Promise<MetricsText>,
): Promise<Answer> {
  if (url.split("?")[0] !== "/metrics") return refusal(404, "Nothing is here but GET /metrics.");
  if (method !== "GET" && method !== "HEAD") {
    return { ...refusal(405, "Use GET here."), headers: { allow: "GET" } };
  }
  const { contentType, text } = await read();
  return { status: 200, body: text, headers: { "content-type": contentType } };
}

/** What was read, for a while; those who ask while it's read wait for the same. */
function rememberedFor(ms: number, { read, now = () => performance.now() }: Options) {
  let reading: Promise<MetricsText> | null = null;
  let until = Infinity;
  return (): Promise<MetricsText> => {
    if (reading !== null && now() < until) return reading;
    until = Infinity;
    reading = read().finally(() => {
      until = now() + ms;
    });
    return reading;
  };
}
