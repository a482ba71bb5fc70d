import { expect, test } from "vitest";
import type { TaskPurpose } from "../../../src/core/task/purpose.ts";
import { purposeOf } from "../../../src/core/task/purpose.ts";
import type { Layer } from "../task.ts";
import { COMMANDED, over, taskWith } from "../task.ts";

const named = (name: string) => over(COMMANDED, { trigger: { name } });

test.each<[what: string, layer: Layer, purpose: TaskPurpose]>([
  ["a label", {}, { type: "session" }],
  ["a command of the policy's", named("triage"), { type: "session" }],
  ["a question about the bot", named("help"), { type: "control", command: "help" }],
  ["a command to a session", named("stop"), { type: "session_command", command: "stop" }],
  ["a retry of nothing yet", named("retry"), { type: "session_command", command: "retry" }],
  [
    "a retry of a task",
    over(named("retry"), { decision: { retryOf: "first" } }),
    { type: "session" },
  ],
  [
    "what is no command where it stands",
    over(named("help"), { trigger: { misplaced: "code" } }),
    { type: "explanation" },
  ],
])("the task of %s says what it is for", (_what, layer, purpose) => {
  expect(purposeOf(taskWith(layer))).toEqual(purpose);
});
