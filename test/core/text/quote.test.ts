import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inlineCode, plainLine } from "../../../src/core/text/quote.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("`", "``", " ", "\n", "a", "\\", "<b>", "@octocat", "](", "\u200B"))
    .map((pieces) => pieces.join("")),
);

describe("a plain line", () => {
  test.each([
    ["line breaks", "a\nb\r\nc\u2028d\u2029e", "a b c d e"],
    ["tabs and other blanks", "a\t\u00A0 b", "a b"],
    ["control characters", "a\u0000b\u0007c\u0085d", "a b c d"],
    ["invisible characters", "a\u200Bb\u202Ec\uFEFFd\u00ADe", "a b c d e"],
    ["sequences for a terminal", "\u001B[31mred\u001B[0m \u001B[2Kgone", "red gone"],
    ["blanks at its ends", "\n a \n", "a"],
  ])("has no %s", (_what, text, line) => {
    expect(plainLine(text, 100)).toBe(line);
  });

  test.each([
    ["abcde", 5, "abcde"],
    ["abcdef", 5, "abcd…"],
    ["abc😀def", 5, "abc\uFFFD…"],
    ["", 5, ""],
  ])("of %j is cut to %i characters: %j", (text, most, line) => {
    expect(plainLine(text, most)).toBe(line);
  });

  test("is one short line, whatever it is made from", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 50 }), (text, most) => {
        const line = plainLine(text, most);
        expect(line.length).toBeLessThanOrEqual(most);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line).toBe(line.trim());
      }),
    );
  });
});

describe("inline code", () => {
  test.each([
    ["main", "`main`"],
    ["a`b", "`` a`b ``"],
    ["`", "`` ` ``"],
    ["``a```b", "```` ``a```b ````"],
    ["<img src=x>", "`<img src=x>`"],
  ])("around %s is %s", (text, code) => {
    expect(inlineCode(text)).toBe(code);
  });

  // Two backticks are no inline code: they are shown, or pair with two others further on.
  test("around nothing is nothing", () => {
    expect(inlineCode("")).toBe("");
  });
});
