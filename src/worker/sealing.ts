import type { KeyObject } from "node:crypto";
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from "node:crypto";

/** X25519, HKDF with SHA-256, AES-256-GCM; in another form it would have another name. */
const FORM = "copilot-task-bot worker 1";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed text belongs to: for another call, it can't be opened. */
export interface Purpose {
  readonly sessionId: string;
  readonly callId: string;
}

/** The key of a worker's process. */
export interface WorkerKey {
  /** For whoever seals. */
  readonly publicKey: string;
  /** @throws when it was sealed for somebody or something else, or was changed */
  open(sealed: string, purpose: Purpose): string;
}

/** A new key, which is nowhere but in this process. */
export function createWorkerKey(): WorkerKey {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const own = rawOf(publicKey);
  return {
    publicKey: own.toString("base64url"),
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, "base64url");
      const [sender, nonce, tag, text] = split(bytes, [KEY_BYTES, NONCE_BYTES, TAG_BYTES]);
      const shared = diffieHellman({ privateKey, publicKey: publicKeyOf(sender) });
      const decipher = createDecipheriv("aes-256-gcm", keyOf(shared, sender, own), nonce);
      decipher.setAAD(dataOf(purpose)).setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
    },
  };
}

/** Seals a text so that only the process with this key can read it. @throws when that's no key */
export function sealFor(publicKey: string, text: string, purpose: Purpose): string {
  const recipient = Buffer.from(publicKey, "base64url");
  const pair = generateKeyPairSync("x25519");
  const sender = rawOf(pair.publicKey);
  const shared = diffieHellman({
    privateKey: pair.privateKey,
    publicKey: publicKeyOf(recipient),
  });
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(shared, sender, recipient), nonce);
  cipher.setAAD(dataOf(purpose));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([sender, nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

function keyOf(shared: Buffer, sender: Buffer, recipient: Buffer): Buffer {
  const salt = Buffer.concat([sender, recipient]);
  return Buffer.from(hkdfSync("sha256", shared, salt, FORM, KEY_BYTES));
}

function dataOf({ sessionId, callId }: Purpose): Buffer {
  return Buffer.from(JSON.stringify([FORM, sessionId, callId]));
}

function rawOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

function publicKeyOf(raw: Buffer): KeyObject {
  const jwk = { kty: "OKP", crv: "X25519", x: raw.toString("base64url") };
  return createPublicKey({ key: jwk, format: "jwk" });
}

function split(
  bytes: Buffer,
  [first, second, third]: readonly [number, number, number],
): readonly [Buffer, Buffer, Buffer, Buffer] {
  const two = first + second;
  const three = two + third;
  if (bytes.length < three) throw new Error("A sealed text is too short");
  return [
    bytes.subarray(0, first),
    bytes.subarray(first, two),
    bytes.subarray(two, three),
    bytes.subarray(three),
  ];
}
