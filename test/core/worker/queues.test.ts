import { expect, test } from "vitest";
import { queueOf, servesQueue } from "../../../src/core/worker/queues.ts";

test.for([
  [[], "host.1"],
  [["gpu"], "host.1/gpu"],
  [["large", "gpu", "large"], "host.1/gpu/large"],
] as const)("%j wait in %s", ([labels, queue]) => {
  expect(queueOf(labels)).toBe(queue);
});

test("a machine works on the queues whose labels it all has", () => {
  const labels = ["gpu", "large"];
  expect(
    ["host.1", "host.1/gpu", "host.1/gpu/large", "host.1/large"].every((queue) =>
      servesQueue(labels, queue),
    ),
  ).toBe(true);
  for (const queue of [
    "host.1/arm64",
    "host.1/gpu/arm64",
    "receive",
    "hosts",
    "host",
    "host.2/gpu",
    "host.1/gp",
  ]) {
    expect(servesQueue(labels, queue)).toBe(false);
  }
});
