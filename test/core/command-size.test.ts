import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/core/parse-command.ts";

const MOST_CHARACTERS = 65_536;

/**
 * How many times as long as plain words of that length a comment may take. What grows with the length takes
 * twice as long at the most; what grew with its square took a hundred times as long and more.
 */
const PATIENCE = 10;

/** As long as GitHub lets a comment be. */
function asLongAsPossible(piece: string): string {
  return piece.repeat(Math.ceil(MOST_CHARACTERS / piece.length)).slice(0, MOST_CHARACTERS);
}

const WORDS = `/triage\n\n${asLongAsPossible("The cache grows without end. ")}`;

/**
 * Time of the processor, the least of three tries, so that it does not matter what else the machine does, nor
 * what a virtual one counts as its own.
 */
function millisecondsFor(markdown: string): number {
  const tries = [1, 2, 3].map(() => {
    const begin = process.threadCpuUsage();
    parseCommand(markdown);
    const { user, system } = process.threadCpuUsage(begin);
    return (user + system) / 1_000;
  });
  return Math.min(...tries);
}

let wordsMs: number | undefined;

function timesAsLongAsWords(markdown: string): number {
  wordsMs ??= millisecondsFor(WORDS);
  return millisecondsFor(markdown) / wordsMs;
}

test("a comment as long as GitHub allows is instructions to its last character", () => {
  const long = asLongAsPossible("The cache grows without end. ").trim();
  expect(parseCommand(`/triage ${long}`)).toEqual({ name: "triage", instructions: long });
});

// A command is looked for in the first 6,000 characters alone, and nobody is told.
test("a command is heard below a long log", () => {
  const line = "2026-11-21T12:00:00.000Z INFO GET /api/items answered 200 in 12 ms (cache: miss)\n";
  const log = `It fails:\n\`\`\`\n${line.repeat(500)}\`\`\`\n`;
  expect(parseCommand(`${log}/triage now`)).toEqual({ name: "triage", instructions: "now" });
});

test("ten times as many words take ten times as long, and not a hundred times", () => {
  const tenth = WORDS.slice(0, WORDS.length / 10);
  expect(millisecondsFor(WORDS) / millisecondsFor(tenth)).toBeLessThan(40);
});

// While coverage is measured, too, which makes the parser five times slower.
test("as many words as GitHub allows are read in a moment", () => {
  expect(millisecondsFor(WORDS)).toBeLessThan(2_000);
});

describe("a comment as long as GitHub allows, behind a command, is read in a moment", () => {
  test.each([
    ["asterisks", "*"],
    ["backticks", "`"],
    ["comments that nothing closes", "<!--"],
    ["opening brackets", "["],
    ["bars", "|"],
    ["bullets in bullets", "- "],
    ["commands", "/triage\n"],
  ])("%s", (_what, piece) => {
    expect(timesAsLongAsWords(`/triage\n\n${asLongAsPossible(piece)}`)).toBeLessThan(PATIENCE);
  });

  test("quotes in quotes, each deeper than the one before", () => {
    const quotes = Array.from({ length: 360 }, (_, depth) => ">".repeat(depth)).join("\n");
    expect(timesAsLongAsWords(`/triage\n\n${quotes}`)).toBeLessThan(PATIENCE);
  });

  // What these took when all of a comment was parsed: 5 to 100 seconds, or a stack that overflows.
  test.each([
    ["quotes in one line", ">"],
    ["numbered lists in one line", "1. "],
    ["emphasis", "*a_"],
    ["strikethrough", "~a"],
    ["closing brackets", "]"],
    ["underlined headings", "a\n=\n"],
    ["processing instructions", "a<?"],
  ])("%s", (_what, piece) => {
    expect(timesAsLongAsWords(`/triage\n\n${asLongAsPossible(piece)}`)).toBeLessThan(PATIENCE);
  });

  // Bullets in bullets, and a letter, so that they are no thematic break: two seconds.
  test("however much is nested in the part that is searched", () => {
    expect(timesAsLongAsWords(`/triage\n\n${"- ".repeat(2_900)}a`)).toBeLessThan(5);
  });

  test("a quote and a line that it goes on with, again and again", () => {
    const lazy = `> a\n${asLongAsPossible("b\n")}`;
    expect(timesAsLongAsWords(`/triage\n\n${lazy}`)).toBeLessThan(PATIENCE);
  });
});
