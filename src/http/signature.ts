import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

/**
 * The digest in a header `X-Hub-Signature-256`: the HMAC-SHA-256 of the body with the webhook's secret
 * (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). Null for what is none.
 */
export function digestIn(header: string): Buffer | null {
  const digest = /^sha256=(?<hex>[0-9a-f]{64})$/u.exec(header)?.groups?.["hex"];
  return digest === undefined ? null : Buffer.from(digest, "hex");
}

/** Distinguishes GitHub's webhooks from others: the digest must be that of the body, byte by byte as it arrived. */
export function createVerification(secret: string) {
  const key = createSecretKey(secret, "utf8");
  return (chunks: readonly Buffer[], digest: Buffer): boolean => {
    const hmac = createHmac("sha256", key);
    for (const chunk of chunks) hmac.update(chunk);
    return timingSafeEqual(hmac.digest(), digest);
  };
}
