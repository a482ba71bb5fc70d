import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayHoldCommand } from "../../../src/core/command/table.ts";
import { parseCommand } from "../../../src/core/command/parse.ts";
import { runs } from "../../runs.ts";

/** Pieces from which hard Markdown is made. */
const PIECES = [
  ["\n", "\r", "\t", " ", ">", "-", "+", "*", "_", "#", "=", "|", "`", "~", "<", "!", "[", "]"],
  ["(", ")", "\\", "&", ";", ":", "/", "0", "a", "\u00A0", "\u2028", "\n\n", "    ", "```", "~~~"],
  ["/triage", "/copilot triage", "\n/triage\n", "<!--", "-->", "<div>", "<!", "<?", "[a]: "],
  ["[^1]: ", "1. ", "- [ ] ", "|-|", "&#47;", "https://a.b"],
].flat();
const hard = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((all) => all.join(""));
const anything = fc.oneof(hard, fc.string({ unit: "binary", maxLength: 200 }));

/** Words that begin and end nothing. */
const words = fc.stringMatching(/^[a-z]{1,8}(?: [a-z]{1,8}){0,5}$/u);
const paragraph = fc.array(words, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n"));
/** Blocks that are closed when they end. */
const block = fc.oneof(
  paragraph,
  paragraph.map((text) => `> ${text}`),
  paragraph.map((text) => `- ${text}\n\n***`),
  words.map((text) => `## ${text}`),
  words.map((text) => `<!-- ${text} -->`),
  paragraph.map((text) => `\`\`\`\n${text}\n\n/triage\n\`\`\``),
  words.map((text) => `| ${text} |\n|---|\n| /triage |`),
);
const blocks = fc
  .array(block, { maxLength: 6 })
  .map((all) => all.map((text) => `${text}\n\n`).join(""));
const commandLine = fc.tuple(
  fc.constantFrom("", " ", "  ", "   "),
  fc.constantFrom("/triage", "/copilot triage", "/Copilot  Triage"),
);

describe("a command", () => {
  test("never makes the parser throw, nor does anything else", () => {
    fc.assert(
      fc.property(anything, (markdown) => {
        const command = parseCommand(markdown);
        expect(command === null || command.name !== "").toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  test("is looked for in every text that holds one", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "\uFEFF"), anything, commandLine, hard, (mark, ...parts) => {
        const markdown = `${mark}${parts.flat().join("")}`;
        fc.pre(parseCommand(markdown) !== null);
        expect(mayHoldCommand(markdown, null)).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  test("is found on a line of its own behind closed blocks", () => {
    fc.assert(
      fc.property(blocks, commandLine, paragraph, (before, [indent, command], after) => {
        const markdown = `${before}${indent}${command} ${after}`;
        expect(parseCommand(markdown)).toEqual({ name: "triage", instructions: after });
      }),
    );
  });

  test("is found whatever follows it in other blocks", () => {
    fc.assert(
      fc.property(paragraph, hard, (before, after) => {
        const command = parseCommand(`${before}\n\n/triage me\n\n${after}`);
        expect(command?.instructions.startsWith("me")).toBe(true);
      }),
    );
  });

  test("is found with any line ends, with the same instructions", () => {
    fc.assert(
      fc.property(hard, fc.constantFrom("\r\n", "\r"), (markdown, lineEnd) => {
        const plain = markdown.replaceAll("\r", "");
        expect(parseCommand(plain.replaceAll("\n", lineEnd))).toEqual(parseCommand(plain));
      }),
    );
  });

  test("is not part of its own instructions: they are what follows it", () => {
    // A dash ends the name, too, behind "/copilot".
    const commandLines = /^\s*\/(?:copilot\s+triage-*|triage)(?=[\s,.!?:;]|$)[,.!?:;]*/gimu;
    fc.assert(
      fc.property(anything, hard, blocks, (before, rest, after) => {
        const text = `${before}\n/triage ${rest}\n${after}`.replaceAll(/\r\n?/gu, "\n");
        const command = parseCommand(text);
        // The pieces make commands of other names, too.
        if (command?.name !== "triage") return;
        const { instructions } = command;
        const following = [...text.matchAll(commandLines)].map((found) =>
          text.slice(found.index + found[0].length).trimStart(),
        );
        expect(following.some((it) => it.startsWith(instructions))).toBe(true);
        expect(instructions).toBe(instructions.trim());
      }),
      { numRuns: runs(300) },
    );
  });
});

describe("what is no command of the writer's", () => {
  test("is whatever stands in a fenced block", () => {
    fc.assert(
      fc.property(blocks, hard, fc.constantFrom("`", "~"), (before, inside, tick) => {
        const ticks = inside.match(/`+|~+/gu) ?? [];
        const fence = tick.repeat(Math.max(3, ...ticks.map(({ length }) => length + 1)));
        const fenced = `${fence}\n/triage\n${inside}\n/triage\n${fence}\n`;
        expect(parseCommand(`${before}${fenced}`)).toBeNull();
        expect(parseCommand(`${before}${fenced}\n/triage now`)?.instructions).toBe("now");
      }),
    );
  });

  test("is whatever stands in a quote", () => {
    fc.assert(
      fc.property(blocks, hard, (before, inside) => {
        const lines = `${inside}\n/triage`.split(/\r\n?|\n/u).map((line) => `> ${line}`);
        expect(parseCommand(`${before}${lines.join("\n")}`)).toBeNull();
      }),
    );
  });

  test("is whatever goes on with a paragraph of a quote or a list", () => {
    const marks = fc.constantFrom("> ", "> > ", "> - ", "- ", "1. ", "- > ");
    fc.assert(
      fc.property(blocks, marks, paragraph, paragraph, (before, mark, theirs, lazy) => {
        const command = parseCommand(`${before}${mark}${theirs}\n/triage ${lazy}\n/triage`);
        expect(command).toMatchObject({ name: "triage", misplaced: expect.any(String) });
      }),
    );
  });

  test("is whatever stands in a comment, up to its end", () => {
    fc.assert(
      fc.property(blocks, hard, (before, inside) => {
        const comment = `<!-- x\n/triage\n${inside.replaceAll(">", "")}\n/triage`;
        expect(parseCommand(`${before}${comment}`)).toBeNull();
        expect(parseCommand(`${before}${comment}\n-->\n\n/triage now`)?.instructions).toBe("now");
      }),
    );
  });

  test("is whatever stands behind four spaces of an indented block", () => {
    fc.assert(
      fc.property(hard, (inside) => {
        const lines = `/triage\n${inside}`.split(/\r\n?|\n/u).map((line) => `    ${line}`);
        // A block that is nothing but the command is answered.
        const misplaced = parseCommand(lines.join("\n"))?.misplaced ?? "code";
        expect(misplaced).toBe("code");
        expect(parseCommand(`Look:\n\n${lines.join("\n")}`)).toBeNull();
      }),
    );
  });
});
