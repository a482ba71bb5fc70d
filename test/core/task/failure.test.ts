import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../../../src/core/task/failure.ts";
import { retryDelayMs } from "../../../src/core/task/failure.ts";
import { CODES } from "../codes.ts";

describe("the time until the bot retries by itself", () => {
  const failure: Failure = { code: "rate_limited", message: "", nothingCreated: true };

  test.each([
    [0, 0, 5_000],
    [0, 1, 10_000],
    [1, 0, 10_000],
    [1, 0.5, 15_000],
    [2, 0, 20_000],
    [2, 1, 40_000],
  ])("after %i retries, with a chance of %d, is %i ms", (retries, chance, delay) => {
    expect(retryDelayMs(failure, retries, chance, 5_000)).toBe(delay);
  });

  test.each([
    [3, 5_000],
    [60, 60_000],
    [3_600, 3_600_000],
  ])("is at least the %i s that the server asked for: %i ms", (retryAfterSeconds, delay) => {
    expect(retryDelayMs({ ...failure, retryAfterSeconds }, 0, 0, 5_000)).toBe(delay);
  });

  test.each([3, 4, 100])("never comes after %i retries", (retries) => {
    expect(retryDelayMs(failure, retries, 0, 5_000)).toBeNull();
  });

  const PASSING: readonly FailureCode[] = [
    "rate_limited",
    "runtime_crashed",
    "checkout_failed",
    "mission_control_unreachable",
  ];

  test.each(PASSING)("comes for %s, unless a session may have been created", (code) => {
    expect(retryDelayMs({ ...failure, code }, 0, 0, 5_000)).toBe(5_000);
    expect(retryDelayMs({ ...failure, code, nothingCreated: false }, 0, 0, 5_000)).toBeNull();
  });

  test.each(CODES.filter((code) => !PASSING.includes(code)))("never comes for %s", (code) => {
    const asked = { ...failure, code, retryAfterSeconds: 1 };
    expect(retryDelayMs(asked, 0, 0, 5_000)).toBeNull();
  });
});

test("every code is given to something", () => {
  const files = globSync("src/**/*.ts", { exclude: ["src/core/comment/**"] });
  // A line with nothing but the code is a member of a union or of a list.
  const lines = files
    .flatMap((file) => readFileSync(file, "utf8").split("\n"))
    .filter((line) => !/^\s*(?:\| )?"\w+"[,;]?$/u.test(line));
  expect(CODES.filter((code) => !lines.some((line) => line.includes(`"${code}"`)))).toEqual([]);
});
