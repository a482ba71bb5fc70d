import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

const PREFIX = "sha256=";

/**
 * What tells GitHub's webhooks from others: `X-Hub-Signature-256` is the HMAC-SHA-256 of the body, byte by
 * byte as it arrived, with the webhook's secret
 * (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries).
 */
export function createVerification(secret: string) {
  const key = createSecretKey(secret, "utf8");
  return (body: Buffer, signature: string): boolean => {
    if (!/^sha256=[0-9a-f]{64}$/u.test(signature)) return false;
    const given = Buffer.from(signature.slice(PREFIX.length), "hex");
    return timingSafeEqual(createHmac("sha256", key).update(body).digest(), given);
  };
}
