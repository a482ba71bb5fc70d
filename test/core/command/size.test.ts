import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";
import { whatEnds } from "../../watchdog.ts";

const MAX_CHARACTERS = 65_536;

/** As long as GitHub lets a comment be, or longer. */
function filled(piece: string, length = MAX_CHARACTERS): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** Three times as long: what grows with the square of the length takes minutes, anything else a moment. */
function tooLong(piece: string): string {
  return filled(piece, 3 * MAX_CHARACTERS);
}

function expectEnd(markdown: string): void {
  expect(() => whatEnds(() => parseCommand(markdown))).not.toThrow();
}

test("a comment as long as GitHub allows is instructions to its last character", () => {
  const long = filled("The cache grows without end. ").trim();
  expect(parseCommand(`/triage ${long}`)).toEqual({ name: "triage", instructions: long });
});

// A command is looked for in the first 6,000 characters alone, without a notice.
test("a command is found below a long log", () => {
  const line = "2026-11-21T12:00:00.000Z INFO GET /api/items answered 200 in 12 ms (cache: miss)\n";
  const log = `It fails:\n\`\`\`\n${line.repeat(500)}\`\`\`\n`;
  expect(parseCommand(`${log}/triage now`)).toEqual({ name: "triage", instructions: "now" });
});

describe("a comment of any length is read in a time that grows with its length:", () => {
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
    expectEnd(`/triage\n\n${tooLong(piece)}`);
  });

  test("quotes in quotes, each deeper than the one before", () => {
    const quotes = Array.from({ length: 360 }, (_, depth) => ">".repeat(depth)).join("\n");
    expectEnd(`/triage\n\n${quotes}`);
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
    expectEnd(`/triage\n\n${tooLong(piece)}`);
  });

  // Bullets in bullets, and a letter, so that they are no thematic break: two seconds.
  test("however much is nested in the part that is searched", () => {
    expectEnd(`/triage\n\n${"- ".repeat(2_900)}a`);
  });

  test.each([
    ["headers of emails", "From: a@b.cd 10:00\n"],
    ["labels without an end", "From: a\nSubject"],
    ["lines that could introduce a message", "On 10:00 a@b.cd\n"],
    ["addresses that GitHub hides", "***@***.*** "],
    ["colons", "a:"],
    ["times", "10:00 2026 "],
    ["dashes", "-----Original "],
    ["empty lines", "\n \n"],
    ["slashes", "/c"],
    ["invisible characters", "\u200B"],
    ["invisible characters before a slash", "\u200B\u200B/\u200B\n"],
    ["spaces of another script", "\u3000"],
    ["misspelled commands", "/ copilot\n"],
    ["mentions", "@a "],
    ["commands in code", "`/triage`\n\n"],
    ["elements", "<b>"],
    ["details that nothing ends", "<details>\n\n/triage\n\n"],
    ["tags without an end", '<b a="'],
  ])("%s", (_what, piece) => {
    expectEnd(`/triage\n\n${tooLong(piece)}`);
    expectEnd(`${tooLong(piece)}\n\n/triage`);
  });

  test("a quote and a line that it goes on with, again and again", () => {
    const lazy = `> a\n${tooLong("b\n")}`;
    expectEnd(`/triage\n\n${lazy}`);
  });
});
