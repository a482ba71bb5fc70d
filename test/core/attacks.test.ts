import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { BUILT_IN_PROMPTS } from "../../src/core/built-in-prompts.ts";
import { renderComment } from "../../src/core/comment.ts";
import { plainLine } from "../../src/core/plain-text.ts";
import type { PromptInput } from "../../src/core/prompt.ts";
import { renderPrompt } from "../../src/core/prompt.ts";
import { echo, sanitise, sanitiseLine } from "../../src/core/sanitise/sanitise.ts";
import { HIDDEN, SECRET, VISIBLE } from "./attacks.ts";
import { PULL, subjectWith } from "./survey.ts";
import { LINKED, taskWith } from "./task.ts";

const NONCE = "9f86d081884c7d659a2feaa0c55ad015";
const ALL = [...HIDDEN, ...VISIBLE];
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u00AD]|[\u{E0000}-\u{E0FFF}]/u;

/** A prompt about a pull request of which strangers wrote every part. */
function promptOf(text: string): string {
  const input: PromptInput = {
    kind: "triage",
    template: BUILT_IN_PROMPTS.get("triage") ?? "",
    owner: "octo-org",
    repository: "hello",
    place: { branch: "main", commit: PULL.base.commit },
    subjectType: "pull_request",
    subjectNumber: 7,
    subject: subjectWith({
      title: text,
      body: text,
      comments: [{ author: { id: null, login: text }, body: text }],
      pull: { ...PULL, files: [text] },
    }),
    untrustedComments: 0,
    github: "https://github.com",
    requester: "octocat",
    requesterRole: "read",
    instructions: text,
    nonce: NONCE,
  };
  const prompt = renderPrompt(input);
  if ("problems" in prompt) throw new TypeError("wrong template");
  return prompt.text;
}

const [BEGIN, END] = [`<<<<< ${NONCE} untrusted`, `>>>>> ${NONCE} untrusted`];

/** All of a prompt but what stands in the fence. */
function around(prompt: string): string {
  expect(prompt.split(BEGIN)).toHaveLength(2);
  expect(prompt.split(END)).toHaveLength(2);
  return prompt.slice(0, prompt.indexOf(BEGIN)) + prompt.slice(prompt.indexOf(END));
}

describe("what is hidden does not reach the agent at all", () => {
  test.each(HIDDEN)("$kind: $name", ({ text }) => {
    const { text: cleaned, removed } = sanitise(text);
    expect(cleaned).not.toContain(SECRET);
    expect(cleaned).not.toMatch(INVISIBLE);
    expect(Object.keys(removed).length).toBeGreaterThan(0);
    expect(sanitise(cleaned)).toEqual({ text: cleaned, removed: {} });
  });
});

describe("nothing leaves the fence", () => {
  test.each(ALL)("$kind: $name", ({ text }) => {
    const prompt = promptOf(text);
    expect(around(prompt)).toBe(around(promptOf("Hello.")));
    expect(prompt).not.toMatch(INVISIBLE);
  });
});

describe("nothing becomes HTML, a mention or a reference in a comment", () => {
  test.each(ALL)("$kind: $name", ({ text }) => {
    for (const markdown of [
      echo(text, 1_500),
      renderComment(taskWith({ ...LINKED, said: text, unfollowed: "over" }), "https://github.com"),
    ]) {
      const shown = JSON.stringify(textsOf(markdown));
      expect(shown).not.toMatch(/@octo|@copilot|#1\b|GH-3|evil\.example|onerror|<form/u);
    }
  });
});

describe("nothing forges a line of the log", () => {
  test.each(ALL)("$kind: $name", ({ text }) => {
    for (const line of [plainLine(text, 200), sanitiseLine(text, 200).text]) {
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(line).not.toMatch(INVISIBLE);
    }
  });
});

test("nothing reaches a shell: the bot starts none", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join("src", name), "utf8"));
  expect(sources.length).toBeGreaterThan(90);
  for (const source of sources) expect(source).not.toMatch(/child_process|\bexecSync\b|\bspawn\(/u);
});

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** What GitHub would look at: all text and HTML of a comment, without code and the bot's own marker. */
function textsOf(markdown: string): string[] {
  const texts: string[] = [];
  const visit = ({ type, value = "", children = [] }: MarkdownNode): void => {
    if (type === "text" || type === "html") texts.push(value);
    for (const child of children) visit(child);
  };
  visit(fromMarkdown(markdown));
  return texts;
}
