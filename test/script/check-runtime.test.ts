import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMPILED } from "../compiled.ts";

const SCRIPT = fileURLToPath(new URL("../../script/check-runtime.ts", import.meta.url));

test("a program that is no runtime is named in one line", () => {
  const argv = ["--disable-warning=ExperimentalWarning", SCRIPT, "/bin/false"];
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    encoding: "utf8",
    env: { ...COMPILED, PATH, HOME },
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^\/bin\/false isn't a Copilot runtime that works here: [^\n]+\n$/u);
});
