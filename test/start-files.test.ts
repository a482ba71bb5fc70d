import { readFileSync } from "node:fs";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";

const DIST = new URL("../dist/", import.meta.url);

function textOf(file: string): string {
  return readFileSync(new URL(file, DIST), "utf8");
}

/** What has to be there before a file of the bundle runs. */
function importsOf(file: string): readonly string[] {
  return parseAst(textOf(file)).body.flatMap((part) => {
    const isImport = part.type === "ImportDeclaration" || part.type === "ExportNamedDeclaration";
    return isImport && part.source !== null ? [part.source.value] : [];
  });
}

/** What is loaded before the bot listens: src/main.ts, then src/app/app.ts, each with all that they import. */
function loadedBeforeListening(): readonly string[] {
  const app = /import\("(?<app>\.\/app-[^"]+)"\)/u.exec(textOf("main.js"))?.groups?.["app"] ?? "";
  const loaded = new Set(["./main.js", app]);
  // A set can grow while it's walked through.
  for (const file of loaded) {
    if (file.startsWith("./")) for (const imported of importsOf(file)) loaded.add(imported);
  }
  return [...loaded];
}

test("a bot reads five files before it listens, and none of what fetch is made of", () => {
  const loaded = loadedBeforeListening();
  expect(loaded.filter((file) => file.startsWith("./"))).toHaveLength(5);
  expect(loaded).not.toContain("node:http");
});

test("what writes comments, makes metrics or pages, or examines the bot isn't loaded before it listens", () => {
  const own = loadedBeforeListening().filter((file) => file.startsWith("./"));
  const modules = own.flatMap((file) => textOf(file).match(/^\/\/ src\/\S+$/gmu) ?? []);
  expect(modules).toContain("// src/app/app.ts");
  for (const room of ["core/comment", "metrics", "web", "doctor"]) {
    expect(modules.filter((module) => module.startsWith(`// src/${room}/`))).toEqual([]);
  }
});
