import type { IncomingMessage } from "node:http";

/** GitHub caps a payload at 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads. */
const MOST_BODY_BYTES = 25 * 1024 * 1024;

/** Reads a body; null when it is larger than GitHub ever sends. Rejects when it breaks off. */
export function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BODY_BYTES)
    return Promise.resolve(null);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  let size = 0;
  // Listeners, because iterating over a stream costs more than the signature.
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) {
      chunks.push(chunk);
      return;
    }
    request.pause();
    resolve(null);
  });
  request.on("end", () => {
    const [first] = chunks;
    resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
  request.on("error", reject);
  return promise;
}
