/** What a runtime said can't be read, or would take too much of this process to read. */
export class FloodError extends Error {
  override readonly name = "FloodError";
}

/** What one frame, and one runtime, may cost: a long conversation, which is one frame when it's resumed, is far below. */
export const MAX_FRAME = 32 * 2 ** 20;
const MAX_TOTAL = 2 ** 30;

/** Besides bytes: each object and array, and each frame, are more work and memory than their bytes. */
const PER_VALUE = 64;
const PER_FRAME = 2_048;
/** Also what comes in one byte at a time is kept in pieces until the frame is whole. */
const PER_CHUNK = 256;

const HEADER =
  /^Content-Length: (?<length>\d{1,9})\r\n(?:Content-Type: [^\r\n]{1,100}\r\n)?\r\n$/iu;
const END_OF_HEADER = "\r\n\r\n";
const MAX_HEADER = 256;

const BRACE = "{".charCodeAt(0);
const BRACKET = "[".charCodeAt(0);

/** Follows JSON-RPC's frames in what a runtime says. An agent can have its runtime say anything. */
export class Frames {
  #header = "";
  /** Bytes that are still to come of a body. */
  #left = 0;
  #cost = 0;
  #total = 0;

  /** @returns about how many bytes of this process' memory and work that is @throws FloodError */
  read(chunk: Buffer): number {
    let cost = PER_CHUNK;
    for (let at = 0; at < chunk.length;) {
      if (this.#left === 0) {
        at = this.#readHeader(chunk, at);
        cost += PER_FRAME;
      } else {
        const body = chunk.subarray(at, at + this.#left);
        cost += costOf(body);
        this.#left -= body.length;
        at += body.length;
      }
      this.#assertCheap(cost);
    }
    this.#cost = this.#left === 0 ? 0 : this.#cost + cost;
    this.#total += cost;
    return cost;
  }

  /** @returns where it ends in the chunk */
  #readHeader(chunk: Buffer, from: number): number {
    const part = chunk.toString("latin1", from, from + MAX_HEADER);
    const before = this.#header.length;
    this.#header += part;
    const end = this.#header.indexOf(END_OF_HEADER);
    if (end === -1) {
      if (this.#header.length >= MAX_HEADER) throw new FloodError("a header without an end");
      return chunk.length;
    }
    const whole = this.#header.slice(0, end + END_OF_HEADER.length);
    const length = HEADER.exec(whole)?.groups?.["length"];
    if (length === undefined) throw new FloodError("a header of another form");
    this.#header = "";
    this.#left = Number(length);
    if (this.#left > MAX_FRAME) throw new FloodError("a frame that's too large");
    return from + whole.length - before;
  }

  #assertCheap(cost: number): void {
    if (this.#cost + cost > MAX_FRAME + PER_CHUNK + PER_FRAME)
      throw new FloodError("a frame that's too large");
    if (this.#total + cost > MAX_TOTAL) throw new FloodError("more than any agent's work");
  }
}

function costOf(body: Buffer): number {
  let values = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === BRACE || byte === BRACKET) values += 1;
  }
  return body.length + values * PER_VALUE;
}
