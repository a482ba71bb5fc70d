import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Merged, People, Permission, Policy } from "../../../src/core/policy/policy.ts";
import { isHostListed } from "../../../src/core/isolation/hosts.ts";
import type { RunsOn } from "../../../src/core/policy/hosting-sections.ts";
import {
  forKind,
  kindOfLabel,
  matchesEligible,
  mergePolicies,
  permissionFor,
} from "../../../src/core/policy/policy.ts";
import { describePolicy } from "../../../src/core/comment/settings.ts";
import type { PolicySettings } from "../../../src/core/policy/schema.ts";
import { anyEnforced, anySettings, fileOf, textOf } from "./files.ts";
import { runs } from "../../runs.ts";

function mergeSettings(organization: PolicySettings | null, repository: PolicySettings | null) {
  return mergePolicies({
    organization: organization && fileOf(textOf(organization), "organization"),
    repository: repository && fileOf(textOf(repository), "repository"),
  });
}

/** The policy of a merge; a case in which the files do not fit together is none of the property's. */
function policyIn(merged: Merged): Policy {
  fc.pre(merged.type === "policy");
  return merged.type === "policy" ? merged.policy : expect.fail("no policy");
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
  "self-hosted": 0,
  "self-hosted-if-blocked": 1,
  cloud: 2,
  always: 0,
  "on-demand": 1,
  "pull-request": 0,
  branch: 1,
  never: 2,
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

/** A machine that may run something under the one policy may do so under the other. */
function isTighterPlace(one: RunsOn, other: RunsOn): boolean {
  if (rank(one.type) < rank(other.type)) return false;
  if (one.type === "cloud" || other.type === "cloud") return one.type === "cloud";
  return other.labels.every((label) => one.labels.includes(label));
}

const HOSTS = ["example.com", "a.example.com", "b.example.com", "c.a.example.com", "example.org"];
const KINDS = ["triage", "fix", "review", "ask", "deploy", "constructor", "other"];
const BRANCHES = ["main", "release/1", "release/1/a", "feature-1", "ax/b", "x", "HEAD"];

/** In how many ways a policy is looser than another one: none, if it is at least as strict. */
function looserWays(policy: Policy, than: Policy): string[] {
  const scopes = ["requester", "repository", "organization"] as const;
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
    waiting: policy.notify.waiting || !than.notify.waiting,
    failed: policy.notify.failed || !than.notify.failed,
    completed: policy.notify.completed || !than.notify.completed,
    qr: !policy.qr || than.qr,
    createLabels: !policy.createLabels || than.createLabels,
    runsOn: KINDS.every((kind) =>
      isTighterPlace(forKind(policy.runsOn, kind), forKind(than.runsOn, kind)),
    ),
    share: KINDS.every(
      (kind) => rank(forKind(policy.share, kind)) >= rank(forKind(than.share, kind)),
    ),
    push: KINDS.every((kind) => rank(forKind(policy.push, kind)) >= rank(forKind(than.push, kind))),
    checkout: policy.checkout.every((part) => than.checkout.includes(part)),
    egress: HOSTS.every(
      (host) => !isHostListed(host, policy.egress) || isHostListed(host, than.egress),
    ),
  };
  return Object.keys(checks).filter((name) => checks[name] === false);
}

interface SaidRate {
  readonly hour?: number | null | undefined;
  readonly day?: number | null | undefined;
}

function rateIn({ hour = null, day = null }: SaidRate = {}) {
  return { hour, day };
}

function saidIn({ limits = {} }: PolicySettings): Policy["limits"] {
  return {
    requester: rateIn(limits.requester),
    repository: rateIn(limits.repository),
    organization: rateIn(limits.organization),
    atOnce: limits.at_once ?? null,
  };
}

describe("with everything enforced", () => {
  test("a repository's file makes nothing looser", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (organization, repository) => {
        const enforced = { ...organization, enforced: true as const };
        const alone = policyIn(mergeSettings(enforced, null));
        const together = policyIn(mergeSettings(enforced, repository));
        // A repository may raise limits that the organization doesn't set.
        expect(looserWays(together, { ...alone, limits: saidIn(organization) })).toEqual([]);
        const { on_close: onClose, check_run: checkRun, labels_after: labelsAfter } = organization;
        if (onClose !== undefined) expect(together.onClose).toBe(onClose);
        if (checkRun !== undefined) expect(together.checkRun).toBe(checkRun);
        if (labelsAfter?.failed !== undefined) {
          expect(together.labelsAfter.failed).toBe(labelsAfter.failed);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  test("a repository can always set a stricter value", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (organization, repository) => {
        const alone = policyIn(mergeSettings(null, repository));
        const together = policyIn(mergeSettings({ ...organization, enforced: true }, repository));
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
        for (const host of HOSTS) {
          if (repository.egress !== undefined && isHostListed(host, together.egress)) {
            expect(isHostListed(host, alone.egress)).toBe(true);
          }
        }
        const placed = typeof repository.runs_on === "object" ? repository.runs_on : {};
        for (const kind of Object.keys(placed)) {
          expect(isTighterPlace(forKind(together.runsOn, kind), forKind(alone.runsOn, kind))).toBe(
            true,
          );
        }
        const own = repository.limits?.requester?.hour ?? null;
        expect(isAtMost(together.limits.requester.hour, own)).toBe(true);
      }),
      { numRuns: runs(100) },
    );
  });
});

