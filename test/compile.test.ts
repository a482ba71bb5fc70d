import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./store/opened.ts";

const COMPILE = fileURLToPath(new URL("../script/compile.ts", import.meta.url));
const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

test("what the image is built with compiles all parts, and starts nothing", () => {
  const compiled = temporaryDirectory();
  const { PATH } = process.env;
  const output = execFileSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", COMPILE],
    {
      env: { PATH, NODE_COMPILE_CACHE: compiled },
      encoding: "utf8",
    },
  );
  expect(output).toBe("");
  const parts = readdirSync(DIST).filter(
    (file) => file.endsWith(".js") && !/^(?:main|program)\./u.test(file),
  );
  const [version = ""] = readdirSync(compiled);
  expect(readdirSync(join(compiled, version)).length).toBeGreaterThanOrEqual(parts.length);
});
