import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { cmarkGfmOfEach, hasCmarkGfm } from "../../cmark-gfm.ts";
import { SHELL } from "../asking.ts";
import type { Layer } from "../task.ts";
import { COMMANDED, failed, LINKED, over, taskWith } from "../task.ts";
import { runs } from "../../runs.ts";

const HOSTILE =
  '<img src="https://evil.example/a"> @hubot fixes #1 [x](https://evil.example) ![y](https://evil.example/b)';

/** Runs of backticks around the lengths at which cmark-gfm changes its mind, and what ends a block or begins one. */
const piece = fc.oneof(
  fc
    .oneof(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 77, max: 82 }),
      fc.integer({ min: 253, max: 258 }),
    )
    .map((length) => "`".repeat(length)),
  fc.constantFrom(HOSTILE, "\n", "\n\n", "```", "~~~", "> ", "- ", "    ", "<!--", "-->", "</sub>"),
  fc.constantFrom("|", "\\", "<details>", "$", "# ", "a", " "),
);
const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((all) => all.join(""));

const LEFT = over(LINKED, { session: { unfollowed: "over" } });

function asks(detail: { readonly name: string; readonly text: string }): Layer {
  const asking = { ...SHELL, kind: "mcp", intention: null, command: null, details: [detail] };
  return over(LINKED, {
    state: "waiting_for_user",
    session: {
      followUntil: "2026-11-21T13:00:00.000Z",
      progress: { asking: [{ code: "a1b2", asking }] },
    },
  });
}

/** Where others' text is in a comment. */
const PLACES: Readonly<Record<string, (words: string) => Layer>> = {
  "the agent's": (said) => over(LEFT, { session: { progress: { said } } }),
  "a failed session's": (failure) =>
    over(LEFT, { state: "failed", session: { progress: { failure } } }),
  "a branch's": (branch) =>
    over(LINKED, { decision: { branch }, session: { branch: `${branch}x` } }),
  "a label's": (name) => over(LINKED, { trigger: { name } }),
  "a requester's": (login) => over(LINKED, { requester: { login } }),
  "another repository's": (repository) => over(LINKED, { session: { repository } }),
  "a former place's": (movedFrom) => over(LINKED, { place: { movedFrom } }),
  "a pull request's": (url) => over(LEFT, { session: { progress: { pulls: [url] } } }),
  "a command's": (name) => over(COMMANDED, { decision: { kind: null }, trigger: { name } }),
  "an argument's": (words) => asks({ name: `argument ${words}`, text: words }),
  "a tool's": (words) => asks({ name: "tool", text: words }),
  "GitHub's answer's": (detail) => ({ outcome: failed("unknown", { detail }) }),
};

/** What GitHub would make of a comment, without what is shown as code. */
function outsideCode(html: string): string {
  return html.replaceAll(/<(?<name>pre|code)\b[^>]*>[\s\S]*?<\/\k<name>>/gu, "");
}

describe.runIf(hasCmarkGfm)("whatever others write, GitHub's renderer shows it as words:", () => {
  test.each(Object.entries(PLACES))("%s", (_whose, place) => {
    const words = [
      ...fc.sample(text, runs(100)),
      `${"`".repeat(255)}\n${HOSTILE}`,
      `${"`".repeat(80)} ${HOSTILE}`,
    ];
    const comments = words.map((some) => renderComment(taskWith(place(some)), GITHUB_COM));
    for (const [index, html] of cmarkGfmOfEach(comments).entries()) {
      const shown = outsideCode(html);
      const found = /<img|@hubot|#1\b|evil\.example/u.exec(shown);
      expect({ words: words[index], found }).toEqual({ words: words[index], found: null });
    }
  });
});
