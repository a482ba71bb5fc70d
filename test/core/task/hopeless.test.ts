import { describe, expect, test } from "vitest";
import { pauseAfter } from "../../../src/core/github/trouble.ts";
import { isHopeless } from "../../../src/core/task/hopeless.ts";
import { PROMPTED, taskWith } from "../task.ts";

const HOUR_MS = 3_600_000;

/** How often GitHub is asked in that time, when pauses are as short as they can be. */
function triesWithin(ms: number): number {
  const trouble = { type: "ip_not_allowed", message: "No." } as const;
  let tries = 1;
  for (let at = 0; at < ms; tries += 1) at += pauseAfter(trouble, tries, 0, 5_000);
  return tries;
}

describe("a task", () => {
  test.each([1, 24, 168])("that GitHub refuses for %i hours isn't given up before", (hours) => {
    const attempt = triesWithin(hours * HOUR_MS);
    expect(isHopeless(taskWith({ attempt }), hours * HOUR_MS)).toBe(false);
  });

  test("that breaks off again and again is, unless its session has the prompt", () => {
    const attempt = 1_000;
    expect(isHopeless(taskWith({ attempt }), 24 * HOUR_MS)).toBe(true);
    expect(isHopeless(taskWith(PROMPTED, { attempt }), 24 * HOUR_MS)).toBe(false);
  });
});
