import { expect, test } from "vitest";
import type { CommandOutcome } from "../../../src/core/comment/outcome.ts";
import {
  cutOffSentences,
  outcomeSentence,
  stoppedEarly,
  stopMissed,
} from "../../../src/core/comment/outcome.ts";
import type { SessionCommand } from "../../../src/core/session/session-command.ts";

function sendBy(requester: string): SessionCommand {
  return { id: requester, taskId: "t", type: "send", text: "Go on.", requester };
}

test("many commands with an unknown outcome are mentioned once for each person", () => {
  const one = cutOffSentences([sendBy("octocat")], true);
  expect(
    cutOffSentences(
      Array.from({ length: 500 }, () => sendBy("octocat")),
      true,
    ),
  ).toBe(one);
});

test("what is unknown of many people's commands leaves room in the comment", () => {
  const all = cutOffSentences(
    Array.from({ length: 500 }, (_, index) => sendBy(`octocat-${index}`)),
    true,
  );
  expect(all?.length).toBeLessThan(1_500);
  expect(all).toMatch(/`octocat-4` arrived.*The same goes for other commands\.$/u);
});

test.each([
  ["approved", "", "`writer` approved Copilot's request."],
  ["denied", "not this way", "`writer` denied Copilot's request: `not this way`."],
  ["answered", "In lib", "`writer` answered Copilot's question: `In lib`."],
  ["declined", "", "`writer` declined Copilot's question."],
] as const)("an answer that arrived is named by what it is: %s", (came, words, sentence) => {
  expect(outcomeSentence({ type: "answer", came, words }, { requester: "writer" }, true)).toBe(
    sentence,
  );
});

const ADA = { requester: "ada", place: "page" } as const;

test.each<[CommandOutcome, string]>([
  [{ type: "stop", came: "aborted" }, "Stopped by `ada` (on the page)."],
  [
    { type: "send", came: "delivered" },
    "`ada` (on the page) sent a message, and Copilot received it.",
  ],
  [
    { type: "answer", came: "not_asked", words: "" },
    "The answer from `ada` (on the page) wasn't used, because it didn't name the request that Copilot was waiting for.",
  ],
])("a command from a page is named as one", (outcome, sentence) => {
  expect(outcomeSentence(outcome, ADA, true)).toBe(sentence);
});

test("a command from a page is named as one where nobody knows what came of it", () => {
  expect(stoppedEarly(ADA, false)).toBe("Stopped by `ada` (on the page) before it started.");
  expect(stopMissed(ADA, null, true)).toMatch(/^`ada` \(on the page\) asked to stop this task\./u);
  const sent = { id: "o", taskId: "t", type: "send", text: "Go on.", ...ADA } as const;
  expect(cutOffSentences([sent], true)).toContain(
    "whether the message from `ada` (on the page) arrived",
  );
});
