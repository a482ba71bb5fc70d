import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JSON_SCHEMA } from "../../../script/schema.ts";
import { policyCheckRun } from "../../../src/core/comment/policy-check.ts";
import { describePolicy } from "../../../src/core/comment/settings.ts";
import { anySettings, merge, textOf } from "./files.ts";

// What can be forgotten when the policy gets another key.

interface Schema {
  readonly deprecated?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** The keys that have no keys below them and belong to no entry of the author's. */
function keysIn({ properties = {}, anyOf = [] }: Schema, above: readonly string[] = []): string[] {
  const own = Object.entries(properties).flatMap(([key, child]) => {
    if (child.deprecated === true) return [];
    const below = keysIn(child, [...above, key]);
    return below.length > 0 ? below : [[...above, key].join(".")];
  });
  return [...own, ...anyOf.flatMap((one) => keysIn(one, above))];
}

const MAPPINGS = new Set([
  "labels",
  "commands",
  "prompts",
  "permissions",
  "model",
  "reasoning_effort",
  "identity",
  "runs_on",
  "share",
  "push",
]);
const keys = keysIn(JSON.parse(readFileSync(JSON_SCHEMA, "utf8"))).filter(
  (key) => !MAPPINGS.has(key) && key !== "enforced",
);

/** The answer to `/copilot config`; null where the file is invalid. */
function shown(repository: string): string | null {
  const result = merge("", repository);
  if (result.type !== "policy") return null;
  const versions = { repository: null, organization: null, organizationVisible: true };
  return describePolicy(result.policy, result.sources, versions);
}

/** Keys with their values, without empty ones. */
function settingsIn(value: unknown, above: readonly string[] = []): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value === null || value === undefined ? [] : [[above.join("."), value]];
  }
  return Object.entries(value).flatMap(([key, inner]) => settingsIn(inner, [...above, key]));
}

describe("a key of the policy", () => {
  test("is a setting, which /copilot config shows", () => {
    const answer = shown("");
    for (const key of keys) expect(answer).toContain(`\`${key}\``);
  });

  test("has a value there, whatever a file says", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anySettings, (settings) => {
        const others = Object.entries(settings).filter(([section]) => !MAPPINGS.has(section));
        const answer = shown(textOf(Object.fromEntries(others)));
        if (answer === null) return;
        const shownSettings = settingsIn(Object.fromEntries(others)).filter(
          ([, value]) => !Array.isArray(value) || value.length > 0,
        );
        for (const [key] of shownSettings) {
          seen.add(key);
          expect(answer).not.toMatch(new RegExp(`\`${key}\`[^\`]*\`none\``, "u"));
        }
      }),
      { numRuns: 400, seed: 1 },
    );
    expect([...seen].toSorted()).toEqual(keys.toSorted());
  });

  test("is compared where a pull request changes it", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anySettings, (settings) => {
        const others = Object.entries(settings).filter(([section]) => !MAPPINGS.has(section));
        const text = textOf(Object.fromEntries(others));
        if (merge("", text).type !== "policy") return;
        const files = { repository: "hello", before: null, after: { text }, organization: null };
        const { summary } = policyCheckRun(files);
        for (const key of keys) if (summary.includes(`\n| \`${key}\` | `)) seen.add(key);
      }),
      { numRuns: 400, seed: 1 },
    );
    expect([...seen].toSorted()).toEqual(keys.toSorted());
  });
});
