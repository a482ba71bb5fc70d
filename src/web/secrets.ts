import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two secrets are the same, in a time that doesn't depend on what they have in common. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

/** The challenge for a verifier of PKCE, by the method S256: https://datatracker.ietf.org/doc/html/rfc7636#section-4.2. */
export function challengeOf(verifier: string): string {
  return sha256(verifier).toString("base64url");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
