import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Merged, People, Permission, Policy } from "../../../src/core/policy/policy.ts";
import {
  kindOfLabel,
  matchesEligible,
  mergePolicies,
  permissionFor,
} from "../../../src/core/policy/policy.ts";
import { describePolicy } from "../../../src/core/policy/describe.ts";
import type { PolicySettings } from "../../../src/core/policy/schema.ts";
import { anyEnforced, anySettings, fileOf, textOf } from "./files.ts";

function mergeSettings(organisation: PolicySettings | null, repository: PolicySettings | null) {
  return mergePolicies({
    organisation: organisation && fileOf(textOf(organisation), "organisation"),
    repository: repository && fileOf(textOf(repository), "repository"),
  });
}

/** The policy of a merge; a case in which the files do not fit together is none of the property's. */
function policyIn(merged: Merged): Policy {
  fc.pre("policy" in merged);
  return "policy" in merged ? merged.policy : expect.fail("no policy");
}

const RANKS: Readonly<Record<string, number>> = {
  read: 0,
  triage: 1,
  write: 2,
  maintain: 3,
  admin: 4,
  base: 0,
  "allow-after-ok": 1,
  deny: 2,
  all: 0,
  trusted: 1,
  approve: 0,
  "deny-writes-to-default-branch": 1,
  ask: 2,
};

function rank(word: string): number {
  return RANKS[word] ?? expect.fail(`no rank for ${word}`);
}

function isAtMost(limit: number | null, most: number | null): boolean {
  return most === null || (limit !== null && limit <= most);
}

function includesAll(some: People, others: People): boolean {
  return (
    others.users.every((user) => some.users.includes(user)) &&
    others.teams.every((team) => some.teams.includes(team))
  );
}

function isNarrower(one: Permission, other: Permission): boolean {
  return (
    rank(one.least) >= rank(other.least) &&
    includesAll(one.deny, other.deny) &&
    other.allow.every((list) =>
      one.allow.some((own) => includesAll(own, list) && includesAll(list, own)),
    )
  );
}

const KINDS = ["triage", "fix", "review", "ask", "deploy", "constructor", "other"];
const BRANCHES = ["main", "release/1", "release/1/a", "feature-1", "ax/b", "x", "HEAD"];

/** In how many ways a policy is looser than another one: none, if it is at least as strict. */
function looserWays(policy: Policy, than: Policy): string[] {
  const scopes = ["requester", "repository", "organisation"] as const;
  const [mine, others] = [policy.limits, than.limits];
  const checks: Record<string, boolean> = {
    labels: [...policy.labels].every(([label, kind]) => than.labels.get(label) === kind),
    commands: [...policy.commands].every(
      ([name, { kind }]) => than.commands.get(name)?.kind === kind,
    ),
    prompts: JSON.stringify([...policy.prompts]) === JSON.stringify([...than.prompts]),
    permissions: KINDS.every((kind) =>
      (["label", "command"] as const).every((trigger) =>
        isNarrower(permissionFor(policy, kind, trigger), permissionFor(than, kind, trigger)),
      ),
    ),
    branches: BRANCHES.every(
      (branch) => !matchesEligible(policy, branch) || matchesEligible(than, branch),
    ),
    issues: than.branches.issues === null || policy.branches.issues === than.branches.issues,
    forks: rank(policy.forks) >= rank(than.forks),
    hours: scopes.every((scope) => isAtMost(mine[scope].hour, others[scope].hour)),
    days: scopes.every((scope) => isAtMost(mine[scope].day, others[scope].day)),
    atOnce: isAtMost(mine.atOnce, others.atOnce),
    context: rank(policy.context) >= rank(than.context),
    permissionsPolicy: rank(policy.permissionsPolicy) >= rank(than.permissionsPolicy),
    aiCredits: isAtMost(policy.sessionLimits.aiCredits, than.sessionLimits.aiCredits),
  };
  return Object.keys(checks).filter((name) => checks[name] === false);
}

