import { expect, test } from "vitest";
import { pullsWith } from "../../src/runner/followed.ts";
import { taskWith } from "../core/task.ts";

const PULL = "https://github.com/octo-org/hello/pull/";
const AT = "2026-11-21T12:00:00.000Z";

function order(number: number, text: string, type: "pull_request" | "send" = "pull_request") {
  const id = `o${number}`;
  return { id, taskId: "task", type, text, requester: "writer", createdAt: AT };
}

test("a pull request that is news is kept where its session cannot be reached, once", () => {
  const task = taskWith({ pulls: `${PULL}1\n${PULL}2` });
  const orders = [
    order(1, `${PULL}2`.toUpperCase().replace("HTTPS", "https")),
    order(2, `${PULL}3`),
  ];
  expect(pullsWith(task, orders, AT)).toBe(`${PULL}1\n${PULL}2\n${PULL}3`);
  expect(pullsWith(taskWith(), [order(1, "Go on.", "send")], AT)).toBeNull();
});
