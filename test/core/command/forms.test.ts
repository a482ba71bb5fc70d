import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONTROLS, mayHoldCommand, SESSION_COMMANDS } from "../../../src/core/command/table.ts";
import { commandTable } from "../../../src/core/comment/help.ts";
import { parseCommand } from "../../../src/core/command/parse.ts";
import { policyOf } from "../policy-text.ts";
import { runs } from "../../runs.ts";

const TRIAGE = { name: "triage", instructions: "" };
const LOOK = { name: "triage", instructions: "look" };

/** White space of Unicode that ends no line. */
const SPACES = Array.from(
  "\t\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000",
);

/** What takes no room: marks of direction, joiners, selectors, fillers. */
const INVISIBLE = Array.from(
  "\u00AD\u034F\u061C\u115F\u1160\u17B4\u180E\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2066\u2067\u2068\u2069\u206A\u2800\u3164\uFE00\uFE0E\uFE0F\uFEFF\uFFA0\u{E0001}\u{E0100}\u{E007F}",
);

const named = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

describe("a space of any script is a space", () => {
  test.each(SPACES.map((space) => [named(space), space]))("%s", (_name, space) => {
    expect(parseCommand(`/copilot${space}triage`)).toEqual(TRIAGE);
    expect(parseCommand(`/copilot${space}${space} triage${space}look`)).toEqual(LOOK);
    expect(parseCommand(`/triage${space}look`)).toEqual(LOOK);
    expect(parseCommand(`/copilot${space}`)).toEqual({ name: "help", instructions: "" });
    // A tab begins a block of code.
    if (space !== "\t") expect(parseCommand(`${space}/copilot triage look`)).toEqual(LOOK);
  });
});

describe("something invisible is a space, or nothing", () => {
  test.each(INVISIBLE.map((nothing) => [named(nothing), nothing]))("%s", (_name, nothing) => {
    for (const text of [
      `${nothing}/copilot triage look`,
      `Hello.\n${nothing}${nothing} /copilot triage look`,
      `/${nothing}copilot triage look`,
      `/cop${nothing}ilot triage look`,
      `/copilot${nothing} triage look`,
      `/copilot ${nothing}triage look`,
      `/copilot${nothing}triage look`,
      `/copilot tri${nothing}age look`,
      `/copilot triage${nothing} look`,
      `/tri${nothing}age look`,
    ]) {
      expect(mayHoldCommand(text, null)).toBe(true);
      expect(parseCommand(text)).toEqual(LOOK);
    }
    expect(parseCommand(`/copilot triage${nothing}`)).toEqual(TRIAGE);
    expect(parseCommand(`/copilot${nothing}`)).toEqual({ name: "help", instructions: "" });
  });
});

describe("letters of another width or shape are letters", () => {
  test.each([
    ["a full-width slash", "／copilot triage look"],
    ["a full-width slash, short", "／triage look"],
    ["full-width letters", "／ｃｏｐｉｌｏｔ　ｔｒｉａｇｅ　look"],
    ["full-width capitals", "／ＣＯＰＩＬＯＴ ＴＲＩＡＧＥ look"],
    ["a half in full width", "/copilot ｔｒｉａｇｅ look"],
    ["bold letters of mathematics", "/𝐜𝐨𝐩𝐢𝐥𝐨𝐭 𝐭𝐫𝐢𝐚𝐠𝐞 look"],
    ["letters in circles", "/ⓒⓞⓟⓘⓛⓞⓣ ⓣⓡⓘⓐⓖⓔ look"],
  ])("%s", (_what, text) => {
    expect(mayHoldCommand(text, null)).toBe(true);
    expect(parseCommand(text)).toEqual(LOOK);
  });

  test.each([
    ["Cyrillic", "/сopilot triage"],
    ["dotless", "/copılot triage"],
    ["of another slash", "⁄copilot triage"],
    ["without a slash", "copilot triage"],
    ["behind a backslash", "\\copilot triage"],
  ])("but not those of another alphabet or sign: %s", (_what, text) => {
    expect(parseCommand(text)).toBeNull();
  });
});

describe("punctuation behind the name is no part of it", () => {
  const marks = [...Array.from("，。．！？：；、…,.!?:;"), "...", "?!", "—", "–"];
  test.each(marks)("%s", (mark) => {
    for (const start of ["/copilot triage", "/triage"]) {
      expect(parseCommand(`${start}${mark}`)).toEqual(TRIAGE);
      expect(parseCommand(`${start}${mark} look`)).toEqual(LOOK);
      expect(parseCommand(`${start}${mark}\nlook`)).toEqual(LOOK);
      expect(parseCommand(`${start}${mark}看看`)).toEqual({ ...TRIAGE, instructions: "看看" });
    }
    expect(parseCommand(`/copilot${mark}`)).toEqual({ name: "help", instructions: "" });
  });

  test.each([",", ":", ";", "!", "?"])("%s, with no space behind it", (mark) => {
    expect(parseCommand(`/copilot triage${mark}look`)).toEqual(LOOK);
    expect(parseCommand(`/triage${mark}look`)).toBeNull();
  });

  test("a hyphen at its end neither", () => {
    expect(parseCommand("/copilot triage- look")).toEqual(LOOK);
  });
});

test("any spaces and anything invisible around and in a command change nothing", () => {
  const blank = fc.array(fc.constantFrom(...SPACES.slice(1), ...INVISIBLE), { maxLength: 4 });
  const nothing = fc.array(fc.constantFrom(...INVISIBLE), { maxLength: 2 });
  fc.assert(
    fc.property(blank, nothing, nothing, blank, (before, inside, inName, after) => {
      const [one, two, three, four] = [before, inside, inName, after].map((all) => all.join(""));
      const text = `${one}/cop${two}ilot ${four}tri${three}age ${four}look`;
      expect(mayHoldCommand(text, null)).toBe(true);
      expect(parseCommand(text)?.name).toBe("triage");
      expect(parseCommand(text)?.misplaced).toBeUndefined();
    }),
    { numRuns: runs(1_000) },
  );
});

describe("the bot's own help holds no command", () => {
  const rows = commandTable(policyOf("")).slice(2);

  test.each(rows)("%s", (row) => {
    const plain = row.replaceAll("`", "");
    const cells = plain.split("|").map((cell) => cell.trim());
    for (const copied of [cells.join("\t").trim(), cells.join(" | ").trim(), plain, row]) {
      const command = parseCommand(copied.replace(/^[|\s]+/u, ""));
      // A row in Markdown begins with a name in code, in a sentence.
      expect(command?.misplaced ?? "code").toBe("code");
      expect(parseCommand(`Thank you:\n\n${plain}`)).toBeNull();
    }
    expect(parseCommand(cells.slice(1, 3).join("\t"))).toBeNull();
  });

  test("as a whole, copied from the page", () => {
    const text = rows.map((row) => row.replaceAll("`", "").slice(2, -2).replace(" | ", "\t"));
    expect(parseCommand(text.join("\n"))).toBeNull();
  });

  test("but its commands do", () => {
    for (const [name, { usage }] of Object.entries({ ...CONTROLS, ...SESSION_COMMANDS })) {
      expect(parseCommand(usage)).toEqual({ name, instructions: "" });
    }
  });
});
