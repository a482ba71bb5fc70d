import type { IncomingMessage, ServerResponse } from "node:http";

/** Requests of one kind that are being answered, no more than the others can bear. */
export interface Room {
  /** False where there's no room: then the request is refused. It leaves when its answer is sent, or broken off. */
  enter(request: IncomingMessage, response: ServerResponse): boolean;
  /** How many there are. */
  size(): number;
  /** Breaks off all answers. */
  clear(): void;
}

/**
 * Room for so many requests at once. For one more, the request that has been arriving for the longest is refused; one
 * that has arrived whole stays.
 *
 * @param refuse answers a request that can't stay
 */
export function createRoom(max: number, refuse: (response: ServerResponse) => void): Room {
  /** In the order in which they came. */
  const inside = new Map<IncomingMessage, ServerResponse>();

  function makeRoom(): void {
    for (const [request, response] of inside) {
      if (request.complete) continue;
      inside.delete(request);
      refuse(response);
      return;
    }
  }

  return {
    enter(request, response) {
      if (inside.size >= max) makeRoom();
      if (inside.size >= max) {
        refuse(response);
        return false;
      }
      inside.set(request, response);
      response.once("close", () => inside.delete(request));
      return true;
    },
    size: () => inside.size,
    clear() {
      for (const response of inside.values()) response.destroy();
    },
  };
}
