import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What a connection is doing: the request that is arriving or being answered; null between requests. */
type Current = { readonly request: IncomingMessage; readonly response: ServerResponse } | null;

/** Connections of a server, no more than it can bear. */
export interface ConnectionLimit {
  /** A request has begun. */
  begin(request: IncomingMessage, response: ServerResponse): void;
  /** Its answer is sent. */
  end(request: IncomingMessage): void;
  /** Its answer goes on for as long as somebody looks at it: its connection isn't counted among the others. */
  setApart(request: IncomingMessage): void;
  /** How many are open, without those that are set apart. */
  size(): number;
}

/** So many more are answered that the bot is busy; the rest is closed. */
const SPARE = 100;

/**
 * Keeps at most so many connections open. For one more, the connection on which nothing has been completed
 * for the longest is closed; one whose request has arrived whole stays until it's answered.
 *
 * @param refuse answers a request whose connection has to go
 * @param apart connections that may be set apart, besides
 */
export function limitConnections(
  server: Server,
  max: number,
  refuse: (response: ServerResponse) => void,
  apart = 0,
): ConnectionLimit {
  /** Least recently useful first. */
  const open = new Map<Socket, Current>();
  const excess = new WeakSet<Socket>();
  server.maxConnections = max + SPARE + apart;

  function makeRoom(newcomer: Socket): void {
    for (const [socket, current] of open) {
      if (current?.request.complete === true) continue;
      if (socket === newcomer) break;
      open.delete(socket);
      if (current === null) socket.destroy();
      else refuse(current.response);
      return;
    }
    excess.add(newcomer);
  }

  server.on("connection", (socket: Socket) => {
    open.set(socket, null);
    socket.once("close", () => open.delete(socket));
    if (open.size > max) makeRoom(socket);
  });

  return {
    begin(request, response) {
      const { socket } = request;
      if (open.has(socket)) open.set(socket, { request, response });
      if (excess.has(socket)) refuse(response);
    },
    end({ socket }) {
      // At the end of the line: it has been of use.
      if (open.delete(socket)) open.set(socket, null);
    },
    setApart({ socket }) {
      open.delete(socket);
    },
    size: () => open.size,
  };
}
