import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

/** What one operation of a delta can copy. */
const MAX_COPY = 2 ** 16;

/** The types of objects in a pack. */
const BLOB = 3;
const REF_DELTA = 7;

/** An object's id that nothing has, in hexadecimal. */
const BOMB = "1".repeat(40);

/**
 * A pack with a file that is the same 64 KB again and again, and its index, for the variables of an agent's environment.
 * The id of that file isn't its own: nobody finds out without making it. With the piece, it's sent as it is.
 *
 * @param size of the file, in bytes
 */
export function packBomb(size: number): Record<"PACK" | "INDEX" | "PIECE" | "BOMB", string> {
  const base = Buffer.alloc(MAX_COPY, "x");
  const baseId = sha1(`blob ${MAX_COPY}\0`, base);
  // An operation without offset and size copies the first 64 KB.
  const copies = Buffer.alloc(Math.ceil(size / MAX_COPY), 0x80);
  const delta = Buffer.concat([varint(MAX_COPY), varint(copies.length * MAX_COPY), copies]);
  const objects = [
    Buffer.concat([objectHeader(BLOB, base.length), deflateSync(base)]),
    Buffer.concat([objectHeader(REF_DELTA, delta.length), baseId, deflateSync(delta)]),
  ] as const;
  const begin = Buffer.concat([Buffer.from("PACK"), word(2), word(2)]);
  const whole = Buffer.concat([begin, ...objects]);
  const packId = sha1(whole);
  const entries = [
    { id: baseId, offset: begin.length, crc: crc32(objects[0]) },
    {
      id: Buffer.from(BOMB, "hex"),
      offset: begin.length + objects[0].length,
      crc: crc32(objects[1]),
    },
  ].toSorted((a, b) => Buffer.compare(a.id, b.id));
  const fanOut = Array.from({ length: 256 }, (_, first) =>
    word(entries.filter(({ id }) => (id[0] ?? 0) <= first).length),
  );
  const index = Buffer.concat([
    Buffer.from("\u00fftOc", "latin1"),
    word(2),
    ...fanOut,
    ...entries.map(({ id }) => id),
    ...entries.map(({ crc }) => word(crc)),
    ...entries.map(({ offset }) => word(offset)),
    packId,
  ]);
  return {
    PACK: Buffer.concat([whole, packId]).toString("base64"),
    INDEX: Buffer.concat([index, sha1(index)]).toString("base64"),
    PIECE: baseId.toString("hex"),
    BOMB,
  };
}

function sha1(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) + 0x80);
  return Buffer.from([...bytes, left]);
}

/** The type, and four bits of the size; the rest as a varint. */
function objectHeader(type: number, size: number): Buffer {
  const more = Math.floor(size / 16);
  const first = type * 16 + (size % 16);
  return more === 0
    ? Buffer.from([first])
    : Buffer.concat([Buffer.from([first + 0x80]), varint(more)]);
}
