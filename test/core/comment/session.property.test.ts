import * as fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import type { Unfollowed } from "../../../src/core/task/session.ts";
import type { TaskState } from "../../../src/core/task/task.ts";
import { readMarkdown } from "../markdown.ts";
import { asked, permissionOf } from "../asking.ts";
import type { Layer } from "../task.ts";
import { LINK, LINKED, over, taskWith } from "../task.ts";
import { runs } from "../../runs.ts";

const GITHUB = "https://github.com";
const FOLLOWED: Layer = over(LINKED, { session: { followUntil: "2026-11-21T18:00:00.000Z" } });

/** Text with which the agent, or somebody through it, might break out of where it's shown. */
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
  fc
    .record({
      kind: hostile.map((kind) => `k${kind}`.slice(0, 200)),
      intention: maybe,
      fullCommandText: maybe,
      fileName: maybe,
      url: maybe,
      toolName: maybe,
      args: fc.option(fc.dictionary(hostile, hostile, { maxKeys: 3 })),
      somethingNew: maybe,
    })
    .map(permissionOf),
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
const anyUnfollowed = fc.constantFrom<Unfollowed | null>(
  ...([null, "over", "idle", "time", "room", "unreachable"] as const),
);

const anyTask = fc
  .record({
    state: anyState,
    session: fc.record({
      unfollowed: anyUnfollowed,
      progress: fc.record({
        said: maybe,
        failure: maybe,
        asking: fc.array(anyAsked, { maxLength: 2 }),
        pulls: fc.array(hostile, { maxLength: 3 }),
      }),
    }),
  })
  .map((fields) => taskWith(FOLLOWED, fields));

/** The kinds of blocks in a text, outermost only. */
function blocksOf(markdown: string): string[] {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  return tree.children.map(({ type }) => type);
}

const askedOf = (asking: Asking) => [{ code: "a1b2", asking }];

const ORDINARY = /^(?:paragraph|code|list|blockquote)$/u;
const FOLD = ["<details><summary>Details</summary>", "</details>"];

describe("whatever the agent says", () => {
  test("makes no heading, table or rule, and nothing but text, code, a list and a quote", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const [marker, heading, ...blocks] = blocksOf(renderComment(task, GITHUB_COM));
        expect([marker, heading]).toEqual(["html", "heading"]);
        const fold = blocks.slice(-3);
        expect(fold).toEqual(["html", "list", "html"]);
        const others = blocks.slice(0, -3).filter((type) => !ORDINARY.test(type));
        expect(others).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });

  test("makes no link, mention, image or HTML", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const { links, images, html, words } = readMarkdown(renderComment(task, GITHUB_COM));
        expect(html).toEqual([`<!-- copilot-task:${task.id} -->`, ...FOLD]);
        expect(images).toEqual([]);
        expect(words).not.toMatch(/@\w|https?:|www\.|octo-org\/hello#1|#1/u);
        const commit = `${GITHUB}/octo-org/hello/commit/${task.decision.commit ?? ""}`;
        expect([...new Set(links)]).toEqual([LINK, `${GITHUB}/octocat`, commit]);
      }),
      { numRuns: runs(300) },
    );
  });

  test("the comment is short enough, however much it is", () => {
    const much = "`<x> @octocat\n".repeat(10_000);
    const choices = Array.from({ length: 50 }, () => much);
    const question = asked("user_input.requested", { question: much, choices });
    const plan = asked("exit_plan_mode.requested", { summary: much, actions: [] });
    const permission = permissionOf({ kind: "shell", fullCommandText: much, intention: much });
    const escaped = permissionOf({ kind: "shell", fullCommandText: "\u200B".repeat(15_000) });
    for (const asking of [question, permission, escaped, plan]) {
      const loud = {
        state: "failed",
        session: { progress: { said: much, failure: much, asking: askedOf(asking) } },
      } as const;
      const changes = over(FOLLOWED, loud);
      expect(renderComment(taskWith(changes), GITHUB_COM).length).toBeLessThan(30_000);
    }
  });

  const TOKEN = `ghp_${"a1B2".repeat(9)}`;

  test.each<[where: string, changes: Layer | Asking]>([
    ["the last words", { session: { progress: { said: TOKEN } } }],
    ["a failure", { state: "failed", session: { progress: { failure: TOKEN } } }],
    [
      "a pull request's address",
      { session: { progress: { pulls: [`https://octocat:${TOKEN}@github.com/a/b/pull/1`] } } },
    ],
    ["a plan", asked("exit_plan_mode.requested", { summary: TOKEN, actions: [] })],
    [
      "a plan's text",
      asked("exit_plan_mode.requested", { summary: "", planContent: TOKEN, actions: [] }),
    ],
    ["a question", asked("user_input.requested", { question: TOKEN })],
    ["a choice", asked("user_input.requested", { question: "Which?", choices: [TOKEN] })],
    ["a form", asked("elicitation.requested", { message: TOKEN })],
    [
      "a command",
      permissionOf({ kind: "shell", fullCommandText: `curl -H "Authorization: Bearer ${TOKEN}"` }),
    ],
    [
      "a long command",
      permissionOf({ kind: "shell", fullCommandText: `${"x ".repeat(139)}${TOKEN}` }),
    ],
    ["an argument", permissionOf({ kind: "mcp", toolName: "t", args: { a: [TOKEN] } })],
    ["something new", permissionOf({ kind: "new", whatever: { deep: TOKEN }, intention: TOKEN })],
  ])("credentials in %s are not repeated", (_where, changes) => {
    const said = "type" in changes ? { asking: askedOf(changes) } : changes;
    const report = renderComment(taskWith({ ...FOLLOWED, ...said }), GITHUB_COM);
    expect(report).not.toContain(TOKEN.slice(0, 20));
  });
});
