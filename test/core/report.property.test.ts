import * as fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { renderComment } from "../../src/core/comment.ts";
import type { Asking } from "../../src/core/observation.ts";
import { progressLines } from "../../src/core/report.ts";
import type { Task, TaskState } from "../../src/core/task.ts";
import { readMarkdown } from "./markdown.ts";
import { LINKED, taskWith } from "./task.ts";
import { SHELL } from "./asking.ts";

const GITHUB = "https://github.com";
const FOLLOWED: Partial<Task> = { ...LINKED, followUntil: "2026-11-21T18:00:00.000Z" };

/** Words with which the agent, or somebody through it, might break out of where they are shown. */
const PIECES = [
  ["`", "``", "```", "````", "~~~", "\n", "\n\n", "\r\n", "\r", " ", "    ", "\t", "\\", "*", "_"],
  ["# ", "## evil", "===", "---", "> ", "- ", "1. ", "|", "|-|-|", "~~", "[", "]", "()", "[x]"],
  ["<img src=x onerror=alert(1)>", "<!--", "-->", "</sub>", "<sub>", "<b>", "<details>", "&lt;"],
  ["@octocat", "@octo-org/evil", "#1", "octo-org/hello#1", "evil@evil.example", ":evil:", "$$"],
  ["](javascript:alert(1))", "[evil](https://evil.example)", "![x](https://evil.example/x)"],
  [
    "[x]: https://evil.example",
    "https://evil.example",
    "www.evil.example",
    "<https://evil.example>",
  ],
  ["\u0000", "\u001B[31m", "\u202E", "\u2028", "\u0085", "\uD800", "/copilot approve", "a"],
  ["<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->"],
].flat();
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);
const maybe = fc.option(hostile);

const anyAsking = fc.oneof(
  fc.record({
    type: fc.constant("permission"),
    kind: hostile,
    intention: maybe,
    command: maybe,
    path: maybe,
    url: maybe,
    tool: maybe,
    branch: maybe,
  }),
  fc.record({
    type: fc.constant("question"),
    question: hostile,
    choices: fc.array(hostile, { maxLength: 5 }),
    freeform: fc.boolean(),
  }),
  fc.record({ type: fc.constant("plan"), summary: hostile, actions: fc.array(hostile) }),
);

const anyAsked = fc.record({ code: fc.constant("a1b2"), asking: anyAsking });

const anyState = fc.constantFrom<TaskState>(
  ...(["waiting_for_user", "idle", "completed", "cancelled", "failed", "in_progress"] as const),
);
const anyUnfollowed = fc.constantFrom<Task["unfollowed"]>(
  ...([null, "over", "idle", "time", "room", "unreachable"] as const),
);

const anyTask = fc
  .record({
    state: anyState,
    unfollowed: anyUnfollowed,
    said: maybe,
    sessionFailure: maybe,
    asking: fc.option(fc.array(anyAsked, { maxLength: 2 }).map((all) => JSON.stringify(all))),
    pulls: fc.option(fc.array(hostile, { maxLength: 3 }).map((all) => all.join("\n"))),
  })
  .map((fields) => taskWith({ ...FOLLOWED, ...fields }));

/** The kinds of blocks in a text, outermost only. */
function blocksOf(markdown: string): string[] {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  return tree.children.map(({ type }) => type);
}

const askedOf = (asking: object) => JSON.stringify([{ code: "a1b2", asking }]);

describe("whatever the agent says", () => {
  test("makes no heading, quote, table or rule, and nothing but text, code and a list", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const blocks = blocksOf(progressLines(task, GITHUB).join("\n"));
        expect(blocks.filter((type) => !/^(?:paragraph|code|list)$/u.test(type))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("makes no link, mention, image or HTML", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const reading = readMarkdown(renderComment(task, GITHUB));
        const { links, images, html, words } = reading;
        const [marker = "", ...tags] = html;
        expect(marker).toBe(`<!-- copilot-task:${task.id} -->`);
        // What people can do, and the facts: each is small.
        expect(["<sub></sub>", "<sub></sub><sub></sub>"]).toContain(tags.join(""));
        expect(images).toEqual([]);
        expect(words).not.toMatch(/@|evil|alert|`|\[x\]|octo-org\/hello#1/u);
        const commit = `${GITHUB}/octo-org/hello/commit/${task.commit ?? ""}`;
        expect(links).toEqual([LINKED.linkUrl, `${GITHUB}/octocat`, commit]);
      }),
      { numRuns: 500 },
    );
  });

  test("leaves the foot below where it was, outside of all code", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const { words } = readMarkdown(renderComment(task, GITHUB));
        expect(words).toContain("Asked by");
        const foot = /Steer it here|writes to it again|follows it again/u;
        expect(words).toMatch(foot);
      }),
    );
  });

  test("the comment is short enough, however much it is", () => {
    const much = "`<x> @octocat\n".repeat(10_000);
    const choices = Array.from({ length: 50 }, () => much);
    const question = { type: "question", question: much, choices, freeform: true } as const;
    const permission = { ...SHELL, kind: much, command: much, intention: much, url: much };
    for (const asking of [question, permission, { type: "plan", summary: much } as const]) {
      const loud = { said: much, sessionFailure: much, state: "failed" } as const;
      const changes = { ...FOLLOWED, ...loud, asking: askedOf(asking) };
      expect(renderComment(taskWith(changes), GITHUB).length).toBeLessThan(30_000);
    }
  });

  const TOKEN = `ghp_${"a1B2".repeat(9)}`;
  const question = { type: "question", question: "Which?", choices: [], freeform: true } as const;

  test.each<[where: string, changes: Partial<Task> | Asking]>([
    ["the last words", { said: TOKEN }],
    ["a failure", { state: "failed", sessionFailure: TOKEN }],
    ["a pull request's address", { pulls: `https://octocat:${TOKEN}@github.com/a/b/pull/1` }],
    ["a plan", { type: "plan", summary: TOKEN, actions: [] }],
    ["a question", { ...question, question: TOKEN }],
    ["a choice", { ...question, choices: [TOKEN] }],
    ["a command", { ...SHELL, command: `curl -H "Authorization: Bearer ${TOKEN}"` }],
    ["a command that is cut within it", { ...SHELL, command: `${"x ".repeat(139)}${TOKEN}` }],
  ])("credentials in %s are not repeated", (_where, changes) => {
    const said = "type" in changes ? { asking: askedOf(changes) } : changes;
    const report = progressLines(taskWith({ ...FOLLOWED, ...said }), GITHUB).join("\n");
    expect(report).not.toContain(TOKEN.slice(0, 20));
  });
});
