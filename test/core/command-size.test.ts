import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/core/command.ts";

const MOST_CHARACTERS = 65_536;

/** What grows with the length takes a tenth of this; what grows with its square, many times as long. */
const PATIENCE_MS = 3_000;

/** As long as GitHub lets a comment be. */
function asLongAsPossible(piece: string): string {
  return piece.repeat(Math.ceil(MOST_CHARACTERS / piece.length)).slice(0, MOST_CHARACTERS);
}

/** Time of the processor, so that it does not matter what else the machine does. */
function millisecondsFor(markdown: string): number {
  const begin = process.threadCpuUsage();
  parseCommand(markdown);
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1_000;
}

test("a comment as long as GitHub allows is instructions to its last character", () => {
  const long = asLongAsPossible("The cache grows without end. ").trim();
  expect(parseCommand(`/triage ${long}`)).toEqual({ kind: "triage", instructions: long });
});

describe("a comment as long as GitHub allows, behind a command, is read in a moment", () => {
  test.each([
    ["words", "The cache grows without end. "],
    ["asterisks", "*"],
    ["backticks", "`"],
    ["comments that nothing closes", "<!--"],
    ["opening brackets", "["],
    ["bars", "|"],
    ["bullets in bullets", "- "],
    ["commands", "/triage\n"],
  ])("%s", (_what, piece) => {
    expect(millisecondsFor(`/triage\n\n${asLongAsPossible(piece)}`)).toBeLessThan(PATIENCE_MS);
  });

  test("quotes in quotes, each deeper than the one before", () => {
    const quotes = Array.from({ length: 360 }, (_, depth) => ">".repeat(depth)).join("\n");
    expect(millisecondsFor(`/triage\n\n${quotes}`)).toBeLessThan(PATIENCE_MS);
  });

  // Each of these holds the whole process up for 5 to 100 seconds, and the first two overflow the stack.
  test.each([
    ["quotes in one line", ">"],
    ["numbered lists in one line", "1. "],
    ["emphasis", "*a_"],
    ["strikethrough", "~a"],
    ["closing brackets", "]"],
    ["underlined headings", "a\n=\n"],
    ["processing instructions", "a<?"],
  ])("%s", (_what, piece) => {
    expect(millisecondsFor(`/triage\n\n${asLongAsPossible(piece)}`)).toBeLessThan(PATIENCE_MS);
  });

  test("a quote and a line that it goes on with, again and again", () => {
    const lazy = `> a\n${asLongAsPossible("b\n")}`;
    expect(millisecondsFor(`/triage\n\n${lazy}`)).toBeLessThan(PATIENCE_MS);
  });
});
