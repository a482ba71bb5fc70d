import { describe, expect, test } from "vitest";
import { pauseAfter } from "../../../src/core/github/trouble.ts";
import { failureOfTrouble } from "../../../src/core/task/failure.ts";

describe("the pause after a refusal", () => {
  const forbidden = { type: "forbidden", message: "" } as const;

  test("doubles, up to a quarter of an hour", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 100].map((time) => pauseAfter(forbidden, time, 0, 30_000));
    expect(pauses.map((pause) => pause / 1_000)).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  test.each([
    [0, 60_000],
    [0.5, 75_000],
    [1, 90_000],
  ])("with a chance of %d is %i ms", (chance, pause) => {
    expect(pauseAfter(forbidden, 2, chance, 30_000)).toBe(pause);
  });

  test("is never shorter than GitHub asks for", () => {
    const limited = { type: "unreachable", message: "", retryAfterSeconds: 3_600 } as const;
    expect(pauseAfter(limited, 1, 0, 30_000)).toBe(3_600_000);
    expect(pauseAfter(limited, 1, 1, 30_000)).toBe(3_615_000);
  });
});

test.each([
  ["not_permitted", "app_not_permitted"],
  ["unreachable", "github_unreachable"],
  ["ip_not_allowed", "ip_not_allowed"],
  ["unauthorized", "github_refused"],
  ["forbidden", "github_refused"],
  ["spam", "github_refused"],
  ["conflict", "github_refused"],
  ["locked", "github_refused"],
] as const)("a task that %s has kept waiting for too long fails as %s", (type, code) => {
  expect(failureOfTrouble(type)).toBe(code);
});
