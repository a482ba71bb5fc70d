import { Transform, pipeline } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { RuntimeProcess } from "../client.ts";
import { FloodError, Frames } from "./frames.ts";

/** So much is read at once, and so much a second after that: what comes faster waits in the runtime. */
const BURST = 64 * 2 ** 20;
const PER_SECOND = 4 * 2 ** 20;
/** What waits to be sent to a runtime that doesn't read. */
const MAX_UNREAD = 16 * 2 ** 20;
/** So much of a runtime's errors is kept and logged: the SDK keeps and logs all of them. */
const MAX_ERRORS = 16_384;

/**
 * Puts something between a runtime and the SDK, which reads whatever comes: an agent can write to its runtime's descriptors,
 * or make the runtime do so.
 *
 * @param onFlood called with what it was, once; the process is to be ended
 */
export function guardProcess(child: RuntimeProcess, onFlood: (what: string) => void): void {
  const { stdin, stdout, stderr } = child;
  if (stdout === null || stderr === null) return;
  const isUnread = () => (stdin?.writableLength ?? 0) > MAX_UNREAD;
  const guards = { stdout: guardFrames(isUnread, onFlood), stderr: guardErrors() };
  for (const [name, from] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    // It ends as the other one does, whatever the reason.
    pipeline(from, guards[name], () => {});
    Reflect.set(child, name, guards[name]);
  }
}

function guardFrames(isUnread: () => boolean, onFlood: (what: string) => void): Transform {
  const frames = new Frames();
  const pace = createPace();
  let isOver = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isOver) return done();
      try {
        const cost = frames.read(chunk);
        if (isUnread()) throw new FloodError("requests without reading the answers");
        pace(cost, () => done(null, chunk));
      } catch (error) {
        if (!(error instanceof FloodError)) return done(error instanceof Error ? error : null);
        isOver = true;
        onFlood(error.message);
        done();
      }
    },
  });
}

/** Passes on the beginning, without what could pass for something else in a log. */
function guardErrors(): Transform {
  const decoder = new StringDecoder("utf8");
  const pace = createPace();
  let left = MAX_ERRORS;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = left === 0 ? "" : decoder.write(chunk).slice(0, left);
      left -= text.length;
      const safe = text.replaceAll(/[^\n\P{Cc}]|[\p{Cf}\u{2028}\u{2029}]/gu, "\uFFFD");
      pace(chunk.length, () => done(null, safe));
    },
  });
}

/** Lets so much through at once, and then so much a second. */
function createPace() {
  let left = BURST;
  let at = performance.now();
  return (cost: number, then: () => void): void => {
    const now = performance.now();
    left = Math.min(BURST, left + ((now - at) * PER_SECOND) / 1_000) - cost;
    at = now;
    if (left >= 0) then();
    else setTimeout(then, (-left * 1_000) / PER_SECOND).unref();
  };
}
