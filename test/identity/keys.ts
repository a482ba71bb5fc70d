import type { KeyObject } from "node:crypto";
import { createSecretKey, randomBytes } from "node:crypto";

/** A key as ENCRYPTION_KEYS has them. */
export function newKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}
