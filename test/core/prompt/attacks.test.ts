import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../../sandbox/github/render.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";
import { BUILT_IN_PROMPTS } from "../../../src/core/policy/built-in-prompts.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { plainLine } from "../../../src/core/text/quote.ts";
import type { Prompt, PromptInput } from "../../../src/core/prompt/prompt.ts";
import { renderPrompt } from "../../../src/core/prompt/prompt.ts";
import { cleanLine, echo, sourceText } from "../../../src/core/text/plain.ts";
import { HIDDEN, SECRET, VISIBLE } from "./attacks.ts";
import { commentBy, PULL, subjectWith } from "../survey.ts";
import { LINKED, taskWith } from "../task.ts";

const NONCE = "9f86d081884c7d659a2feaa0c55ad015";
const ALL = [...HIDDEN, ...VISIBLE];
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u00AD]|[\u{E0000}-\u{E0FFF}]/u;

/** A prompt about a pull request of which strangers wrote every part. */
function promptOf(text: string, rendered = true): string {
  return promptAndNote(text, rendered).text;
}

function promptAndNote(text: string, rendered = true): Prompt {
  const input: PromptInput = {
    kind: "triage",
    template: BUILT_IN_PROMPTS.get("triage") ?? "",
    owner: "octo-org",
    repository: "hello",
    place: { branch: "main", commit: PULL.base.commit },
    hosted: null,
    subjectType: "pull_request",
    subjectNumber: 7,
    subject: subjectWith({
      title: text,
      body: text,
      bodyHtml: rendered ? renderHtml(text) : null,
      comments: [{ ...commentBy(text, text), ...(rendered ? {} : { bodyHtml: null }) }],
      pull: { ...PULL, files: [text] },
    }),
    untrustedComments: 0,
    github: "https://github.com",
    requester: "octocat",
    requesterRole: "read",
    instructions: text,
    visibleInstructions: rendered ? visibleIn(renderHtml(text)).text : null,
    nonce: NONCE,
  };
  const prompt = renderPrompt(input);
  if (prompt.type === "problems") throw new TypeError("wrong template");
  return prompt;
}

const [BEGIN, END] = [`<<<<< ${NONCE} untrusted`, `>>>>> ${NONCE} untrusted`];

/** All of a prompt but the text in the fence. */
function around(prompt: string): string {
  expect(prompt.split(BEGIN)).toHaveLength(2);
  expect(prompt.split(END)).toHaveLength(2);
  return prompt.slice(0, prompt.indexOf(BEGIN)) + prompt.slice(prompt.indexOf(END));
}

/** What strangers wrote in Markdown: titles, logins and names of files are shown as they are. */
function textsIn(prompt: string): string {
  const body = prompt.indexOf(" body, by ");
  const files = prompt.indexOf(" changed files]");
  return prompt.slice(body, files) + prompt.slice(prompt.lastIndexOf(" comment, by "));
}

describe("what is hidden does not reach the agent at all", () => {
  test.each(HIDDEN)("$kind: $name", ({ text }) => {
    const { text: prompt, leftOut } = promptAndNote(text);
    expect(withoutLogin(textsIn(prompt), text)).not.toContain(SECRET);
    expect(prompt).not.toMatch(INVISIBLE);
    expect(leftOut).toMatch(/left out of the pull request/u);
  });

  test.each(HIDDEN)("not even as it was written: $kind: $name", ({ text }) => {
    const { text: cleaned, removed } = sourceText(text);
    expect(cleaned).not.toContain(SECRET);
    expect(cleaned).not.toMatch(INVISIBLE);
    expect(Object.keys(removed).length).toBeGreaterThan(0);
    expect(sourceText(cleaned)).toEqual({ text: cleaned, removed: {} });
  });
});

/** In these tests the text is the login of who wrote the comment, too. */
function withoutLogin(prompt: string, login: string): string {
  return prompt.replaceAll(cleanLine(login, 100).text, "");
}

describe("what people see, the agent reads, in the fence", () => {
  test.each(VISIBLE.filter(({ text }) => text.includes(SECRET)))("$kind: $name", ({ text }) => {
    expect(textsIn(promptOf(text))).toContain(SECRET);
  });
});

describe("nothing leaves the fence", () => {
  test.each(ALL)("$kind: $name", ({ text }) => {
    for (const rendered of [true, false]) {
      const prompt = promptOf(text, rendered);
      expect(around(prompt)).toBe(around(promptOf("Hello.", rendered)));
      expect(prompt).not.toMatch(INVISIBLE);
    }
  });
});

describe("nothing becomes HTML, a mention or a reference in a comment", () => {
  test.each(ALL)("$kind: $name", ({ text }) => {
    for (const markdown of [
      echo(text, 1_500),
      renderComment(
        taskWith(LINKED, { session: { unfollowed: "over", progress: { said: text } } }),
        GITHUB_COM,
      ),
    ]) {
      const shown = JSON.stringify(textsOf(markdown));
      expect(shown).not.toMatch(/@octo|@copilot|#1\b|GH-3|evil\.example|onerror|<form/u);
    }
  });
});

describe("nothing forges a line of the log", () => {
  test.each(ALL)("$kind: $name", ({ text }) => {
    for (const line of [plainLine(text, 200), cleanLine(text, 200).text]) {
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(line).not.toMatch(INVISIBLE);
    }
  });
});

/** What starts programs, each with a list of arguments: sandboxes, and Git. */
const STARTS_PROGRAMS = new Set([
  "doctor/programs.ts",
  "isolation/cgroups.ts",
  "isolation/directories.ts",
  "isolation/none.ts",
  "isolation/options.ts",
  "isolation/user.ts",
  "workspace/bytes-in.ts",
  "workspace/git.ts",
  "workspace/isolated.ts",
  "workspace/remove-tree.ts",
]);

test("nothing reaches a shell: the bot starts none", () => {
  const names = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  expect(names.length).toBeGreaterThan(90);
  for (const name of names) {
    // The class alone starts nothing.
    const ofClass = 'import { ChildProcess } from "node:child_process";\n';
    const source = readFileSync(join("src", name), "utf8").replace(ofClass, "");
    if (!STARTS_PROGRAMS.has(name)) {
      expect(source, name).not.toMatch(/child_process|\bexecSync\b|\bspawn\(/u);
      continue;
    }
    const [, imported = ""] =
      /import \{(?<names>[^}]+)\} from "node:child_process"/u.exec(source) ?? [];
    // `exec` has a shell, and the others have one if told so.
    expect(["execFile", "spawn"], name).toEqual(
      expect.arrayContaining(imported.split(",").map((one) => one.trim())),
    );
    expect(source, name).not.toMatch(/\bshell:/u);
  }
});

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** What GitHub would parse: all text and HTML of a comment, without code and the bot's own marker. */
function textsOf(markdown: string): string[] {
  const texts: string[] = [];
  const visit = ({ type, value = "", children = [] }: MarkdownNode): void => {
    if (type === "text" || type === "html") texts.push(value);
    for (const child of children) visit(child);
  };
  visit(fromMarkdown(markdown));
  return texts;
}
