import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isUtf8 } from "node:buffer";
import { read } from "../src/core/error/thrown.ts";
import { examinePolicy } from "../src/core/policy/examine.ts";
import type { Problem } from "../src/core/policy/read.ts";
import { plainLine } from "../src/core/text/quote.ts";
import { fail, program } from "./lib/program.ts";

const AFTERWORD = `
Each mistake is a line: FILE:LINE:COLUMN: what's wrong. The bot checks pull requests that change the file in the same way.
What only the organization's file and the repository's together make wrong isn't found here.

Exit codes: 0 no mistakes, 1 mistakes or a file that can't be read, 64 wrong option or argument.`;

const command = program(
  "script/lint",
  "Checks policy files (.github/copilot-tasks.yml), without the bot, GitHub, or settings: for editors, hooks, and any CI.",
)
  .argument("<file...>", "the files to check")
  .option("--organization", "they're the organization's, of its .github repository")
  .addHelpText("after", AFTERWORD)
  .parse();

const of = command.opts().organization === true ? "organization" : "repository";

function problemsIn(path: string): readonly Problem[] {
  const content = readFileSync(resolve(process.env["CALLED_FROM"] ?? "", path));
  const text = isUtf8(content) && !content.includes(0) ? content.toString() : null;
  const examined = examinePolicy({ text }, of);
  return examined.type === "problems" ? examined.problems : [];
}

/** Why a file can't be read, by the operating system's code. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "doesn't exist.",
  ENOTDIR: "doesn't exist.",
  EISDIR: "is a directory. Name the files in it.",
  EACCES: "can't be read by this user.",
};

function refuse(path: string, error: unknown): void {
  const why = UNREADABLE[String(read(Object(error), "code"))];
  const file = plainLine(path, 500);
  if (why === undefined) fail(`${command.name()}: ${file}`, error);
  else fail(command.name(), `${file} ${why}`);
}

const [paths] = command.processedArgs;
for (const path of paths) {
  try {
    for (const { line, column, message } of problemsIn(path)) {
      console.log(`${plainLine(path, 500)}:${line}:${column}: ${message}`);
      process.exitCode = 1;
    }
  } catch (error) {
    refuse(path, error);
  }
}