test("enforcing more does not make a repository's file wrong", () => {
  fc.assert(
    fc.property(anySettings, anySettings, anyEnforced, (organization, repository, enforced) => {
      fc.pre(mergeSettings(organization, repository).type === "policy");
      const tightened = mergeSettings({ ...organization, enforced }, repository);
      const problems = tightened.type === "problems" ? tightened.problems : [];
      expect(problems.filter(({ of }) => of === "repository")).toEqual([]);
    }),
    { numRuns: runs(150) },
  );
});

test("a file over itself is itself, whatever is enforced", () => {
  fc.assert(
    fc.property(anySettings, anyEnforced, (settings, enforced) => {
      const alone = policyIn(mergeSettings({ ...settings, enforced }, null));
      const twice = policyIn(mergeSettings({ ...settings, enforced }, settings));
      const prompts = [...twice.prompts].map(([kind, source]): [string, unknown] => [
        kind,
        source.type === "built in" ? source : { ...source, of: "organization" },
      ]);
      expect({ ...twice, prompts: new Map(prompts) }).toEqual(alone);
    }),
  );
});

test("without anything enforced, all of the repository's settings hold", () => {
  fc.assert(
    fc.property(anySettings, anySettings, (organization, repository) => {
      const { policy, sources } = (() => {
        const result = mergeSettings(organization, repository);
        fc.pre(result.type === "policy");
        return result.type === "policy" ? result : expect.fail("no policy");
      })();
      const { forks, context, check_run: checkRun, limits } = repository;
      expect(policy.forks).toBe(forks ?? organization.forks ?? "deny");
      expect(policy.context).toBe(context ?? organization.context ?? "trusted");
      expect(policy.checkRun).toBe(checkRun ?? organization.check_run ?? false);
      expect(policy.notify.waiting).toBe(
        repository.notify?.waiting ?? organization.notify?.waiting ?? true,
      );
      const atOnce = [limits?.at_once, organization.limits?.at_once, 5];
      expect(policy.limits.atOnce).toBe(atOnce.find((value) => value !== undefined));
      expect([...sources.values()].filter(({ overruled }) => overruled !== undefined)).toEqual([]);
      expect([...sources.values()].filter(({ enforced }) => enforced)).toEqual([]);
    }),
  );
});

test("every setting has a source, and the description lists each that differs from the default", () => {
  fc.assert(
    fc.property(anySettings, anySettings, anyEnforced, (organization, repository, enforced) => {
      const result = mergeSettings({ ...organization, enforced }, repository);
      fc.pre(result.type === "policy");
      if (result.type !== "policy") return;
      const { policy, sources } = result;
      const names = [
        "forks",
        "context",
        "on_close",
        "permissions_policy",
        "check_run",
        "notify.waiting",
        "notify.failed",
        "notify.completed",
        ...[...policy.labels.keys()].map((label) => `labels.${label}`),
        ...[...policy.commands.keys()].map((name) => `commands.${name}`),
        ...[...policy.prompts.keys()].map((kind) => `prompts.${kind}`),
        ...[...policy.model.keys()].map((kind) => `model.${kind}`),
        ...[...policy.reasoningEffort.keys()].map((kind) => `reasoning_effort.${kind}`),
        ...[...policy.runsOn.keys()].map((kind) => `runs_on.${kind}`),
        ...[...policy.share.keys()].map((kind) => `share.${kind}`),
        ...[...policy.push.keys()].map((kind) => `push.${kind}`),
        "egress",
        ...[...policy.identity.keys()].map((kind) => `identity.${kind}`),
        ...[...policy.permissions.keys()].map((kind) => `permissions.${kind}.label.least`),
      ];
      expect(names.filter((name) => !sources.has(name))).toEqual([]);
      const versions = { repository: null, organization: null, organizationVisible: true };
      const text = describePolicy(policy, sources, versions);
      expect(text).not.toContain("| |");
      expect(text.match(/has no effect/gu)?.length ?? 0).toBeLessThanOrEqual(
        [...sources.values()].filter(({ overruled }) => overruled !== undefined).length,
      );
    }),
  );
});
