import { describe, expect, test } from "vitest";
import { CONTROLS } from "../../../src/core/command/table.ts";
import { parseCommand } from "../../../src/core/command/parse.ts";

/** What follows the command, or null where there is none. */
function instructionsOf(markdown: string): string | null {
  return parseCommand(markdown)?.instructions ?? null;
}

describe("a command is found", () => {
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
    ["behind a no-break space", "\u00A0/triage"],
    ["behind a zero-width space", "\u200B/triage"],
    ["with a colon behind it", "/copilot triage:"],
    ["with a full stop", "/triage."],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toEqual({ name: "triage", instructions: "" });
  });

  test("on a line that the next one makes a heading", () => {
    expect(instructionsOf("/triage carefully\n===")).toBe("carefully\n===");
  });
});

describe("no command is found", () => {
  test.each([
    ["in nothing", ""],
    ["in blanks", " \n\t\n"],
    ["in ordinary words", "Please triage this."],
    ["in the middle of a line", "Please /triage"],
    ["behind a word and a hard line break in the same line", "Please  /triage"],
    ["in a fenced block with shorter fences in it", "````\n```\n/triage\n```\n````"],
    ["in an indented block", "Look:\n\n    /triage"],
    ["in code over several lines", "`code\n/triage`"],
    ["in code of two backticks over several lines", "``a ` b\n/triage\n``"],
    ["in a quote", "> /triage"],
    ["in a quote without a space", ">/triage"],
    ["in a quote in a quote", "> > /triage"],
    ["in a comment", "<!-- /triage -->"],
    ["in a comment over several lines", "<!--\n/triage\n-->"],
    ["in a comment that nothing closes", "<!-- a\n\n/triage"],
    ["in a comment that begins in a line", "Look <!-- not\n/triage\n--> here"],
    ["in a <pre>", "<pre>\n\n/triage\n</pre>"],
    ["in a tag over several lines", 'Look <a title="\n/triage\n">here</a>'],
    ["in a processing instruction", "<?php\n/triage\n?>"],
    ["in a table", "| a |\n|---|\n| /triage |"],
    ["as the destination of a link definition", "[a]:\n/triage"],
    ["in the title of a link definition", "[a]: /b '\n/triage\n'"],
    ["in a footnote", "[^1]: /triage"],
    ["in strikethrough", "~~/triage~~"],
    ["behind a backslash", "\\/triage"],
    ["written as a character reference", "&#47;triage"],
    ["behind two slashes", "//triage"],
    ["with a blank behind the slash", "/ triage"],
    ["as the beginning of a longer word", "/triagex"],
    ["as the beginning of a longer name", "/triage-now"],
    ["as the beginning of a path", "/triage/notes.md"],
    ["with the name of another bot's command", "/retest"],
    ["with the name of another command and without the bot's", "/help"],
    ["with a name that looks alike", "/trıage"],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toBeNull();
  });
});

