import type { IncomingMessage, ServerResponse } from "node:http";

/** The requests of a server that aren't answered yet. */
export class OpenRequests {
  readonly #open = new Set<AbortController>();

  get size(): number {
    return this.#open.size;
  }

  /** Adds one; returns what ends with its answer, its connection, or `abort`. */
  add(request: IncomingMessage, response: ServerResponse): AbortSignal {
    const closed = new AbortController();
    const { socket } = request;
    this.#open.add(closed);
    const close = () => {
      this.#open.delete(closed);
      socket.off("close", close);
      closed.abort();
    };
    response.once("close", close);
    // A response that waits behind another one has no connection of its own yet.
    socket.once("close", close);
    return closed.signal;
  }

  abort(): void {
    for (const one of this.#open) one.abort();
  }
}
