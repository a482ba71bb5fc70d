import { describe, expect, test } from "vitest";
import { CONTROLS } from "../../src/core/command.ts";
import { parseCommand } from "../../src/core/parse-command.ts";

/** What follows the command, or null where there is none. */
function instructionsOf(markdown: string): string | null {
  return parseCommand(markdown)?.instructions ?? null;
}

describe("a command is heard", () => {
  test.each([
    ["alone", "/copilot triage"],
    ["in its short form", "/triage"],
    ["in capitals", "/COPILOT Triage"],
    ["with more blanks between its words", "/copilot \t triage"],
    ["with blanks behind it", "/triage \t "],
    ["behind one space", " /triage"],
    ["behind three spaces", "   /triage"],
    ["on the second line of a paragraph", "Please look at this.\n/triage"],
    ["behind three spaces on the second line of a paragraph", "Please look at this.\n   /triage"],
    ["behind a hard line break of two spaces", "Please look at this.  \n/triage"],
    ["behind a hard line break with a backslash", "Please look at this.\\\n/triage"],
    ["behind an empty line", "Please look at this.\n\n/triage"],
    ["behind many empty lines", "\n\n\n\n/triage\n\n\n"],
    ["with line ends of Windows", "Please look at this.\r\n\r\n/triage\r\n"],
    ["with line ends of an old Macintosh", "Please look at this.\r/triage"],
    ["behind emphasis at the start of the line before", "*Please* look.\n/triage"],
    ["behind code in the line before", "`npm test` fails.\n/triage"],
    ["behind a comment in the line before", "This <!-- not that --> fails.\n/triage"],
    ["behind a backtick that nothing closes", "A lonely ` there.\n/triage"],
    ["behind a comment in a line that nothing closes", "A lonely <!-- there.\n/triage"],
    ["behind a link", "[a](https://example.com)\n/triage"],
    ["behind an address", "https://example.com/a\n/triage"],
    ["behind a link definition", "[a]: https://example.com\n/triage"],
    ["behind a heading", "# A heading\n/triage"],
    ["behind an underlined heading", "A heading\n---\n/triage"],
    ["behind a thematic break", "***\n/triage"],
    ["behind a fenced block", "```\ncode\n```\n/triage"],
    ["behind a fenced block in a quote that ends with it", "> ```\n> code\n/triage"],
    ["behind a quote and an empty line", "> Somebody else.\n\n/triage"],
    ["behind a list and an empty line", "- An item\n\n/triage"],
    ["behind a table and an empty line", "| a |\n|---|\n| 1 |\n\n/triage"],
    ["behind a comment on a line of its own", "<!-- a\nb -->\n/triage"],
    ["behind an HTML block and an empty line", "<div>\nhello\n</div>\n\n/triage"],
    ["behind an unknown command", "/frobnicate now\n/triage"],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toEqual({ name: "triage", instructions: "" });
  });

  test("inside a <details>, whose own text follows it", () => {
    const markdown = "<details>\n<summary>Why</summary>\n\n/triage\n\n</details>";
    expect(instructionsOf(markdown)).toBe("</details>");
  });

  test("on a line that the next one makes a heading", () => {
    expect(instructionsOf("/triage carefully\n===")).toBe("carefully\n===");
  });
});

describe("no command is heard", () => {
  test.each([
    ["in nothing", ""],
    ["in blanks", " \n\t\n"],
    ["in ordinary words", "Please triage this."],
    ["in the middle of a line", "Please /triage"],
    ["behind a word and a hard line break in the same line", "Please  /triage"],
    ["behind four spaces", "    /triage"],
    ["behind a tab", "\t/triage"],
    ["behind four spaces on the second line of a paragraph", "Look.\n    /triage"],
    ["behind four spaces below another bot's command", "/retest\n    /triage"],
    ["behind a no-break space", "\u00A0/triage"],
    ["behind a zero-width space", "\u200B/triage"],
    ["in a fenced block", "```\n/triage\n```"],
    ["in a fenced block with line ends of Windows", "```\r\n/triage\r\n```\r\n"],
    ["in a fenced block that nothing closes", "```\n/triage"],
    ["in a fenced block of tildes", "~~~ sh\n/triage\n~~~"],
    ["in a fenced block behind three spaces", "   ```\n   /triage\n   ```"],
    ["in a fenced block with shorter fences in it", "````\n```\n/triage\n```\n````"],
    ["in an indented block", "Look:\n\n    /triage"],
    ["in code over several lines", "`code\n/triage`"],
    ["in code of two backticks over several lines", "``a ` b\n/triage\n``"],
    ["in a quote", "> /triage"],
    ["in a quote without a space", ">/triage"],
    ["in a quote in a quote", "> > /triage"],
    ["in a line that a quote goes on with", "> Somebody else wrote\n/triage"],
    ["in a line that a quote in a quote goes on with", "> > Somebody else wrote\n/triage"],
    ["in a line that a list in a quote goes on with", "> - Somebody else wrote\n/triage"],
    ["in a list", "- /triage"],
    ["in a numbered list", "1. /triage"],
    ["in a list of tasks", "- [ ] /triage"],
    ["in a line that a list goes on with", "- An item\n/triage"],
    ["in a paragraph of a list", "- An item\n\n  /triage"],
    ["in a comment", "<!-- /triage -->"],
    ["in a comment over several lines", "<!--\n/triage\n-->"],
    ["in a comment that nothing closes", "<!-- a\n\n/triage"],
    ["in a comment that begins in a line", "Look <!-- not\n/triage\n--> here"],
    ["in an HTML block", "<div>\n/triage\n</div>"],
    ["in a <pre>", "<pre>\n\n/triage\n</pre>"],
    ["in a tag over several lines", 'Look <a title="\n/triage\n">here</a>'],
    ["in a processing instruction", "<?php\n/triage\n?>"],
    ["in a heading written with #", "# /triage"],
    ["in a table", "| a |\n|---|\n| /triage |"],
    ["in a row of a table without bars", "| a |\n|---|\n/triage"],
    ["as the destination of a link definition", "[a]:\n/triage"],
    ["in the title of a link definition", "[a]: /b '\n/triage\n'"],
    ["in a footnote", "[^1]: /triage"],
    ["in a line that a footnote goes on with", "[^1]: A note\n/triage"],
    ["in bold", "**/triage**"],
    ["in emphasis", "*/triage*"],
    ["in strikethrough", "~~/triage~~"],
    ["in the text of a link", "[/triage](https://example.com)"],
    ["behind a backslash", "\\/triage"],
    ["written as a character reference", "&#47;triage"],
    ["behind two slashes", "//triage"],
    ["with a blank behind the slash", "/ triage"],
    ["with a colon", "/copilot triage:"],
    ["with a full stop", "/triage."],
    ["as the beginning of a longer word", "/triagex"],
    ["as the beginning of a longer name", "/triage-now"],
    ["as the beginning of a path", "/triage/notes.md"],
    ["without a blank between its words", "/copilottriage"],
    ["with a name that is no word", "/copilot 42"],
    ["with a name of more than 30 letters", `/copilot ${"a".repeat(31)}`],
    ["with the name of another bot's command", "/retest"],
    ["with the name of another command and without the bot's", "/help"],
    ["with a name that looks alike", "/trıage"],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toBeNull();
  });
});

