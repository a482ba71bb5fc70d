import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createLog, forOwnWords } from "../../src/app/logging.ts";

/** What a line says, besides its time. */
function lineOf(
  write: (log: ReturnType<typeof createLog>) => void,
  secrets: readonly string[] = [],
) {
  const lines: string[] = [];
  write(createLog("info", { write: (line) => void lines.push(line) }, secrets));
  expect(lines).toHaveLength(1);
  const { time, ...fields } = z.record(z.string(), z.unknown()).parse(JSON.parse(lines[0] ?? ""));
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
  return fields;
}

/** What a line gets in addition to its fields. */
function idsFor(fields: object): object {
  return { trace_id: `of ${JSON.stringify(fields)}` };
}

/** As Octokit's errors are: all that was asked hangs on them. */
function requestError(): Error {
  const request = { headers: { authorization: "token ghs_secret" }, body: "a stranger's words" };
  return Object.assign(new Error("Not Found"), { status: 404, request, response: request });
}

describe("a line of the log", () => {
  test("has the fields that it is given, in their order", () => {
    const at = new Date("2026-11-21T12:00:00.000Z");
    const fields = { taskId: "1", counts: { count: 2, names: ["a"] }, at, none: null };
    expect(lineOf((log) => log.info(fields, "task queued"))).toEqual({
      level: "info",
      ...fields,
      at: at.toISOString(),
      msg: "task queued",
    });
  });

  test("has the ids that are found for it, also from one for the bot's own words", () => {
    const lines: string[] = [];
    const log = createLog("info", { write: (line) => void lines.push(line) }, [], idsFor);
    forOwnWords(log).info({ taskId: "1" }, "task queued");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      taskId: "1",
      trace_id: 'of {"taskId":"1"}',
    });
  });

  test.each([
    ["itself", { token: "s3cret", payload: { title: "s3cret" } }],
    ["a field", { event: { id: 5, payload: { title: "s3cret" }, signature: "s3cret" } }],
    ["an event of a field", { failed: { event: { id: 5, payload: { title: "s3cret" } } } }],
    ["an error's field", { error: Object.assign(new Error("no"), { headers: "s3cret" }) }],
  ])("leaves out what is secret in %s", (_where, fields) => {
    const line = lineOf((log) => log.warn({ taskId: "1", ...fields }, "odd"));
    expect(JSON.stringify(line)).not.toContain("s3cret");
    expect(line).toMatchObject({ taskId: "1", msg: "odd" });
  });

  test("leaves out what is secret in the fields of all its lines", () => {
    const fields = { name: "http", token: "s3cret", event: { id: 5, payload: "s3cret" } };
    const line = lineOf((log) => log.child(fields).info("there"));
    expect(line).toEqual({ level: "info", name: "http", event: { id: 5 }, msg: "there" });
  });

  test("has an error's type, message, stack, and status, and none of its other fields", () => {
    const cause = requestError();
    const line = lineOf((log) => log.error({ err: new Error("no", { cause }) }, "failed"));
    expect(line).toMatchObject({
      level: "error",
      err: { type: "Error", message: "no", cause: { message: "Not Found", status: 404 } },
    });
    expect(JSON.stringify(line)).not.toMatch(/ghs_|stranger/u);
    expect(JSON.stringify(lineOf((log) => log.error(requestError())))).not.toMatch(/ghs_/u);
  });

  test("of the bot's own words is the same, errors included", () => {
    const fields = { deliveryId: "1", event: "issues", err: requestError() };
    const line = lineOf((log) => forOwnWords(log).error(fields, "webhook not stored"));
    expect(line).toEqual(lineOf((log) => log.error(fields, "webhook not stored")));
    expect(JSON.stringify(line)).not.toMatch(/ghs_|stranger/u);
  });
});

/** An error of another realm, as code in a `vm` throws it. */
const foreign: unknown = runInNewContext("new RangeError('from afar')");
const hidden = Object.defineProperty({}, "message", {
  get() {
    throw new Error("no");
  },
});
const circle: Error & { cause?: unknown } = new Error("round");
circle.cause = circle;

