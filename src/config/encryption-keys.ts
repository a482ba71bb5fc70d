import type { KeyObject } from "node:crypto";
import { createSecretKey } from "node:crypto";

/** AES-256's. */
const BYTES = 32;

/** The keys that `ENCRYPTION_KEYS` has, in their order, each once; a sentence without its subject where one isn't right. */
export type EncryptionKeys =
  | { readonly type: "keys"; readonly keys: readonly KeyObject[] }
  | { readonly type: "problem"; readonly problem: string };

/**
 * Reads the keys, which are separated by commas or blanks. They come as key objects, which show nothing of the key
 * wherever they may be printed.
 */
export function encryptionKeys(value: string): EncryptionKeys {
  const parts = value.split(/[\s,]+/u).filter((part) => part !== "");
  const keys = [...new Set(parts)].map((part) => ({ part, bytes: Buffer.from(part, "base64") }));
  // Node's reader of base64 skips what isn't base64: only what comes out the same was whole.
  const isWrong = keys.some(
    ({ part, bytes }) => bytes.length !== BYTES || bytes.toString("base64") !== part,
  );
  if (isWrong || keys.length === 0) return { type: "problem", problem: WRONG };
  return { type: "keys", keys: keys.map(({ bytes }) => createSecretKey(bytes)) };
}

const WRONG = `must be one or more keys, separated by commas, each the base64 of ${BYTES} bytes; \`openssl rand -base64 ${BYTES}\` generates one`;
