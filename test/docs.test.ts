import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { CODES } from "./core/codes.ts";
import { RENAMED_VARIABLES } from "../src/config/renamed.ts";
import { retryDelayMs } from "../src/core/task/failure.ts";

const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...globSync("docs/*.md")];

const read = (file: string) => readFileSync(file, "utf8");

/** The first cells of the rows of all tables, each as the code in it. */
function codesInRows(text: string): string[] {
  const cells = [...text.matchAll(/^\|(?<cell> `[^|]*)\|/gmu)];
  return cells.flatMap(({ groups }) =>
    Array.from((groups?.["cell"] ?? "").matchAll(/`([^`]+)`/gu), ([, code = ""]) => code),
  );
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/gu, "-");
}

function anchorsIn(file: string): string[] {
  return [...read(file).matchAll(/^#+ (?<heading>.+)$/gmu)].map(({ groups }) =>
    anchorOf(groups?.["heading"] ?? ""),
  );
}

describe.each(DOCUMENTS)("%s", (document) => {
  const text = read(document);

  test("names only files that exist", () => {
    // What is quoted is an example.
    const own = text.replaceAll(/^>.*$/gmu, "");
    const named =
      own.match(/(?<![\w./-])(?:src|test|script|sandbox|bench|docs|deploy)\/[\w./-]*\w/gu) ?? [];
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  test("links only to what is there", () => {
    const links = [...text.matchAll(/\]\((?<target>[^)\s]+)\)/gu)]
      .map(({ groups }) => groups?.["target"] ?? "")
      .filter((target) => !/^[a-z]+:/u.test(target));
    for (const link of links) {
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? document : join(dirname(document), path);
      expect(existsSync(file), link).toBe(true);
      if (anchor !== undefined) expect(anchorsIn(file), link).toContain(anchor);
    }
  });
});

describe("docs/troubleshooting.md", () => {
  const failures = read("docs/troubleshooting.md").split("\n## ")[1] ?? "";

  test("explains every failure code", () => {
    expect(codesInRows(failures).toSorted()).toEqual(CODES.toSorted());
  });

  test("says which ones the bot retries", () => {
    const rows = failures
      .split("\n")
      .filter((row) => /\| (?:up to 3 times|only if no session can exist) +\|$/u.test(row));
    const retried = CODES.filter(
      (code) => retryDelayMs({ code, message: "", nothingCreated: true }, 0, 0, 1) !== null,
    );
    expect(codesInRows(rows.join("\n")).toSorted()).toEqual(retried.toSorted());
  });
});

describe("docs/configuration.md", () => {
  const [settings = "", old = ""] = read("docs/configuration.md").split("## Old names");
  const ofNode = "NODE_EXTRA_CA_CERTS";

  test("has every variable, and no other", () => {
    const variables = Object.keys(parseEnv(read(".env.example")));
    expect(codesInRows(settings).toSorted()).toEqual([...variables, ofNode].toSorted());
  });

  test("has every old name", () => {
    expect(codesInRows(old).toSorted()).toEqual(Object.keys(RENAMED_VARIABLES).toSorted());
  });
});
