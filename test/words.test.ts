import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Words of nobody's field, which one has to read twice. */
const OWN_WORDS = /\b(?:mend(?:s|ed|ing)?|told|in vain)\b/iu;

test.each(["src", "script", "sandbox", "bench", "docs", "."])("%s has plain words", (folder) => {
  const names = readdirSync(folder, { recursive: folder !== ".", encoding: "utf8" });
  const texts = names.filter((name) => /\.(?:ts|md)$/u.test(name));
  expect(texts.length).toBeGreaterThan(3);
  const found = texts.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .flatMap((line, index) => (OWN_WORDS.test(line) ? [`${name}:${index + 1}: ${line}`] : [])),
  );
  expect(found).toEqual([]);
});
