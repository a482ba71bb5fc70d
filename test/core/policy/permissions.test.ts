import { describe, expect, test } from "vitest";
import { permissionFor } from "../../../src/core/policy/policy.ts";
import { policyOf, sourceOf } from "./files.ts";

describe("permissions", () => {
  test("are set for labels and commands together or apart, and by default for the rest", () => {
    const policy = policyOf(
      "",
      `permissions:
  default: { least: triage, deny: { users: [Mallory] } }
  fix:
    allow: { teams: [Octo-Org/Core] }
    label: { least: maintain, allow: null }
    command: { deny: { users: [] } }`,
    );
    const deny = { users: ["mallory"], teams: [] };
    const allow = [{ users: [], teams: ["octo-org/core"] }];
    const nobody = { users: [], teams: [] };
    expect(permissionFor(policy, "fix", "label")).toEqual({ least: "maintain", allow: [], deny });
    expect(permissionFor(policy, "fix", "command")).toEqual({
      least: "triage",
      allow,
      deny: nobody,
    });
    for (const kind of ["triage", "constructor", "default"]) {
      expect(permissionFor(policy, kind, "label")).toEqual({ least: "triage", allow: [], deny });
    }
  });

  test("are merged part by part; what is set for a kind takes precedence over any default", () => {
    const organization =
      "permissions: { default: { least: admin }, fix: { least: read, deny: { users: [a] } } }";
    const repository = "permissions: { default: { least: triage }, fix: { label: { allow: {} } } }";
    const policy = policyOf(organization, repository);
    expect(permissionFor(policy, "review", "label").least).toBe("triage");
    expect(permissionFor(policy, "fix", "label")).toEqual({
      least: "read",
      allow: [{ users: [], teams: [] }],
      deny: { users: ["a"], teams: [] },
    });
    expect(permissionFor(policy, "fix", "command").allow).toEqual([]);
  });

  test("that are enforced get the higher role, all lists of `allow` and every `deny`", () => {
    const organization = `enforced: [permissions]
permissions:
  default: { least: maintain, deny: { users: [a] } }
  fix: { allow: { users: [a, b], teams: [o/x] } }`;
    const repository = `permissions:
  default: { least: write, deny: { users: [c], teams: [o/y] } }
  fix: { least: admin, allow: { users: [b] } }
  review: { least: read, allow: null, deny: null, command: { allow: { users: [d] } } }`;
    const policy = policyOf(organization, repository);
    expect(permissionFor(policy, "fix", "label")).toEqual({
      least: "admin",
      allow: [
        { users: ["a", "b"], teams: ["o/x"] },
        { users: ["b"], teams: [] },
      ],
      deny: { users: ["a", "c"], teams: ["o/y"] },
    });
    expect(permissionFor(policy, "review", "label")).toEqual({
      least: "maintain",
      allow: [],
      deny: { users: ["a"], teams: [] },
    });
    expect(permissionFor(policy, "review", "command").allow).toEqual([{ users: ["d"], teams: [] }]);
    const source = (setting: string) =>
      sourceOf(`permissions.${setting}`, organization, repository);
    expect(source("default.label.least")).toBe("organization, enforced, not write");
    expect(source("default.label.deny")).toBe("organization and repository, enforced");
    expect(source("fix.command.least")).toBe("repository, enforced");
    expect(source("review.label.deny")).toBe("organization, enforced, not nobody");
  });
});
