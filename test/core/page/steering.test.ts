import { expect, test } from "vitest";
import { steeringRights } from "../../../src/core/page/steering.ts";
import { mergePolicies } from "../../../src/core/policy/policy.ts";
import { readPolicyFile } from "../../../src/core/policy/read.ts";
import { taskWith } from "../task.ts";

const ADA = { login: "Ada", role: "write" } as const;

function rights(text: string, person: Parameters<typeof steeringRights>[1] = ADA) {
  const reading = readPolicyFile(text, "repository");
  if (reading.type !== "file") throw new Error(JSON.stringify(reading.problems));
  const merged = mergePolicies({ organization: null, repository: reading.file });
  if (merged.type !== "policy") throw new Error(JSON.stringify(merged.problems));
  return steeringRights(taskWith(), person, { type: "policy", policy: merged.policy });
}

test("the policy says who steers others' sessions", () => {
  expect(rights("")).toEqual({ steering: "owner", denial: null });
  expect(rights("steering: writers")).toEqual({ steering: "writers", denial: null });
});

test("the policy says who may steer a task: whoever might have asked for it", () => {
  expect(rights("", { ...ADA, role: "triage" }).denial).toEqual({
    reason: "no_permission",
    least: "write",
  });
  const least = "permissions: { triage: { least: maintain } }";
  expect(rights(least).denial).toEqual({ reason: "no_permission", least: "maintain" });
  expect(rights(least.replace("triage", "fix")).denial).toBeNull();
  const denied = "permissions: { default: { deny: { users: [ada] } } }";
  expect(rights(denied).denial).toEqual({ reason: "denied_by_name" });
});

test("what depends on teams is left to the gate", () => {
  const teams = "permissions: { default: { allow: { teams: [octo-org/crew] } } }";
  expect(rights(teams).denial).toBeNull();
  expect(rights(teams, { ...ADA, role: "read" }).denial).not.toBeNull();
});

test("without a policy, nothing is known; of a wrong one, that it's wrong", () => {
  const task = taskWith();
  expect(steeringRights(task, ADA, { type: "unknown" })).toEqual({ steering: null, denial: null });
  const denial = { reason: "policy_wrong", problems: "" };
  expect(steeringRights(task, ADA, { type: "problems" })).toEqual({ steering: null, denial });
});
