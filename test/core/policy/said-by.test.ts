import { expect, test } from "vitest";
import type { Source } from "../../../src/core/policy/policy.ts";
import { saidBy } from "../../../src/core/policy/said-by.ts";

const sources = new Map<string, Source>([
  ["forks", { from: "built in", enforced: true }],
  ["egress", { from: "organization", enforced: false }],
  ["egressing", { from: "repository", enforced: false }],
  ["runs_on.default", { from: "organization", enforced: false }],
  ["runs_on.fix", { from: "repository", enforced: false }],
  ["runs_on.ask", { from: "built in", enforced: false }],
  ["branches.eligible", { from: "organization and repository", enforced: true }],
]);

test.each([
  ["forks", []],
  ["egress", ["organization"]],
  ["runs_on", ["repository", "organization"]],
  ["branches.eligible", ["repository", "organization"]],
  ["identity", []],
] as const)("%s is said by %j", (setting, owners) => {
  expect(saidBy(setting, sources)).toEqual(owners);
});
