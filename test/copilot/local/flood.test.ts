import { expect, test, vi } from "vitest";
import { Frames, MAX_FRAME } from "../../../src/copilot/local/frames.ts";
import { boundedLog } from "../../../src/copilot/local/bounded-log.ts";
import { createLocalCopilot } from "../../../src/copilot/local/local-copilot.ts";
import { createEventLog } from "../../../src/copilot/event-log.ts";
import { useLocalWorld } from "./world.ts";

const world = useLocalWorld();
const TIMEOUTS = { startMs: 60_000, deliveryMs: 30_000, confirmMs: 10_000 };
const MEGABYTE = 2 ** 20;

/** Has a runtime that only does this, and says what came of opening a session on it, and what was logged. */
async function openOn(script: string) {
  const log: string[] = [];
  const note = (fields: object, text: string) => log.push(`${text} ${JSON.stringify(fields)}`);
  const copilot = createLocalCopilot({
    timeouts: TIMEOUTS,
    log: { info: note, warn: note },
    variables: {},
  });
  const request = world.request("older");
  const command = { program: process.execPath, args: ["-e", script, "--"] };
  const opening = await copilot.open({ ...request, place: { ...request.place, command } });
  return { opening, log: log.join("\n").replaceAll(request.sessionId, "SESSION") };
}

/** Writes on as fast as it's read. */
const endlessly = (to: "stdout" | "stderr", what: string) =>
  `const write = () => { while (process.${to}.write(${what})); process.${to}.once("drain", write); }; write();`;

test.each([
  [
    "a frame without an end",
    '"x".repeat(65536)',
    '"Content-Length: 99999999\\r\\n\\r\\n"',
    "large",
  ],
  ["a header without an end", '"x".repeat(65536)', '"Content-"', "a header without an end"],
  ["no frames", '"{}\\r\\n\\r\\n"', '""', "a header of another form"],
])(
  "a runtime that sends %s is ended, and takes none of the bot's memory",
  async (...one) => {
    const [, what, before, why] = one;
    const memory = process.memoryUsage().rss;
    const { opening, log } = await openOn(
      `process.stdout.write(${before}); ${endlessly("stdout", what)}`,
    );
    expect(opening).toMatchObject({ type: "failed", failure: { code: "runtime_crashed" } });
    expect(log).toContain("Copilot runtime of a local session sent too much, and was ended");
    expect(log).toContain(why);
    expect(process.memoryUsage().rss - memory).toBeLessThan(100 * MEGABYTE);
  },
  15_000,
);

test("of a runtime's errors, the bot keeps and logs the beginning, and no control characters", async () => {
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const { opening } = await openOn(
    `process.stderr.write("\\x1b[31mred\\r\\u202e\\n"); const line = "x".repeat(65535) + "\\n";
    for (let count = 0; count < 300; count += 1) process.stderr.write(line);
    process.stderr.end(() => process.exit(1));`,
  ).finally(() => spy.mockRestore());
  const all = written.filter((text) => text.startsWith("[CLI subprocess]")).join("");
  expect(all).toContain("[CLI subprocess] �[31mred��\n");
  expect(all.length).toBeGreaterThan(16_000);
  expect(all.length).toBeLessThan(20_000);
  if (opening.type !== "failed") throw new TypeError(opening.type);
  expect(opening.failure.message.length).toBeLessThan(20_000);
}, 15_000);

const frame = (body: string) =>
  Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

test("frames are followed however they're cut", () => {
  const two = Buffer.concat([frame('{"é":[1]}'), frame("{}")]);
  for (let at = 1; at < two.length; at += 1) {
    const frames = new Frames();
    frames.read(two.subarray(0, at));
    frames.read(two.subarray(at));
    expect(() => frames.read(frame("{}"))).not.toThrow();
    expect(() => frames.read(Buffer.from("{}\r\n\r\n"))).toThrow("a header of another form");
  }
});

test.each([
  ["too large", `Content-Length: ${MAX_FRAME + 1}\r\n\r\n`],
  ["another form", "Content-Length: 5\r\nContent-Length: 500\r\n\r\n"],
  ["another form", "Content-Length: -5\r\n\r\n"],
  ["another form", "Content-Length: 0x5\r\n\r\n"],
  ["without an end", "x".repeat(256)],
])("what would be read in another way isn't followed (%s)", (why, text) => {
  expect(() => new Frames().read(Buffer.from(text))).toThrow(why);
});

/** How many bytes are read in such pieces until that's too much. */
function readableIn(frames: Frames, piece: Buffer): number {
  let count = 0;
  expect(() => {
    for (; count < 1_000_000; count += 1) frames.read(piece);
  }).toThrow("too large");
  return count * piece.length;
}

test("what is little to send and much to keep costs as much as it is", () => {
  const chunk = Buffer.from("{},".repeat(20_000));
  const dense = new Frames();
  dense.read(Buffer.from(`Content-Length: ${MAX_FRAME}\r\n\r\n`));
  expect(readableIn(dense, chunk)).toBeLessThan(2 * MEGABYTE);
  const byBytes = new Frames();
  byBytes.read(Buffer.from(`Content-Length: ${MAX_FRAME}\r\n\r\n`));
  expect(readableIn(byBytes, Buffer.from("x"))).toBeLessThan(MEGABYTE);
  // A conversation as large as can be goes through.
  const whole = new Frames();
  whole.read(Buffer.from(`Content-Length: ${20 * MEGABYTE}\r\n\r\n`));
  const text = Buffer.from(JSON.stringify("a line of what a command said\n".repeat(2_000)));
  for (let sent = 0; sent < 20 * MEGABYTE - text.length; sent += text.length) whole.read(text);
});

test("a session's events take so much memory, and no more", () => {
  const onFull = vi.fn<(what: string) => void>();
  const log = boundedLog(createEventLog(), onFull);
  const at = { timestamp: new Date().toISOString(), parentId: null };
  const say = (id: string, content: string) =>
    log.add({ ...at, id, type: "user.message", data: { content } });
  for (let count = 0; count < 60; count += 1) say(`${count}`, "x".repeat(MEGABYTE));
  expect(onFull).not.toHaveBeenCalled();
  for (let count = 60; count < 65; count += 1) say(`${count}`, "x".repeat(MEGABYTE));
  expect(onFull).toHaveBeenCalledWith("events that take too much memory");
});
