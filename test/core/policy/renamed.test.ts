import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { JSON_SCHEMA } from "../../../script/schema.ts";
import { describePolicy } from "../../../src/core/comment/settings.ts";
import { RENAMED_KEYS } from "../../../src/core/policy/renamed.ts";
import { fileOf, merged, policyOf, problemsIn } from "./files.ts";

const OLD = "forks: base\nlimits:\n  organisation: { day: 7 }\n";
const NEW = OLD.replace("organisation", "organization");
const VERSIONS = { repository: null, organization: null, organizationVisible: true };

test("an old spelling means what the new one means", () => {
  expect(fileOf(OLD, "repository").settings).toEqual(fileOf(NEW, "repository").settings);
  expect(policyOf("", OLD)).toEqual(policyOf("", NEW));
});

test("the answer to /copilot config says so, with the new spelling", () => {
  const { policy, sources, gaps, deprecations } = merged(OLD, OLD);
  expect(deprecations).toEqual([
    "Line 3 of the organization's file uses `limits.organisation`, an old spelling of `limits.organization`. It still works, but use the new one.",
    "Line 3 of the repository's file uses `limits.organisation`, an old spelling of `limits.organization`. It still works, but use the new one.",
  ]);
  const answer = describePolicy(policy, sources, VERSIONS, gaps, deprecations);
  for (const sentence of deprecations) expect(answer).toContain(`> [!NOTE]\n> ${sentence}`);
  expect(merged(NEW, NEW).deprecations).toEqual([]);
});

test("both spellings at once are refused", () => {
  const file = "limits:\n  organization: { day: 7 }\n  organisation: { hour: 7 }\n";
  expect(problemsIn(file)).toEqual([
    "3:3 `limits.organisation` is the old spelling of `limits.organization`, which is there too: remove one of them",
  ]);
});

test("what is wrong under an old spelling is shown where it stands", () => {
  expect(problemsIn("limits:\n  organisation: { day: many }\n")).toEqual([
    "2:24 `limits.organization.day` must be a whole number from 1 to 100,000",
  ]);
  expect(problemsIn("organisation: { day: 7 }\n")).toHaveLength(1);
  expect(problemsIn("limits: organisation\n")).toHaveLength(1);
});

test("the JSON Schema takes old spellings, as deprecated", () => {
  const schema = JSON.parse(readFileSync(JSON_SCHEMA, "utf8"));
  const validate = new Ajv({ strictTypes: false, keywords: ["deprecationMessage"] }).compile(
    schema,
  );
  for (const { within, old, now } of RENAMED_KEYS) {
    const wrapped = (key: string, value: unknown) =>
      within.reduceRight<unknown>((inner, section) => ({ [section]: inner }), { [key]: value });
    expect(validate(wrapped(old, {}))).toBe(validate(wrapped(now, {})));
    const section = within.reduce((found, key) => found.properties[key], schema);
    expect(section.properties[old]).toEqual({
      ...section.properties[now],
      deprecated: true,
      deprecationMessage: `Use \`${now}\`.`,
    });
  }
});
