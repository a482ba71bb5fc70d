import type { Server } from "node:http";
import type { ServerAddress } from "./address-problem.ts";
import { addressProblem } from "./address-problem.ts";

/** A server that listens. */
export interface HttpServer {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no new connection, and resolves when the last answer is sent. */
  close(): Promise<void>;
}

/** Has a server listen; gives its URL. Rejects when the address can't be had, with the fix. */
export function listen(server: Server, address: ServerAddress): Promise<string> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(addressProblem(error, address));
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve(urlOf(server));
    });
  });
}

function urlOf(server: Server): string {
  const at = server.address();
  if (at === null || typeof at === "string") throw new TypeError("the server listens on no port");
  const host = at.family === "IPv6" ? `[${at.address}]` : at.address;
  return `http://${host}:${at.port}`;
}

/**
 * Takes no new connection, and resolves when the last answer is sent.
 *
 * @param closeMs for requests that have begun
 */
export function closeServer(server: Server, closeMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection on which nothing comes would keep the server open for ever.
    const end = setTimeout(() => server.closeAllConnections(), closeMs);
    server.close(() => {
      clearTimeout(end);
      resolve();
    });
  });
}
