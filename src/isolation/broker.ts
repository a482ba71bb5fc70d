import { once } from "node:events";
import { chmodSync } from "node:fs";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { BrokeredRoute, SharedRepository, Upstream } from "../core/isolation/broker-rules.ts";
import {
  brokeredHeaders,
  routeBrokered,
  shareBodyFor,
  sharesSession,
} from "../core/isolation/broker-rules.ts";
import type { Log } from "../ports/log.ts";
import { BodyReader } from "./bodies.ts";
import { OpenRequests } from "./open-requests.ts";
import { RefusalLog } from "./refusals.ts";

export interface BrokerOptions {
  /** The Unix socket to listen on. Whoever reaches its directory can use it. */
  readonly socket: string;
  /** What the sandbox has instead of the owner's token. */
  readonly placeholder: string;
  /** The owner's token, as it is now. */
  readonly token: () => string;
  /** Base URLs, without a slash at the end. */
  readonly upstreams: Readonly<Record<Upstream, string>>;
  /** The only one for which sessions are shared. */
  readonly repository: SharedRepository;
  /** The ids of sessions that an earlier broker of the same session has shared. */
  readonly sharedBefore?: readonly string[];
  /** Gets the id of each that this one shares. */
  readonly onShared?: (id: string) => void;
  readonly log: Log;
}

export interface Broker {
  close(): Promise<void>;
}

/** Requests of one sandbox. A session asks for commands every second or two. */
const MAX_REQUESTS = 50_000;
/** How many connections it has at once, and how many requests, which can be several of one connection. */
const MAX_CONNECTIONS = 32;
const MAX_OPEN = 32;
const MAX_SHARED = 8;

/** What of an answer's headers is passed on. */
const PASSED_BACK = ["content-type", "retry-after", "x-github-request-id", "x-request-id"];

const sharedBody = z.object({ id: z.string().regex(/^[\w-]{1,100}$/u) });

/**
 * Stands between a sandbox's runtime and GitHub: adds the owner's token, which the sandbox never has, to the requests
 * that a session needs, and refuses all others.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { socket, log } = options;
  const shared: string[] = [...(options.sharedBefore ?? [])];
  const refusals = new RefusalLog(log, "a sandbox was refused a request");
  const bodies = new BodyReader();
  const open = new OpenRequests();
  let left = MAX_REQUESTS;

  function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
    const what = `${request.method} ${request.url?.split("?")[0]?.slice(0, 200)}`;
    response.writeHead(status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify({ message: "The bot doesn't pass this on" }));
    refusals.add(what, { request: what, status });
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const asked = { method: request.method ?? "", path: request.url ?? "" };
    left -= 1;
    if (left < 0 || open.size > MAX_OPEN) return refuse(request, response, 429);
    const route = routeBrokered(asked, shared);
    if (route === null || (sharesSession(asked) && shared.length >= MAX_SHARED))
      return refuse(request, response, 403);
    const token = { placeholder: options.placeholder, token: options.token() };
    const headers = brokeredHeaders(request.headers, token);
    if (headers === null) return refuse(request, response, 401);
    const sent = await bodies.read(request, signal);
    if (typeof sent === "number") return refuse(request, response, sent);
    const body = sharesSession(asked) ? shareBodyFor(options.repository, await sent.text()) : sent;
    if (body === null) return refuse(request, response, 403);
    const { method } = asked;
    const answered = await ask(options.upstreams, route, { method, headers, body, signal });
    if (answered.headers.has("location")) return refuse(request, response, 502);
    response.writeHead(answered.status, passedBack(answered.headers));
    if (!sharesSession(asked)) {
      await pipeline(answered.body === null ? [] : Readable.fromWeb(answered.body), response);
      return;
    }
    const text = await answered.text();
    const { data } = sharedBody.safeParse(answered.ok ? JSON.parse(text) : null);
    if (data !== undefined && !shared.includes(data.id)) {
      shared.push(data.id);
      options.onShared?.(data.id);
    }
    response.end(text);
  }

  const server = await listen(socket, (request, response) => {
    answer(request, response, open.add(request, response)).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(request, response, 502);
    });
  });
  return {
    async close() {
      open.abort();
      await end(server);
    },
  };
}

async function listen(socket: string, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (client) => client.setMaxListeners(2 * MAX_OPEN));
  server.listen(socket);
  await once(server, "listening");
  // The sandbox's account may be another one; nobody else gets into the directory.
  chmodSync(socket, 0o666);
  return server;
}

async function end(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}

function passedBack(headers: Headers): Record<string, string> {
  const passed = PASSED_BACK.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(passed);
}

interface Asked {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Blob | string;
  readonly signal: AbortSignal;
}

async function ask(
  upstreams: BrokerOptions["upstreams"],
  { upstream, path }: BrokeredRoute,
  { body, ...request }: Asked,
): Promise<Response> {
  const isEmpty = (typeof body === "string" ? body.length : body.size) === 0;
  return fetch(`${upstreams[upstream]}${path}`, {
    ...request,
    ...(isEmpty ? {} : { body }),
    redirect: "manual",
  });
}
