import { expect, test } from "vitest";
import { settingPlaces } from "../../../src/core/policy/setting-places.ts";
import { fileOf } from "./files.ts";

const FILE = `forks: base
limits:
  requester: { hour: 5 }
  at_once: 2
labels:
  "copilot:Deploy.v1": fix
model: { default: gpt-5 }
runs_on:
  fix: cloud
  default: self-hosted
permissions:
  default:
    allow: { users: [octocat] }
    label: { least: triage }
  fix:
    least: maintain
    command:
      least: admin
`;

test.each([
  ["forks", 1],
  ["limits.requester.hour", 3],
  ["limits.at_once", 4],
  ["labels.copilot:deploy.v1", 6],
  ["model.default", 7],
  ["model.fix", 7],
  ["runs_on.fix", 9],
  ["runs_on.triage", 10],
  ["permissions.fix.least", 16],
  ["permissions.fix.label.least", 16],
  ["permissions.fix.command.least", 18],
  ["permissions.fix.command.allow", 13],
  ["permissions.ask.label.least", 14],
  ["permissions.fix.deny", 15],
  ["steering", null],
])("%s is said in line %s", (setting, line) => {
  const position = settingPlaces(fileOf(FILE, "repository"))(setting);
  expect(position?.line ?? null).toBe(line);
});

test("what's said for all kinds at once is where each kind is said", () => {
  const file = fileOf("forks: base\nruns_on: self-hosted\n", "repository");
  expect(settingPlaces(file)("runs_on.fix")?.line).toBe(2);
});

test("a permission of the command's alone is said where that is", () => {
  const file = fileOf("permissions:\n  fix:\n    command:\n      least: admin\n", "repository");
  expect(settingPlaces(file)("permissions.fix.command.least")?.line).toBe(4);
});
