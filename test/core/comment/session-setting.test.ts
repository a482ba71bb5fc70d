import { expect, test } from "vitest";
import { LINKED, over } from "../task.ts";
import { comment } from "./session-examples.ts";

test("the details say which settings of the policy the session confirmed", () => {
  const settings = [
    { name: "model", value: "claude-sonnet-4.6", isTaken: true },
    { name: "reasoning_effort", value: "xhigh", isTaken: false },
  ] as const;
  const text = comment(over(LINKED, { session: { settings } }));
  expect(text).toContain("- Model `claude-sonnet-4.6`\n");
  expect(text).toContain(
    "- Reasoning effort `xhigh` wasn't confirmed by the session, so it may use another one\n",
  );
});
