import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createThrottle } from "../../src/web/throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what's asked for often is done at once, and then once in a while", () => {
  const done = vi.fn();
  const { ask } = createThrottle(done, 5_000);
  ask();
  expect(done).toHaveBeenCalledTimes(1);
  for (let time = 0; time < 50; time += 1) {
    ask();
    vi.advanceTimersByTime(99);
  }
  expect(done).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(50);
  expect(done).toHaveBeenCalledTimes(2);
  // Nothing was asked for since.
  vi.advanceTimersByTime(60_000);
  expect(done).toHaveBeenCalledTimes(2);
  ask();
  expect(done).toHaveBeenCalledTimes(3);
});

test("nothing is done when it has ended", () => {
  const done = vi.fn();
  const { ask, end } = createThrottle(done, 5_000);
  ask();
  ask();
  end();
  vi.advanceTimersByTime(60_000);
  expect(done).toHaveBeenCalledTimes(1);
});