describe("with everything enforced", () => {
  test("a repository's file makes nothing looser", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (organisation, repository) => {
        const enforced = { ...organisation, enforced: true as const };
        const alone = policyIn(mergeSettings(enforced, null));
        const together = policyIn(mergeSettings(enforced, repository));
        expect(looserWays(together, alone)).toEqual([]);
        const { on_close: onClose, check_run: checkRun, labels_after: labelsAfter } = organisation;
        if (onClose !== undefined) expect(together.onClose).toBe(onClose);
        if (checkRun !== undefined) expect(together.checkRun).toBe(checkRun);
        if (labelsAfter?.failed !== undefined) {
          expect(together.labelsAfter.failed).toBe(labelsAfter.failed);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a repository's own wish for less is granted", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (organisation, repository) => {
        const alone = policyIn(mergeSettings(null, repository));
        const together = policyIn(mergeSettings({ ...organisation, enforced: true }, repository));
        for (const label of ["copilot:triage", "copilot:fix", "copilot:deploy"]) {
          if (kindOfLabel(alone, label) !== null) continue;
          if (Object.hasOwn(repository.labels ?? {}, label)) {
            expect(kindOfLabel(together, label)).toBeNull();
          }
        }
        if (repository.forks !== undefined) {
          expect(rank(together.forks)).toBeGreaterThanOrEqual(rank(repository.forks));
        }
        for (const branch of BRANCHES) {
          if (repository.branches?.eligible !== undefined && matchesEligible(together, branch)) {
            expect(matchesEligible(alone, branch)).toBe(true);
          }
        }
        const wish = repository.limits?.requester?.hour ?? null;
        expect(isAtMost(together.limits.requester.hour, wish)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test("enforcing more does not make a repository's file wrong", () => {
  fc.assert(
    fc.property(anySettings, anySettings, anyEnforced, (organisation, repository, enforced) => {
      fc.pre("policy" in mergeSettings(organisation, repository));
      const tightened = mergeSettings({ ...organisation, enforced }, repository);
      const problems = "problems" in tightened ? tightened.problems : [];
      expect(problems.filter(({ of }) => of === "repository")).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a file over itself is itself, whatever is enforced", () => {
  fc.assert(
    fc.property(anySettings, anyEnforced, (settings, enforced) => {
      const alone = policyIn(mergeSettings({ ...settings, enforced }, null));
      const twice = policyIn(mergeSettings({ ...settings, enforced }, settings));
      const prompts = [...twice.prompts].map(([kind, source]): [string, unknown] => [
        kind,
        source.type === "built in" ? source : { ...source, of: "organisation" },
      ]);
      expect({ ...twice, prompts: new Map(prompts) }).toEqual(alone);
    }),
  );
});

test("without anything enforced the repository's file says all that it says", () => {
  fc.assert(
    fc.property(anySettings, anySettings, (organisation, repository) => {
      const { policy, sources } = (() => {
        const result = mergeSettings(organisation, repository);
        fc.pre("policy" in result);
        return "policy" in result ? result : expect.fail("no policy");
      })();
      const { forks, context, check_run: checkRun, limits } = repository;
      expect(policy.forks).toBe(forks ?? organisation.forks ?? "deny");
      expect(policy.context).toBe(context ?? organisation.context ?? "trusted");
      expect(policy.checkRun).toBe(checkRun ?? organisation.check_run ?? false);
      const atOnce = [limits?.at_once, organisation.limits?.at_once, null];
      expect(policy.limits.atOnce).toBe(atOnce.find((value) => value !== undefined));
      expect([...sources.values()].filter(({ overruled }) => overruled !== undefined)).toEqual([]);
      expect([...sources.values()].filter(({ enforced }) => enforced)).toEqual([]);
    }),
  );
});

test("every setting has a source, and the description tells each that is not as the default", () => {
  fc.assert(
    fc.property(anySettings, anySettings, anyEnforced, (organisation, repository, enforced) => {
      const result = mergeSettings({ ...organisation, enforced }, repository);
      fc.pre("policy" in result);
      if (!("policy" in result)) return;
      const { policy, sources } = result;
      const names = [
        "forks",
        "context",
        "on_close",
        "permissions_policy",
        "check_run",
        ...[...policy.labels.keys()].map((label) => `labels.${label}`),
        ...[...policy.commands.keys()].map((name) => `commands.${name}`),
        ...[...policy.prompts.keys()].map((kind) => `prompts.${kind}`),
        ...[...policy.permissions.keys()].map((kind) => `permissions.${kind}.label.least`),
      ];
      expect(names.filter((name) => !sources.has(name))).toEqual([]);
      const versions = { repository: null, organisation: null, organisationVisible: true };
      const text = describePolicy(policy, sources, versions);
      expect(text).not.toContain("| |");
      expect(text.match(/has no effect/gu)?.length ?? 0).toBeLessThanOrEqual(
        [...sources.values()].filter(({ overruled }) => overruled !== undefined).length,
      );
    }),
  );
});
