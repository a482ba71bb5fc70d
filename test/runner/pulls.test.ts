import { expect, test } from "vitest";
import { pullsWith } from "../../src/core/actor/seen.ts";
import { taskWith } from "../core/task.ts";

const PULL = "https://github.com/octo-org/hello/pull/";
const AT = "2026-11-21T12:00:00.000Z";

function sessionCommand(
  number: number,
  text: string,
  type: "pull_request" | "send" = "pull_request",
) {
  const id = `o${number}`;
  return { id, taskId: "task", type, text, requester: "writer", createdAt: AT };
}

test("a pull request that is news is kept where its session cannot be reached, once", () => {
  const task = taskWith({ session: { progress: { pulls: [`${PULL}1`, `${PULL}2`] } } });
  const sessionCommands = [
    sessionCommand(1, `${PULL}2`.toUpperCase().replace("HTTPS", "https")),
    sessionCommand(2, `${PULL}3`),
  ];
  expect(pullsWith(task, sessionCommands, AT)).toEqual([`${PULL}1`, `${PULL}2`, `${PULL}3`]);
  expect(pullsWith(taskWith(), [sessionCommand(1, "Go on.", "send")], AT)).toEqual([]);
});
