import { expect, test, vi } from "vitest";
import { createLate, createLateRunner } from "../../src/runner/late.ts";

test("what is created late is created once, when it is first asked for", async () => {
  const create = vi.fn(() => Promise.resolve({}));
  const late = createLate(create);
  expect(late.created()).toBeNull();
  const [one, other] = await Promise.all([late.get(), late.get()]);
  expect(one).toBe(other);
  expect(await late.created()).toBe(one);
  expect(create).toHaveBeenCalledOnce();
});

test("what could not be created is tried again when it is asked for again", async () => {
  const late = createLate(
    vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error("no")).mockResolvedValue("it"),
  );
  await expect(late.get()).rejects.toThrow("no");
  expect(await late.get()).toBe("it");
});

test("a runner that cannot be created does not keep the bot from stopping", async () => {
  const creation = Promise.withResolvers<never>();
  const runner = createLateRunner(() => creation.promise);
  const received = runner.receive("task");
  const stopped = runner.stop();
  const looked = runner.lookForOrders();
  runner.nudge("task");
  creation.reject(new Error("no"));
  await expect(received).rejects.toThrow("no");
  await expect(Promise.all([stopped, looked])).resolves.toBeDefined();
});
