import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { JSON_SCHEMA } from "../../../script/schema.ts";
import { jsonSchema } from "../../../src/core/policy/json-schema.ts";
import { policySchema } from "../../../src/core/policy/schema.ts";
import { missingTemplate } from "../../../src/core/policy/template.ts";
import { anyEnforced, anySettings, merge, problemsIn } from "./files.ts";
import { runs } from "../../runs.ts";

const committed = readFileSync(JSON_SCHEMA, "utf8");
const ajv = new Ajv({ strictTypes: false, keywords: ["deprecationMessage"] });
const validate = ajv.compile(JSON.parse(committed));
const guide = readFileSync(new URL("../../../docs/governance.md", import.meta.url), "utf8");

/** The part of the guide under a heading. */
function under(heading: string): string {
  const after = guide.split(`\n${heading}\n`)[1] ?? expect.fail(`no heading ${heading}`);
  return after.split(/\n#{2,} /u)[0] ?? "";
}

/** The first cells of a part's tables, each as the code in it. */
function firstCells(part: string): string[][] {
  const rows = part.split("\n").filter((line) => /^\| +`/u.test(line));
  return rows.map((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/gu)].map(([, code = ""]) => code),
  );
}

describe("the JSON Schema", () => {
  test("is the one of the code", () => {
    expect(JSON.stringify(JSON.parse(committed))).toBe(JSON.stringify(JSON.parse(jsonSchema())));
  });

  test("has an absolute name that's no address, by which it's found", () => {
    const { $id } = z.object({ $id: z.string() }).parse(JSON.parse(committed));
    expect($id).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
    );
    expect(ajv.getSchema($id)).toBe(validate);
  });

  test("takes all settings", () => {
    fc.assert(
      fc.property(anySettings, anyEnforced, (settings, enforced) => {
        expect(validate({ ...settings, enforced })).toBe(true);
      }),
    );
  });

  test("refuses what the code refuses, one value at a time", () => {
    const junk = fc.oneof(
      fc.constantFrom<unknown>(
        "deny",
        "Fix",
        "copilot:a",
        "@a",
        "a/b",
        "../a",
        "***",
        "",
        "default",
      ),
      fc.constantFrom<unknown>(null, true, 0, 1.5, 100_001, [], {}, ["a"], ["a", 1]),
      fc.dictionary(
        fc.constantFrom("a", "status", "default", "copilot:a", "hour", "least", "path", "kind"),
        fc.constantFrom<unknown>("fix", "write", 5, null, {}, { least: "admin" }, { kind: "fix" }),
        { maxKeys: 2 },
      ),
    );
    const paths = propertyPaths(JSON.parse(committed)).map((path) =>
      path.replace(/^labels\.\*/u, "labels.copilot:fix").replaceAll("*", "fix"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, (path, value) => {
        const file = path
          .split(".")
          .toReversed()
          .reduce<unknown>((inner, key) => ({ [key]: inner }), value);
        expect(validate(file), JSON.stringify(file)).toBe(policySchema.safeParse(file).success);
      }),
      { numRuns: runs(3_000) },
    );
  });

  test("describes each key", () => {
    const silent = propertyPaths(JSON.parse(committed)).filter((path) => {
      return !path.endsWith("*") && descriptionAt(JSON.parse(committed), path.split(".")) === null;
    });
    expect(silent).toEqual([]);
  });
});

interface Schema {
  readonly deprecated?: boolean;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false | Schema;
  readonly anyOf?: readonly Schema[];
}

/** The paths of all keys of today (renamed.test.ts is about old spellings); `*` is a name of the author's. */
function propertyPaths(schema: Schema, above: readonly string[] = []): string[] {
  return childrenOf(schema).flatMap(([key, child]) => {
    const path = [...above, key];
    return [path.join(".")].concat(propertyPaths(child, path));
  });
}

function childrenOf({
  properties = {},
  additionalProperties,
  anyOf = [],
}: Schema): [string, Schema][] {
  return [
    ...Object.entries(properties).filter(([, { deprecated }]) => deprecated !== true),
    ...(typeof additionalProperties === "object"
      ? [["*", additionalProperties] as [string, Schema]]
      : []),
    ...anyOf.flatMap(childrenOf),
  ];
}

function descriptionAt(schema: Schema, [key, ...rest]: readonly string[]): string | null {
  if (key === undefined) return schema.description ?? null;
  const child = childrenOf(schema).find(([name]) => name === key)?.[1];
  return child === undefined ? null : descriptionAt(child, rest);
}

describe("the guide", () => {
  const examples = [...guide.matchAll(/```yaml\n(?<text>.*?)```/gsu)].map(
    ({ groups }) => groups?.["text"] ?? "",
  );

  test("has examples", () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
  });

  test.each(examples.map((text, index) => [index + 1, text] as const))(
    "is right in example %i",
    (_number, text) => {
      const isOrganization = text.includes("enforced:");
      expect(problemsIn(text, isOrganization ? "organization" : "repository")).toEqual([]);
      expect(merge(isOrganization ? text : "", isOrganization ? "" : text)).toHaveProperty(
        "policy",
      );
      expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  test("has every key in its table, and no other", () => {
    const documented = firstCells(under("## Every key")).flat();
    const groups = new Set(["branches", "limits", "labels_after", "notify", "session_limits"]);
    const paths = propertyPaths(JSON.parse(committed)).filter(
      (path) =>
        !path.endsWith("*") &&
        !groups.has(path) &&
        !/^limits\.[a-z]+$/u.test(path) &&
        !/\.(?:label|command)\./u.test(path),
    );
    expect(documented.toSorted()).toEqual(paths.toSorted());
  });

  test("names the reserved commands", () => {
    const row = under("## Every key")
      .split("\n")
      .find((line) => line.startsWith("| `commands` "));
    const taken: unknown = JSON.parse(committed).properties.commands.propertyNames.not.enum;
    expect(taken).toContain("config");
    const missing = [taken].flat().filter((name) => row?.includes(`\`${String(name)}\``) !== true);
    expect(missing).toEqual([]);
  });

  test("has every variable of a prompt, and no other", () => {
    const documented = firstCells(under("### Prompts")).flat();
    const [problem = ""] = problemsIn("prompts: { fix: '{{ x }}' }");
    const known = [...problem.matchAll(/`([a-z_]+)`/gu)].map(([, name = ""]) => name);
    expect(documented).toEqual(known.slice(1));
  });

  test("quotes problems as they are", () => {
    const messages = WRONG.flatMap((text) => problemsIn(text));
    const merged = merge("", "commands: { a: b }\nlabels_after: { failed: copilot:fix }");
    messages.push(
      ...(merged.type === "problems" ? merged.problems.map(({ message }) => message) : []),
    );
    messages.push(missingTemplate("fix", "fix.md"));
    const quoted = firstCells(under("## What the problems mean")).flat();
    expect(quoted.length).toBeGreaterThan(20);
    const plain = messages.map((message) => message.replaceAll("`", ""));
    for (const quote of quoted) {
      const parts = quote.split("…").map((part) => part.trim());
      const found = plain.filter((message) => {
        let from = 0;
        return parts.every((part) => {
          const at = message.indexOf(part, from);
          from = at + part.length;
          return at !== -1;
        });
      });
      expect(found, quote).not.toEqual([]);
    }
  });
});

const WRONG = [
  "lables: {}\nforks: 5\ncheck_run: yes\nlabels:\ncommands: { a: {}, status: fix }",
  "labels: { bug: fix, copilot:a: fix, copilot:A: fix }\nbranches: { eligible: ['!x'] }",
  "enforced: true\nprompts: { a: '{{ x }}', b: '{% include x %}', c: '{% if kind %}' }",
  `prompts: { fix: "{{ ${"(".repeat(15_000)} }}" }`,
  `permissions: { fix: { deny: { users: [${"a, ".repeat(101)}] } } }`,
  "forks: @x",
  "forks: deny\nforks: base\ncontext: *x\non_close: &x keep\ncheck_run: !x true",
  "[[[[[[[[[[[",
  "#".repeat(70_000),
  Array.from({ length: 60 }, (_, index) => `a${index}: 1\n`).join(""),
];
