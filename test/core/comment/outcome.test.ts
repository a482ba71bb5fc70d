import { expect, test } from "vitest";
import { cutOffSentences, outcomeSentence } from "../../../src/core/comment/outcome.ts";
import type { SessionCommand } from "../../../src/core/session/session-command.ts";

function sendBy(requester: string): SessionCommand {
  return { id: requester, taskId: "t", type: "send", text: "Go on.", requester };
}

test("many commands with an unknown outcome are mentioned once for each person", () => {
  const one = cutOffSentences([sendBy("octocat")]);
  expect(cutOffSentences(Array.from({ length: 500 }, () => sendBy("octocat")))).toBe(one);
});

test("what is unknown of many people's commands leaves room in the comment", () => {
  const all = cutOffSentences(
    Array.from({ length: 500 }, (_, index) => sendBy(`octocat-${index}`)),
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
  expect(outcomeSentence({ type: "answer", came, words }, "writer")).toBe(sentence);
});
