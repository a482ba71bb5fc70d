import type { KeyObject } from "node:crypto";
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from "node:crypto";

/** What a sealed text belongs to: nowhere else can it be opened. */
export interface SealPlace {
  /** Host of the GitHub, e.g. `github.com`. */
  readonly host: string;
  readonly userId: number;
  readonly field: "token" | "refreshToken" | "viewerToken";
}

/** Encrypts and authenticates short texts. */
export interface Cipher<Place = SealPlace> {
  /** `v1.KEY.IV.TAG+TEXT`, in base64url; different each time. KEY says which key it was, and nothing of it. */
  seal(plain: string, place: Place): string;
  /** Null when it's not exactly what `seal` gave for this place, or the key is missing. */
  open(sealed: string, place: Place): string | null;
  /** Whether it was sealed with the key that seals now. */
  isCurrent(sealed: string): boolean;
}

const ALGORITHM = "aes-256-gcm";
const VERSION = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM. A random IV of 96 bits is safe for 2^32 texts with one key (NIST SP 800-38D, 8.3).
 *
 * @param keys of 32 bytes, at least one: the first one seals, all of them open
 */
export function createCipher(keys: readonly KeyObject[]): Cipher {
  return createCipherFor(keys, placeBytes);
}

/**
 * Encrypts what browsers keep; the place is what it's for. The keys are derived from the bot's: whoever opens pages has
 * as much encrypted as they like, which mustn't use up the keys of people's tokens.
 */
export function createCookieCipher(keys: readonly KeyObject[]): Cipher<string> {
  return createCipherFor(keys.map(cookieKeyOf), (place) => Buffer.from(place));
}

/** HKDF (RFC 5869); no salt is needed for a key that is random already. */
function cookieKeyOf(key: KeyObject): KeyObject {
  const bytes = hkdfSync("sha256", key, "", "copilot-task-bot cookies", 32);
  return createSecretKey(Buffer.from(bytes));
}

/** @param bytesOfPlace in a form in which no two places are the same */
function createCipherFor<Place>(
  keys: readonly KeyObject[],
  bytesOfPlace: (place: Place) => Buffer,
): Cipher<Place> {
  const known = keys.map((key) => ({ key, id: idOf(key) }));
  const [current] = known;
  if (current === undefined) throw new RangeError("no key to seal with");
  return {
    seal(plain, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(bytesOfPlace(place));
      const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      const body = Buffer.concat([cipher.getAuthTag(), text]);
      return [VERSION, current.id, iv.toString("base64url"), body.toString("base64url")].join(".");
    },
    open(sealed, place) {
      const parts = partsOf(sealed);
      if (parts === null) return null;
      const { iv, body } = parts;
      // Two keys may have the same id, by a chance of one in 2^32.
      for (const { key } of known.filter(({ id }) => id === parts.keyId)) {
        const plain = opened(key, iv, body, bytesOfPlace(place));
        if (plain !== null) return plain;
      }
      return null;
    },
    isCurrent: (sealed) => partsOf(sealed)?.keyId === current.id,
  };
}

function idOf(key: KeyObject): string {
  return createHash("sha256").update(key.export()).digest("hex").slice(0, 8);
}

/** In a form in which no two places are the same bytes. */
function placeBytes({ host, userId, field }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify([VERSION, host, userId, field]));
}

function partsOf(sealed: string) {
  const [version, keyId = "", iv = "", body = "", ...rest] = sealed.split(".");
  if (version !== VERSION || rest.length > 0) return null;
  const parts = { keyId, iv: bytesOf(iv), body: bytesOf(body) };
  return parts.iv.length === IV_BYTES && parts.body.length >= TAG_BYTES ? parts : null;
}

/** None of what is written in another way than `seal` does: Node ignores bits and characters that say nothing. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : Buffer.alloc(0);
}

function opened(key: KeyObject, iv: Buffer, body: Buffer, place: Buffer): string | null {
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(place);
  decipher.setAuthTag(body.subarray(0, TAG_BYTES));
  try {
    const text = [decipher.update(body.subarray(TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString("utf8");
  } catch {
    // The tag doesn't fit. OpenSSL's message says no more.
    return null;
  }
}
