import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createLog, forOwnWords } from "../src/logging.ts";

/** What a line says, besides its time. */
function lineOf(write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  write(createLog("info", { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  const { time, ...fields } = z.record(z.string(), z.unknown()).parse(JSON.parse(lines[0] ?? ""));
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
  return fields;
}

/** As Octokit's errors are: all that was asked hangs on them. */
function requestError(): Error {
  const request = { headers: { authorization: "token ghs_secret" }, body: "a stranger's words" };
  return Object.assign(new Error("Not Found"), { status: 404, request, response: request });
}

describe("a line of the log", () => {
  test("has the fields that it is given, in their order", () => {
    const at = new Date("2026-11-21T12:00:00.000Z");
    const fields = { taskId: "1", told: { count: 2, names: ["a"] }, at, none: null };
    expect(lineOf((log) => log.info(fields, "task queued"))).toEqual({
      level: "info",
      ...fields,
      at: at.toISOString(),
      msg: "task queued",
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

  test("tells of an error its type, message, stack and status, and nothing that hangs on it", () => {
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
