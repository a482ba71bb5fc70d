import type { IncomingMessage } from "node:http";

/** Bytes of one request: a long conversation with pictures. */
const MAX_BODY = 32 * 2 ** 20;
/** Bytes of all requests of one sandbox that are open at once. */
const MAX_OPEN_BODIES = 64 * 2 ** 20;

/** Reads the bodies of one sandbox's requests, which share a budget. */
export class BodyReader {
  #used = 0;

  /**
   * Reads a body.
   *
   * @param closed the end of its request: until then, it counts
   * @returns the status with which it's refused, when it's too large
   */
  async read(request: IncomingMessage, closed: AbortSignal): Promise<Blob | 413 | 429> {
    let reserved = 0;
    const reserve = (bytes: number): 413 | 429 | null => {
      if (bytes > MAX_BODY) return 413;
      const more = Math.max(0, bytes - reserved);
      if (this.#used + more > MAX_OPEN_BODIES) return 429;
      reserved += more;
      this.#used += more;
      return null;
    };
    closed.addEventListener("abort", () => {
      this.#used -= reserved;
      reserved = 0;
    });
    const refused = reserve(Number(request.headers["content-length"] ?? 0));
    if (refused !== null) return refused;
    const chunks: Buffer<ArrayBuffer>[] = [];
    let bytes = 0;
    // The refusal needs the connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      const tooLarge = reserve(bytes);
      if (tooLarge !== null) return tooLarge;
      chunks.push(chunk);
    }
    return new Blob(chunks);
  }
}
