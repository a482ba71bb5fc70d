import type { IncomingMessage } from "node:http";

/** GitHub caps a payload at 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads. */
const MOST_BODY_BYTES = 25 * 1024 * 1024;

/** Reads a body as text; null when it is larger than GitHub ever sends. Rejects when it breaks off. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BODY_BYTES) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
