import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { NO_KEY, problemsOf } from "./problems.ts";
import { KEY, OTHER_FORMAT, privateKey, REQUIRED } from "./required.ts";

const withKeyAt = (path: string) => ({ ...REQUIRED, PRIVATE_KEY: "", PRIVATE_KEY_PATH: path });

/** The key that is read. */
function keyIn(variables: Readonly<Record<string, string>>): string {
  return readEnvironment({ ...REQUIRED, PRIVATE_KEY: "", ...variables }).PRIVATE_KEY;
}

describe("the private key", () => {
  test.each([
    ["as text", KEY],
    ["as text with blanks around it", `\n ${KEY}\n\n`],
    ["as text on one line", KEY.replaceAll("\n", "\\n")],
    ["in the other format", OTHER_FORMAT],
    ["in quotation marks", `"${KEY.replaceAll("\n", "\\n")}"`],
    ["in base64", Buffer.from(KEY).toString("base64")],
    [
      "in base64 of many lines",
      Buffer.from(KEY).toString("base64").replaceAll(/.{76}/gu, "$&\r\n"),
    ],
    ["with the line ends of Windows", KEY.replaceAll("\n", "\r\n")],
  ])("may come %s", (_how, text) => {
    expect(createPrivateKey(keyIn({ PRIVATE_KEY: text })).equals(privateKey)).toBe(true);
  });

  test("may come as a file, and text comes before a file", () => {
    const file = join(temporaryDirectory(), "key.pem");
    writeFileSync(file, `${OTHER_FORMAT}\n`);
    expect(keyIn({ PRIVATE_KEY_PATH: file })).toBe(OTHER_FORMAT);
    expect(keyIn({ PRIVATE_KEY_PATH: file, PRIVATE_KEY: KEY })).toBe(KEY);
  });

  test("in a file that doesn't exist is refused", () => {
    const file = join(temporaryDirectory(), "key.pem");
    writeFileSync(file, "MIIEow");
    const variables = { ...REQUIRED, PRIVATE_KEY: "", PRIVATE_KEY_PATH: file };
    expect(problemsOf(variables)).toEqual([`PRIVATE_KEY_PATH ${NO_KEY}`]);
  });

  test("in a file that can't be read is refused, and named where it's sure to be a file", () => {
    const directory = temporaryDirectory();
    const file = join(directory, "missing.pem");
    expect(problemsOf(withKeyAt(file))).toEqual([
      `PRIVATE_KEY_PATH: can't read \`${file}\`: file not found`,
    ]);
    expect(problemsOf(withKeyAt("missing.pem"))).toEqual([
      `PRIVATE_KEY_PATH: can't read \`missing.pem\`: file not found (looked in ${process.cwd()})`,
    ]);
    expect(problemsOf(withKeyAt(directory))).toEqual([
      "PRIVATE_KEY_PATH: can't read the file: it's a directory",
    ]);
    expect(problemsOf(withKeyAt("MIIEow"))).toEqual([
      "PRIVATE_KEY_PATH: can't read the file: file not found",
    ]);
  });
});