describe("a command that may have been meant isn't executed, and the reason is known", () => {
  test.each<[where: string, markdown: string, misplaced: string]>([
    ["behind four spaces", "    /triage", "code"],
    ["behind a tab", "\t/triage", "code"],
    ["behind four spaces on the second line of a paragraph", "Look.\n    /triage", "indented"],
    ["behind four spaces below another bot's command", "/retest\n    /triage", "indented"],
    ["in a fenced block", "```\n/triage\n```", "code"],
    ["in a fenced block with line ends of Windows", "```\r\n/triage\r\n```\r\n", "code"],
    ["in a fenced block that nothing closes", "```\n/triage", "code"],
    ["in a fenced block of tildes", "~~~ sh\n/triage\n~~~", "code"],
    ["in a fenced block behind three spaces", "   ```\n   /triage\n   ```", "code"],
    ["in a line that a quote goes on with", "> Somebody else wrote\n/triage", "quote"],
    ["in a line that a quote in a quote goes on with", "> > Somebody else wrote\n/triage", "quote"],
    ["in a line that a list in a quote goes on with", "> - Somebody else wrote\n/triage", "quote"],
    ["in a list", "- /triage", "list"],
    ["in a numbered list", "1. /triage", "list"],
    ["in a list of tasks", "- [ ] /triage", "list"],
    ["in a line that a list goes on with", "- An item\n/triage", "list"],
    ["in a paragraph of a list", "- An item\n\n  /triage", "list"],
    ["in an HTML block", "<div>\n/triage\n</div>", "element"],
    ["in a heading written with #", "# /triage", "heading"],
    ["in a row of a table without bars", "| a |\n|---|\n/triage", "table"],
    ["in a line that a footnote goes on with", "[^1]: A note\n/triage", "footnote"],
    ["in bold", "**/triage**", "emphasis"],
    ["in emphasis", "*/triage*", "emphasis"],
    ["in the text of a link", "[/triage](https://example.com)", "link"],
    ["without a blank between its words", "/copilottriage", "spelling"],
    ["in a fenced block, behind words", "```\n/triage look\n```", "code"],
    ["in code", "`/triage`", "code"],
    ["in code with what it is to do", "`/copilot triage look at the cache`", "code"],
    ["in code, with words behind it", "`/copilot triage` look at the cache", "code"],
    ["in code in bold", "**`/triage`**", "emphasis"],
    ["in bold and emphasis", "***/triage***", "emphasis"],
    ["in bold with low lines", "__/triage__", "emphasis"],
    ["in bold that began above", "**Please\n/triage now**", "emphasis"],
    ["in a quote's line behind a list", "> - a\n> - b\n/triage", "quote"],
    ["below a list, indented as its text", "1. a\n2. b\n   /triage", "list"],
    ["in quotation marks", "“/copilot triage”", "quotation_marks"],
    ["in parentheses", "(/copilot triage)", "quotation_marks"],
    ["behind a mention", "@copilot /copilot triage", "mention"],
    ["behind a mention of a bot and a comma", "@copilot-task-bot[bot], /copilot triage", "mention"],
    ["behind two mentions", "@alice @octo-org/maintainers: /triage", "mention"],
    ["with a hyphen", "/copilot-triage", "spelling"],
    ["with a colon between its words", "/copilot:triage", "spelling"],
    ["with a low line between its words", "/copilot_triage", "spelling"],
    ["as a path", "/copilot/triage", "spelling"],
    ["with a space behind the slash", "/ copilot triage", "spelling"],
    ["as a phone corrects it", "/co-pilot triage", "spelling"],
    ["with its name in code", "/copilot `triage`", "spelling"],
    ["with a file's name", "/copilot triage.md", "spelling"],
  ])("%s", (_where, markdown, misplaced) => {
    expect(parseCommand(markdown)).toEqual({ name: "triage", instructions: "", misplaced });
  });

  test("unless another one is executed, before it or after it", () => {
    const command = { name: "fix", instructions: "now" };
    expect(parseCommand("`/copilot triage`\n\n/copilot fix now")).toEqual(command);
    expect(parseCommand("/copilot fix now\n\n> a\n/copilot triage")).toEqual({
      name: "fix",
      instructions: "now\n\n> a\n/copilot triage",
    });
  });

  test.each([
    ["a list of commands", "- /copilot triage\n- /copilot fix"],
    ["a list of tasks", "- [ ] /copilot triage\n- [x] /copilot review"],
    ["sentences about commands", "`/copilot triage` triages.\n\n`/copilot fix` fixes."],
  ])("unless there are several, as examples: %s", (_what, markdown) => {
    expect(parseCommand(markdown)).toBeNull();
  });

  test("behind more formatting than is searched", () => {
    const log = "a_b ".repeat(1_001);
    expect(parseCommand(`${log}\n\n/copilot triage`)).toEqual({
      name: "triage",
      instructions: "",
      misplaced: "too_far",
    });
    expect(parseCommand(`${log}\n\nPlease /copilot triage`)).toBeNull();
  });
});

// `.` stops at U+2028, which comes with text from other programs, and the line is no longer a command.
test("a command is found on a line with a line separator of Unicode", () => {
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
    ["is cut behind its 30th letter", `/copilot ${"a".repeat(31)}`, "a".repeat(30)],
    ["may be a number, which no policy has", "/copilot 42", "42"],
    ["may be a word of any language", "/copilot помоги мне", "помоги"],
    ["is what follows a comma", "/copilot, triage", "triage"],
    ["is help when there is none", "/copilot", "help"],
    ["is help when there are only blanks", "/copilot \t ", "help"],
    ["is on the command's own line", "/copilot\ntriage", "help"],
  ])("%s", (_what, markdown, name) => {
    expect(parseCommand(markdown)?.name).toBe(name);
  });
});
