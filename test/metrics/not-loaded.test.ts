import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMPILED } from "../compiled.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Which packages a process has loaded that has loaded these files; only those that aren't modules of JavaScript yet. */
function loadedWith(...files: readonly string[]): string {
  const program = `
    import { Module } from "node:module";
    for (const file of ${JSON.stringify(files)}) await import(file);
    console.log(Object.keys(Module._cache).join("\\n"));
  `;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...COMPILED, PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "ignore"],
  });
}

test("a bot without metrics doesn't load what makes them", () => {
  const ofApp = ["./src/app/app.ts", "./src/app/wiring.ts", "./src/app/sweeps.ts"];
  expect(loadedWith(...ofApp)).not.toContain("prom-client");
  expect(loadedWith(...ofApp, "./src/app/metrics.ts")).toContain("prom-client");
});
