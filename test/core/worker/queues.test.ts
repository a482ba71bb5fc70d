import { expect, test } from "vitest";
import { queueOf, servesQueue } from "../../../src/core/worker/queues.ts";

test.for([
  [[], "host"],
  [["gpu"], "host/gpu"],
  [["large", "gpu", "large"], "host/gpu/large"],
] as const)("%j wait in %s", ([labels, queue]) => {
  expect(queueOf(labels)).toBe(queue);
});

test("a machine works on the queues whose labels it all has", () => {
  const labels = ["gpu", "large"];
  expect(
    ["host", "host/gpu", "host/gpu/large", "host/large"].every((queue) =>
      servesQueue(labels, queue),
    ),
  ).toBe(true);
  for (const queue of ["host/arm64", "host/gpu/arm64", "receive", "hosts", "host/gp"]) {
    expect(servesQueue(labels, queue)).toBe(false);
  }
});
