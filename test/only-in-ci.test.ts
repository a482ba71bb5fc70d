import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { ONLY_IN_CI } from "./only-in-ci.ts";

/** `a/{b,c}.ts` as `a/b.ts` and `a/c.ts`. */
function filesOf(pattern: string): readonly string[] {
  const {
    before = "",
    names = "",
    after = "",
  } = /^(?<before>[^{]*)\{(?<names>[^}]*)\}(?<after>.*)$/u.exec(pattern)?.groups ?? {};
  if (names === "") return [pattern];
  return names.split(",").map((name) => `${before}${name}${after}`);
}

test("what only CI runs is there, and named once", () => {
  const named = ONLY_IN_CI.flatMap(filesOf);
  expect(named.filter((file) => globSync(file).length !== 1)).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});
