import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { pipeline } from "node:stream";
import { isPublicAddress } from "../core/isolation/addresses.ts";
import type { Target } from "../core/isolation/hosts.ts";
import { isHostListed, readTarget } from "../core/isolation/hosts.ts";
import type { Log } from "../ports/log.ts";
import { RefusalLog } from "./refusals.ts";

/** What one sandbox may reach. */
export interface EgressOptions {
  /** The Unix socket to listen on. Whoever reaches its directory can use it. */
  readonly socket: string;
  /** Names of hosts: see `isHostListed`. */
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** Addresses that may be reached although they aren't public: a GitHub Enterprise Server in a private network. */
  readonly exempt: readonly string[];
  readonly log: Log;
  /** All addresses of a name; as the machine resolves it, unless given. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>;
}

export interface EgressProxy {
  close(): Promise<void>;
}

/** How many connections one sandbox has at once. */
const MAX_CONNECTIONS = 100;
/** Milliseconds until a connection outside must be there. */
const CONNECT_TIMEOUT = 20_000;

type Refusal = "host not listed" | "port not listed" | "address not public" | "not found";

/**
 * Starts the proxy that is a sandbox's only way to a network: CONNECT alone, so what's inside is the programs' own TLS.
 * Names are resolved here, once, and the connection goes to an address that was examined: what a name resolves to the
 * next time doesn't matter.
 */
export async function startEgressProxy(options: EgressOptions): Promise<EgressProxy> {
  const { log, socket: path } = options;
  const refusals = new RefusalLog(log, "a sandbox was refused a connection");
  const open = new Set<Socket>();

  function refuse(client: Socket, target: Target, reason: Refusal): void {
    client.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${reason}\n`);
    refusals.add(target.host, { ...target, reason });
  }

  async function tunnel(request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    const target = readTarget(request.url ?? "");
    const address = await addressOf(target, options);
    if (typeof address === "string") {
      refuse(client, target, address);
      return;
    }
    const outside = connect({ host: address.address, port: target.port, timeout: CONNECT_TIMEOUT });
    outside.once("timeout", () => outside.destroy());
    outside.once("connect", () => {
      outside.setTimeout(0);
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      outside.write(head);
    });
    pipeline(client, outside, client, () => {
      client.destroy();
      outside.destroy();
    });
  }

  const server = createServer((_request, response) => {
    response.writeHead(405, { connection: "close" }).end("Only CONNECT\n");
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (client: Socket) => {
    open.add(client);
    client.once("close", () => open.delete(client));
  });
  server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on("error", () => client.destroy());
    tunnel(request, client, head).catch(() => client.destroy());
  });
  server.listen(path);
  await once(server, "listening");
  // The sandbox's account may be another one; nobody else gets into the directory.
  chmodSync(path, 0o666);
  return {
    async close() {
      for (const client of open) client.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function addressOf(
  { host, port }: Target,
  { hosts, ports, exempt, resolve = resolveAll }: EgressOptions,
): Promise<LookupAddress | Refusal> {
  if (!isHostListed(host, hosts)) return "host not listed";
  if (!ports.includes(port)) return "port not listed";
  const addresses = await resolve(host).catch(() => []);
  const [first] = addresses;
  if (first === undefined) return "not found";
  const mayReach = ({ address }: LookupAddress) =>
    isPublicAddress(address) || exempt.includes(address);
  return addresses.every(mayReach) ? first : "address not public";
}

async function resolveAll(name: string): Promise<readonly LookupAddress[]> {
  return lookup(name, { all: true });
}
