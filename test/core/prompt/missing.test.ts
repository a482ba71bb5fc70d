import { describe, expect, test } from "vitest";
import { BUILT_IN_PROMPTS } from "../../../src/core/policy/built-in-prompts.ts";
import type { Prompt } from "../../../src/core/prompt/prompt.ts";
import { renderPrompt } from "../../../src/core/prompt/prompt.ts";
import type { Subject } from "../../../src/core/access/survey.ts";
import { HEAD, PULL, subjectWith } from "../survey.ts";

/** The prompt about a pull request, or about an issue where there is none. */
function renderedWith(changes: Partial<Subject>, untrustedComments = 0): Prompt {
  const prompt = renderPrompt({
    kind: "triage",
    template: BUILT_IN_PROMPTS.get("triage") ?? "",
    owner: "octo-org",
    repository: "hello",
    place: PULL.head,
    hosted: null,
    subjectType: changes.pull === null ? "issue" : "pull_request",
    subjectNumber: 7,
    subject: subjectWith({ pull: PULL, ...changes }),
    untrustedComments,
    github: "https://github.com",
    requester: "octocat",
    requesterRole: "write",
    instructions: "",
    visibleInstructions: null,
    nonce: "9f86d081884c7d659a2feaa0c55ad015",
  });
  if (prompt.type === "problems") throw new TypeError(JSON.stringify(prompt.problems));
  return prompt;
}

function missingIn(missing: Subject["missing"]): Prompt {
  return renderedWith({ missing });
}

describe("what GitHub couldn't return", () => {
  test.each([
    [
      "files",
      `The list of changed files is missing below: the pull request is too large for GitHub to list them. Compare commit ${PULL.base.commit} with ${HEAD} to see them.`,
      "The list of changed files is missing: the pull request is too large for GitHub to list them.",
    ],
    [
      "comments",
      "The comments are missing below: GitHub couldn't return them.",
      "The comments are missing: GitHub couldn't return them.",
    ],
    [
      "older_comments",
      "Older comments are missing below: GitHub couldn't return them.",
      "Older comments are missing: GitHub couldn't return them.",
    ],
  ] as const)("is named in the prompt and the comment: %s", (part, line, sentence) => {
    const { text, leftOut } = missingIn([part]);
    expect(text.slice(0, text.indexOf("\nRules:"))).toContain(`\n\n${line}\n`);
    expect(leftOut).toBe(sentence);
  });

  test("has no passage, as if there were no files", () => {
    expect(missingIn(["files"]).text).not.toContain("changed files]");
    expect(missingIn([]).text).toContain(" changed files]");
  });

  test("is named part by part", () => {
    expect(missingIn(["files", "older_comments"]).leftOut).toBe(
      "The list of changed files is missing: the pull request is too large for GitHub to list them. Older comments are missing: GitHub couldn't return them.",
    );
  });
});

test.each([
  [1, "1 comment hidden on GitHub was left out."],
  [2, "2 comments hidden on GitHub were left out."],
])("%i hidden comments", (hiddenComments, sentence) => {
  expect(renderedWith({ hiddenComments }).leftOut).toBe(sentence);
});

/** What the prompt about such an issue lists as left out. */
function leftOutOf(changes: Partial<Subject>, untrustedComments = 0): string | null {
  return renderedWith({ pull: null, ...changes }, untrustedComments).leftOut;
}

describe("what is left out is listed", () => {
  test("nothing where nothing is", () => {
    expect(leftOutOf({ body: "**All** of `this` is visible." })).toBeNull();
  });

  test("one thing", () => {
    expect(leftOutOf({ body: "a<!-- b -->" })).toBe("1 hidden comment was left out of the issue.");
  });

  test("what is hard to see", () => {
    const body = `${"<sub>".repeat(3)}a${"</sub>".repeat(3)}`;
    expect(leftOutOf({ body })).toBe(
      "1 piece of text is hard to see on GitHub. The prompt marks it.",
    );
  });

  test("several, over all parts", () => {
    const body = "a<!-- b --><!-- c -->\u200B\u200B";
    expect(leftOutOf({ title: "a\u200Bb", body }, 3)).toBe(
      "2 hidden comments and 3 invisible characters were left out of the issue. 3 comments by people without write access were left out.",
    );
  });
});
