import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeptTokens } from "../../src/worker/kept-tokens.ts";
import { TOKENS } from "./world.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("tokens are asked for when somebody wants them, and again when they're old", async () => {
  const ask = vi.fn(() => Promise.resolve(TOKENS));
  const onCame = vi.fn();
  const kept = new KeptTokens(ask, onCame);
  expect(ask).not.toHaveBeenCalled();
  expect([kept.take(), kept.take()]).toEqual([null, null]);
  await vi.waitUntil(() => onCame.mock.calls.length === 1);
  vi.advanceTimersByTime(4 * 60_000);
  expect(kept.take()).toEqual(TOKENS);
  expect(ask).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(kept.take()).toBeNull();
  await vi.waitUntil(() => onCame.mock.calls.length === 2);
  expect(kept.take()).toEqual(TOKENS);
  expect(ask).toHaveBeenCalledTimes(2);
});

test("why there are none is known, and they aren't asked for again", async () => {
  const error = new Error("GitHub gives no token");
  const ask = vi.fn(() => Promise.reject(error));
  const onCame = vi.fn();
  const kept = new KeptTokens(ask, onCame);
  expect([kept.take(), kept.failed]).toEqual([null, null]);
  await vi.waitUntil(() => onCame.mock.calls.length === 1);
  expect([kept.take(), kept.failed]).toEqual([null, { type: "failed", error }]);
  expect(ask).toHaveBeenCalledTimes(1);
});