describe("whatever is thrown is logged readably", () => {
  test.each<[string, unknown, object]>([
    ["a string", "it broke", { message: "it broke" }],
    ["nothing", undefined, { message: "undefined" }],
    ["null", null, { message: "null" }],
    ["an empty string", "", { message: "an empty string" }],
    ["a symbol", Symbol("stop"), { message: "Symbol(stop)" }],
    ["a function", () => 1, { message: "a function" }],
    ["an object", { a: 1, b: "s3cret" }, { message: "an object with a, b" }],
    ["an object without a prototype", Object.create(null), { message: "an object without fields" }],
    ["an object whose message can't be read", hidden, { message: "an object without fields" }],
    ["an array", [{ a: 1 }], { message: "an array with 0" }],
    ["an answer of JSON-RPC", { code: -32_603, message: "no" }, { message: "no", code: -32_603 }],
    ["an API's answer", { error: { message: "not here" } }, { message: "not here" }],
    [
      "an error whose message is an object",
      Object.assign(new Error(), { message: { error: "inside" } }),
      { type: "Error", message: "inside" },
    ],
    ["an error without a message", new TypeError(), { message: "TypeError without a message" }],
    [
      "an error with only a code",
      Object.assign(new Error(), { code: "ECONNREFUSED" }),
      { message: "ECONNREFUSED", code: "ECONNREFUSED" },
    ],
    [
      "an error with only a cause",
      new Error("", { cause: new Error("why") }),
      { message: "why", cause: { message: "why" } },
    ],
    ["an error of another realm", foreign, { message: "from afar" }],
    [
      "several errors in one",
      new AggregateError([
        Object.assign(new Error("connect ECONNREFUSED ::1:5432"), { code: "ECONNREFUSED" }),
        new Error("connect ECONNREFUSED 127.0.0.1:5432"),
      ]),
      {
        type: "AggregateError",
        message: "connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432",
        errors: [{ code: "ECONNREFUSED" }, { message: "connect ECONNREFUSED 127.0.0.1:5432" }],
      },
    ],
    [
      "a time limit",
      new DOMException("too late", "TimeoutError"),
      { type: "TimeoutError", message: "too late", code: 23 },
    ],
    [
      "PostgreSQL's refusal",
      Object.assign(new Error("duplicate key"), { code: "23505", detail: "(name)=(s3cret)" }),
      { message: "duplicate key", code: "23505" },
    ],
    [
      "SQLite's refusal",
      Object.assign(new Error("full"), { code: "ERR_SQLITE_ERROR", errcode: 13 }),
      { message: "full", code: "SQLITE_FULL" },
    ],
    [
      "a detailed refusal of SQLite's",
      Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR", errcode: 778 }),
      { code: "SQLITE_IOERR" },
    ],
    ["an error that causes itself", circle, { message: "round", cause: { message: "round" } }],
  ])("%s", (_what, thrown, logged) => {
    const line = lineOf((log) => log.error({ err: thrown }, "failed"));
    expect(line).toMatchObject({ err: logged });
    expect(JSON.stringify(line)).not.toMatch(/\[object|s3cret/u);
  });

  test("under any name, and with no message besides", () => {
    const named = lineOf((log) => log.warn({ taskId: "1", reason: requestError() }, "failed"));
    expect(named).toMatchObject({ taskId: "1", reason: { type: "Error", message: "Not Found" } });
    const alone = lineOf((log) => log.warn(requestError()));
    expect(alone).toMatchObject({ msg: "error", err: { message: "Not Found", status: 404 } });
    expect(JSON.stringify([named, alone])).not.toMatch(/ghs_|stranger/u);
  });

  test.each([
    ["a password in a URL", "connect to postgres://bot:s3cret-pass@db.example.com/bot failed"],
    ["a token", "GET https://api.github.com/?t=ghs_s3cretABCDEFGHIJKLMNOP12 failed"],
    ["a secret of the settings", "the proxy said: hunter2-s3cret is wrong"],
  ])("without %s", (_what, message) => {
    const line = lineOf(
      (log) => log.error({ err: new Error(message) }, "failed"),
      ["hunter2-s3cret"],
    );
    expect(JSON.stringify(line)).toContain("[redacted]");
    expect(JSON.stringify(line)).not.toContain("s3cret");
  });

  test("and no more of it than anybody reads", () => {
    const line = lineOf((log) => log.error({ err: new Error("x".repeat(100_000)) }, "failed"));
    expect(JSON.stringify(line).length).toBeLessThan(11_000);
  });
});
