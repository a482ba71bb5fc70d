import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const IMPORT = /^(?:import|export) [^;]*? from "(?<path>\.[^"]+)";/gmsu;

/** Which folders of src/core each of them imports, by type too. A folder in a folder belongs to it. */
function importedFolders(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of readdirSync("src/core", { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts")) continue;
    const [folder = ""] = path.split("/");
    const imported = found.get(folder) ?? new Set();
    for (const { groups } of readFileSync(`src/core/${path}`, "utf8").matchAll(IMPORT)) {
      const [other = ""] = join(dirname(path), groups?.["path"] ?? "").split("/");
      if (other !== folder) imported.add(other);
    }
    found.set(folder, imported);
  }
  return found;
}

test("the folders of src/core import each other in one direction", () => {
  const left = new Map(importedFolders());
  expect(left.size).toBeGreaterThan(8);
  // Folders that import none of those left are removed, until there are none: what stays is a circle.
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [folder, imported] of left) {
      if (![...imported].some((other) => left.has(other))) left.delete(folder);
    }
  }
  expect([...left.keys()]).toEqual([]);
});

test("the linter knows what each folder of src may import", () => {
  const table = readFileSync("oxlint.config.ts", "utf8");
  const folders = readdirSync("src", { withFileTypes: true }).filter((one) => one.isDirectory());
  const unknown = folders.filter(({ name }) => !table.includes(`\n  ${name}: [`));
  expect(unknown.map(({ name }) => name)).toEqual([]);
});
