import { expect, test } from "vitest";
import { documentedLink } from "../../src/core/link.ts";

test.each([
  ["5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21", "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21"],
  ["../settings?a#b", "..%2Fsettings%3Fa%23b"],
])("the session %s is found at /copilot/tasks/%s", (sessionId, path) => {
  expect(documentedLink(sessionId)).toBe(`https://github.com/copilot/tasks/${path}`);
});
