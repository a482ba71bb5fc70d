import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMPILED } from "../compiled.ts";
import { temporaryDirectory } from "../store/opened.ts";

const LINT = fileURLToPath(new URL("../../script/lint.ts", import.meta.url));

/** Lints files with these contents, in a directory of their own. */
function lint(files: Readonly<Record<string, string | Buffer>>, ...args: string[]) {
  const directory = temporaryDirectory();
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(directory, name), content);
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", LINT, ...args],
    { cwd: directory, env: { ...COMPILED, PATH, CALLED_FROM: directory }, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

test("mistakes are lines with their places", () => {
  const files = {
    "right.yml": "forks: base\n",
    "wrong.yml": "forks: perhaps\nlabels:\n  copilot:a: b\n",
    "image.yml": Buffer.from([0x89, 0x50, 0]),
  };
  expect(lint(files, "right.yml", "wrong.yml", "image.yml")).toEqual({
    status: 1,
    stdout: `wrong.yml:1:8: \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`
image.yml:1:1: The file is not a text, or far too large.
`,
    stderr: "",
  });
});

test("what is wrong only as a whole is found, too", () => {
  expect(lint({ "a.yml": "labels:\n  copilot:a: porting\n" }, "a.yml")).toEqual({
    status: 1,
    stdout:
      "a.yml:2:14: the kind `porting` has no prompt in `prompts`: use one of `triage`, `fix`, `review`, `ask`\n",
    stderr: "",
  });
});

test("files without mistakes pass", () => {
  const files = { "a.yml": "", "b.yml": "enforced: true\n" };
  expect(lint(files, "a.yml")).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(lint(files, "--organization", "b.yml")).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(lint(files, "b.yml").stdout).toBe(
    "b.yml:1:1: `enforced` works only in the organization's file: a repository can't enforce anything\n",
  );
});

test("a file that can't be read is named", () => {
  expect(lint({ "a.yml": "" }, "none.yml", "a.yml/b.yml", ".")).toEqual({
    status: 1,
    stdout: "",
    stderr: `script/lint: none.yml doesn't exist.
script/lint: a.yml/b.yml doesn't exist.
script/lint: . is a directory. Name the files in it.
`,
  });
});
