import { describe, expect, test } from "vitest";
import { mentionOf } from "../../../src/core/command/mention.ts";
import { parseCommand } from "../../../src/core/command/parse.ts";

const MENTION = mentionOf("copilot-task-bot");

function parse(markdown: string) {
  return parseCommand(markdown, MENTION);
}

describe("a mention of the bot means /copilot", () => {
  test.each([
    ["alone", "@copilot-task-bot", "help", ""],
    ["with a name", "@copilot-task-bot triage", "triage", ""],
    ["in another case", "@Copilot-Task-Bot TRIAGE", "triage", ""],
    ["by its login", "@copilot-task-bot[bot] fix it", "fix", "it"],
    ["with a colon", "@copilot-task-bot: fix it", "fix", "it"],
    ["with a comma", "@copilot-task-bot, fix: it", "fix", "it"],
    [
      "with instructions on more lines",
      "@copilot-task-bot fix this\nand that",
      "fix",
      "this\nand that",
    ],
    ["to a task", "@copilot-task-bot stop 0b4f9bd6", "stop", "0b4f9bd6"],
    ["on a later line", "Please look.\n\n@copilot-task-bot triage", "triage", ""],
    ["behind spaces", "   @copilot-task-bot\u00A0triage", "triage", ""],
    ["in full-width letters", "＠ｃｏｐｉｌｏｔ-task-bot triage", "triage", ""],
    ["with something invisible in it", "@copilot-\u200Btask-bot triage", "triage", ""],
    ["before a command that is written out", "@copilot-task-bot /copilot fix it", "fix", "it"],
    ["before the short command", "@copilot-task-bot, /triage", "triage", ""],
  ])("%s", (_how, markdown, name, instructions) => {
    expect(parse(markdown)).toEqual({ name, instructions });
  });

  test("alone below other words, too", () => {
    expect(parse("What can it do?\n\n@copilot-task-bot\n")).toEqual({
      name: "help",
      instructions: "",
    });
  });

  test("before a name that only the policy may know if it's written out", () => {
    expect(parse("@copilot-task-bot /copilot port it")).toMatchObject({ name: "port" });
    expect(parse("/copilot port it")).toMatchObject({ name: "port" });
  });

  test("and ends what goes before it, unless it's no command", () => {
    expect(parse("/copilot fix this\n@copilot-task-bot thanks!")).toEqual({
      name: "fix",
      instructions: "this\n@copilot-task-bot thanks!",
    });
    expect(parse("@copilot-task-bot thanks!\n/copilot fix this")).toEqual({
      name: "fix",
      instructions: "this",
    });

    expect(parse("/copilot fix this\n@copilot-task-bot triage")).toEqual({
      name: "fix",
      instructions: "this",
    });
    expect(parse("@copilot-task-bot triage\n/copilot fix this")).toEqual({
      name: "triage",
      instructions: "",
    });
  });
});

describe("a mention of the bot is no command", () => {
  test.each([
    ["in the middle of a line", "Ask @copilot-task-bot triage"],
    ["in a quote", "> @copilot-task-bot triage"],
    ["in a code block with other text", "Like this:\n```\n@copilot-task-bot triage\n```"],
    ["in a closed details element", "<details>\n\n@copilot-task-bot triage\n\n</details>"],
    ["struck through", "~~@copilot-task-bot triage~~"],
    ["in an HTML comment", "<!-- @copilot-task-bot triage -->"],
    [
      "in a quoted email",
      "Hi\n\nFrom: A <a@b.cc>\nSent: Monday, 3 March 2025 10:00\nTo: B\n\n@copilot-task-bot triage",
    ],
    ["as the beginning of another name", "@copilot-task-bot-2 triage"],
    ["as the name of an organization", "@copilot-task-bot/core triage"],
    ["as a part of an address", "a@copilot-task-bot triage"],
    ["with a word about it", "@copilot-task-bot's comment is right"],
    ["beside other people", "@copilot-task-bot @octocat what do you think?"],
    ["of somebody else", "@octocat triage"],
    ["with thanks", "@copilot-task-bot thanks!"],
    ["with thanks in bold", "**@copilot-task-bot thanks!**"],
    ["with thanks in a list", "- @copilot-task-bot, thanks a lot"],
    ["with thanks in code", "`@copilot-task-bot thanks`"],
    ["behind somebody else's, with thanks", "@octocat @copilot-task-bot thanks"],
    ["with thanks written together", "@copilot-task-bot(thanks)"],
    ["with thanks in another script", "@copilot-task-bot 谢谢"],
    ["with more on the lines below", "@copilot-task-bot\n\nI have done it."],
    ["with more behind too many marks", `${"*a*".repeat(600)}\n\n@copilot-task-bot thanks`],
  ])("%s", (_where, markdown) => {
    expect(parse(markdown)).toBeNull();
  });

  test.each([
    ["in code", "`@copilot-task-bot triage`", "code"],
    ["in bold", "**@copilot-task-bot triage**", "emphasis"],
    ["in a heading", "# @copilot-task-bot triage", "heading"],
    ["in a list", "- @copilot-task-bot triage", "list"],
    ["directly below a quote", "> Yes.\n@copilot-task-bot triage", "quote"],
    ["in quotation marks", "“@copilot-task-bot triage”", "quotation_marks"],
    ["behind somebody else's", "@octocat @copilot-task-bot triage", "mention"],
    ["behind several", "@octocat, @hubot /copilot triage", "mention"],
    ["indented", "Look\n    @copilot-task-bot triage", "indented"],
  ])("but may have been meant as one %s", (_where, markdown, misplaced) => {
    expect(parse(markdown)).toEqual({ name: "triage", instructions: "", misplaced });
  });
});

test("without its name, the bot isn't mentioned", () => {
  expect(parseCommand("@copilot-task-bot triage")).toBeNull();
  expect(parseCommand("@copilot-task-bot triage\n/copilot fix")).toMatchObject({ name: "fix" });
});
