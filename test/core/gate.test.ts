import { expect, test } from "vitest";
import { decide } from "../../src/core/gate.ts";

const place = { branch: "main", commit: "0123456789abcdef0123456789abcdef01234567" };

test.each(["write", "admin"] as const)("%s access opens the gate", (permission) => {
  expect(decide({ permission, place, fromFork: false })).toEqual({ allowed: true, place });
});

test.each(["none", "read"] as const)("%s access does not open the gate", (permission) => {
  expect(decide({ permission })).toEqual({ allowed: false, reason: "no_write_access" });
});

test.each(["write", "admin"] as const)("a fork is refused even with %s access", (permission) => {
  expect(decide({ permission, place, fromFork: true })).toEqual({ allowed: false, reason: "fork" });
});
