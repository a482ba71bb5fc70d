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
permissions:
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
  ["permissions.fix.least", 10],
  ["permissions.fix.label.least", 10],
  ["permissions.fix.command.least", 12],
  ["permissions.fix.deny", 9],
  ["steering", null],
])("%s is said in line %s", (setting, line) => {
  const position = settingPlaces(fileOf(FILE, "repository"))(setting);
  expect(position?.line ?? null).toBe(line);
});

test("a permission of the command's alone is said where that is", () => {
  const file = fileOf("permissions:\n  fix:\n    command:\n      least: admin\n", "repository");
  expect(settingPlaces(file)("permissions.fix.command.least")?.line).toBe(4);
});