// `.` stops at U+2028, which comes with text from other programs, and the line is no command any more.
test("a command is heard on a line with a line separator of Unicode", () => {
  expect(instructionsOf("/triage look\u2028at the cache")).toBe("look\u2028at the cache");
});

describe("instructions", () => {
  test.each([
    ["are the rest of the line", "/triage look at the cache", "look at the cache"],
    ["lose blanks at both ends", "/triage \t look at the cache  \n\n", "look at the cache"],
    ["do not lose blanks inside", "/triage a  b", "a  b"],
    ["go on in the lines that follow", "/triage look\nat the cache", "look\nat the cache"],
    ["may be only in the lines that follow", "/triage\nlook at the cache", "look at the cache"],
    ["are not what was said before", "Hello.\n/triage look", "look"],
    ["have line ends of one kind", "/triage a\r\nb\rc", "a\nb\nc"],
    ["keep their formatting", "/triage *a* `b` [c](d)", "*a* `b` [c](d)"],
    ["go on after unknown commands", "/triage a\n/frobnicate b", "a\n/frobnicate b"],
    ["end before the next command", "/triage a\n/triage b", "a"],
    [
      "end before the next command in another block",
      "/triage a\n\nb\n\n/copilot triage c",
      "a\n\nb",
    ],
    ["end before a next command behind spaces", "/triage a\n  /triage b", "a"],
    [
      "go past a command in a fenced block",
      "/triage a\n```\n/triage b\n```\nc",
      "a\n```\n/triage b\n```\nc",
    ],
    ["go past a command in a quote", "/triage a\n\n> /triage b", "a\n\n> /triage b"],
  ])("%s", (_what, markdown, instructions) => {
    expect(instructionsOf(markdown)).toBe(instructions);
  });

  test("are all blocks that follow", () => {
    const blocks = [
      "these steps:",
      "1. open\n2. close",
      "> it fails",
      "```\nnpm test\n```",
      "Thanks!",
    ];
    expect(instructionsOf(`Hi.\n\n/triage ${blocks.join("\n\n")}`)).toBe(blocks.join("\n\n"));
  });

  test("of a thousand commands are the first one's", () => {
    const markdown = Array.from({ length: 1_000 }, (_, index) => `/triage ${index}`).join("\n");
    expect(instructionsOf(markdown)).toBe("0");
    expect(instructionsOf(markdown.replaceAll("\n", "\n\n"))).toBe("0");
  });
});

test("the usage of each command of the bot's is that command", () => {
  for (const [name, { usage }] of Object.entries(CONTROLS)) {
    expect(parseCommand(usage)).toEqual({ name, instructions: "" });
  }
});

describe("the name", () => {
  test.each([
    [
      "of any command is heard: the policy knows which there are",
      "/copilot frobnicate",
      "frobnicate",
    ],
    ["may have hyphens", "/copilot look-into it", "look-into"],
    ["is in small letters", "/COPILOT Fix", "fix"],
    ["may have 30 letters", `/copilot ${"a".repeat(30)}`, "a".repeat(30)],
    ["is help when there is none", "/copilot", "help"],
    ["is help when there are only blanks", "/copilot \t ", "help"],
    ["is on the command's own line", "/copilot\ntriage", "help"],
  ])("%s", (_what, markdown, name) => {
    expect(parseCommand(markdown)?.name).toBe(name);
  });
});
