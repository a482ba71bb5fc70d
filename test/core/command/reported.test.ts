import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";

/** Comments that people have written to bots like this one, and what may come of them. */
interface Reported {
  readonly id: string;
  readonly want: "nothing" | "a hint" | "starts" | "starts or a hint";
  readonly body: string;
}

const REPORTED: readonly Reported[] = JSON.parse(
  readFileSync("test/fixtures/reported/commands.json", "utf8"),
);

function comesOf(body: string): "nothing" | "a hint" | "starts" {
  const command = parseCommand(body);
  if (command === null) return "nothing";
  return command.misplaced === undefined ? "starts" : "a hint";
}

test.each(REPORTED)("$id: $want", ({ body, want }) => {
  expect(want.split(" or ")).toContain(comesOf(body));
});

test("each is understood as it was meant", () => {
  const triage = { name: "triage", instructions: "" };
  expect(Object.fromEntries(REPORTED.map(({ id, body }) => [id, parseCommand(body)]))).toEqual({
    "email-outlook": null,
    "email-of-help": null,
    "html-blockquote": null,
    details: null,
    backtick: { ...triage, misplaced: "code" },
    bold: { ...triage, misplaced: "emphasis" },
    "ideographic-space": triage,
    "fullwidth-slash": triage,
    "rtl-mark": triage,
    colon: { ...triage, instructions: "look at the parser" },
    "after-list": { ...triage, misplaced: "list" },
    "after-quote": { ...triage, misplaced: "quote" },
    "after-image": triage,
    crlf: { ...triage, instructions: "look at the parser\nand the lexer" },
    upper: { ...triage, instructions: "look" },
  });
});
