import { expect, test } from "vitest";
import { whatEnds } from "./watchdog.ts";

function endless(): void {
  for (;;);
}

function failing(): void {
  throw new TypeError("a defect");
}

test("a call that never ends is ended", () => {
  expect(() => whatEnds(endless, 25)).toThrow("Script execution timed out");
});

test("a call that has to wait for a processor isn't", () => {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  expect(whatEnds(() => Atomics.wait(nothing, 0, 0, 600), 200)).toBe("timed-out");
});

test("what a call throws is thrown", () => {
  expect(() => whatEnds(failing)).toThrow("a defect");
});
