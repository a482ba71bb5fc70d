import type { IncomingMessage } from "node:http";
import type { BodyBudget } from "./body-budget.ts";

/** GitHub caps a payload at 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads. */
const MAX_BODY_BYTES = 25 * 1024 * 1024;

/** What Node spends on a chunk on top of its bytes: a body sent one byte at a time takes far more than its length. */
const CHUNK_OVERHEAD_BYTES = 512;

/** A body as it arrived. Its bytes count against the budget until they are given back. */
export interface UnverifiedBody {
  readonly chunks: readonly Buffer[];
  readonly giveBack: () => void;
}

/**
 * Reads a body. `too large`: larger than any that GitHub sends. `no room`: others need the memory. Rejects
 * when it breaks off.
 */
export function readBody(
  request: IncomingMessage,
  budget: BodyBudget,
): Promise<UnverifiedBody | "too large" | "no room"> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
    return Promise.resolve("too large");
  }
  const { promise, resolve, reject } = Promise.withResolvers<
    UnverifiedBody | "too large" | "no room"
  >();
  const chunks: Buffer[] = [];
  let size = 0;
  let isEnded = false;
  const hold = budget.open(() => refuse("no room"));

  function end(): boolean {
    if (isEnded) return false;
    isEnded = true;
    return true;
  }

  function refuse(why: "too large" | "no room"): void {
    if (!end()) return;
    chunks.length = 0;
    request.pause();
    hold.giveBack();
    resolve(why);
  }

  // Listeners, because iterating over a stream costs more than the signature.
  request.on("data", (chunk: Buffer) => {
    if (isEnded) return;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) refuse("too large");
    else if (hold.take(chunk.length + CHUNK_OVERHEAD_BYTES)) chunks.push(chunk);
  });
  request.on("end", () => {
    if (end()) resolve({ chunks, giveBack: () => hold.giveBack() });
  });
  request.on("error", (error) => {
    end();
    chunks.length = 0;
    hold.giveBack();
    reject(error);
  });
  return promise;
}
