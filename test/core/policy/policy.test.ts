import { describe, expect, test } from "vitest";
import type { Permission } from "../../../src/core/policy/policy.ts";
import { matchesEligible } from "../../../src/core/policy/policy.ts";
import { policyOf, sourceOf } from "./files.ts";

test("what is built in", () => {
  expect(policyOf("")).toEqual({
    labels: new Map([
      ["copilot:triage", "triage"],
      ["copilot:fix", "fix"],
      ["copilot:review", "review"],
    ]),
    commands: expect.any(Map),
    prompts: new Map(
      ["triage", "fix", "review", "ask"].map((kind) => [kind, { type: "built in" }]),
    ),
    permissions: new Map([["default", { label: WRITERS, command: WRITERS }]]),
    branches: { eligible: [], issues: null },
    forks: "deny",
    limits: {
      requester: { hour: null, day: null },
      repository: { hour: null, day: null },
      organisation: { hour: null, day: null },
      atOnce: null,
    },
    labelsAfter: { removeTrigger: false, running: null, failed: null },
    context: "trusted",
    permissionsPolicy: "ask",
    onClose: "keep",
    checkRun: false,
    sessionLimits: { aiCredits: null },
  });
  expect([...policyOf("").commands.keys()]).toEqual(["triage", "fix", "review", "ask"]);
});

const WRITERS: Permission = { least: "write", allow: [], deny: { users: [], teams: [] } };

describe("branches", () => {
  const organisation = 'branches: { eligible: [main, "release/**"], issues: develop }\n';
  const repository = 'branches: { eligible: ["release/2.*", x], issues: next }';

  test("are the repository's if it says some", () => {
    expect(policyOf(organisation).branches).toEqual({
      eligible: [["main", "release/**"]],
      issues: "develop",
    });
    expect(policyOf(organisation, repository).branches).toEqual({
      eligible: [["release/2.*", "x"]],
      issues: "next",
    });
    expect(policyOf(organisation, "branches: { issues: null }").branches.issues).toBeNull();
  });

  test("that are enforced must match both", () => {
    const enforced = `${organisation}enforced: [branches]\n`;
    const policy = policyOf(enforced, repository);
    const candidates = ["main", "x", "release/1.0", "release/2.0"];
    expect(candidates.filter((branch) => matchesEligible(policy, branch))).toEqual(["release/2.0"]);
    expect(policy.branches.issues).toBe("develop");
    expect(policyOf("enforced: true", repository).branches.issues).toBe("next");
    expect(sourceOf("branches.eligible", enforced, repository)).toBe(
      "organisation and repository, enforced",
    );
    expect(sourceOf("branches.issues", enforced, repository)).toBe(
      "organisation, enforced, not next",
    );
  });

  test.each([
    ["main", ["main"]],
    ["*", ["main", "x", ".x", "a+b", "(a)", "release"]],
    ["**", ["main", "x", ".x", "a+b", "(a)", "release", "release/1", "release/1/a", "a/b/.c"]],
    ["release/*", ["release/1"]],
    ["release/**", ["release", "release/1", "release/1/a"]],
    ["*/1/*", ["release/1/a"]],
    ["**/.c", ["a/b/.c"]],
    ["?", ["x"]],
    ["release/?", ["release/1"]],
    ["a+b", ["a+b"]],
    ["ma", []],
  ])("match %s", (pattern, matching) => {
    const policy = policyOf("", JSON.stringify({ branches: { eligible: [pattern] } }));
    const branches = ["main", "x", ".x", "a+b", "(a)", "release", "release/1", "release/1/a"];
    const all = [...branches, "a/b/.c"];
    expect(all.filter((branch) => matchesEligible(policy, branch))).toEqual(
      all.filter((branch) => new Set<string>(matching).has(branch)),
    );
  });

  test("match in a moment, however long", () => {
    const patterns = Array.from({ length: 50 }, (_, index) => `*${"a".repeat(index + 1)}*b`);
    const policy = policyOf("", JSON.stringify({ branches: { eligible: patterns } }));
    const before = performance.now();
    expect(matchesEligible(policy, "a".repeat(255))).toBe(false);
    expect(matchesEligible(policy, `${"a".repeat(100_000)}b`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(matchesEligible(policyOf(""), "a".repeat(100_000))).toBe(true);
  });
});

describe("each other setting", () => {
  test.each([
    ["forks", "forks: base", "forks: deny", "deny", "deny"],
    ["forks", "forks: allow-after-ok", "forks: base", "base", "allow-after-ok"],
    ["forks", "check_run: true", "forks: base", "base", "deny"],
    ["context", "context: all", "context: trusted", "trusted", "trusted"],
    ["context", "context: trusted", "context: all", "all", "trusted"],
    ["permissionsPolicy", "permissions_policy: approve", "permissions_policy: ask", "ask", "ask"],
    [
      "permissionsPolicy",
      "permissions_policy: deny-writes-to-default-branch",
      "permissions_policy: approve",
      "approve",
      "deny-writes-to-default-branch",
    ],
    ["onClose", "on_close: keep", "on_close: stop", "stop", "keep"],
    ["onClose", "forks: deny", "on_close: stop", "stop", "stop"],
    ["checkRun", "check_run: true", "check_run: false", false, true],
    [
      "sessionLimits",
      "session_limits: { ai_credits: 50 }",
      "session_limits: { ai_credits: 90 }",
      { aiCredits: 90 },
      { aiCredits: 50 },
    ],
    [
      "sessionLimits",
      "session_limits: { ai_credits: 50 }",
      "session_limits: { ai_credits: null }",
      { aiCredits: null },
      { aiCredits: 50 },
    ],
    [
      "sessionLimits",
      "session_limits: { ai_credits: null }",
      "session_limits: { ai_credits: 90 }",
      { aiCredits: 90 },
      { aiCredits: 90 },
    ],
  ] as const)(
    "%s: %s and %s is %j, and enforced %j",
    (setting, organisation, repository, loose, tight) => {
      expect(policyOf(organisation, repository)[setting]).toEqual(loose);
      expect(policyOf(`${organisation}\nenforced: true`, repository)[setting]).toEqual(tight);
    },
  );

  test("limits: each number on its own", () => {
    const organisation = "limits: { requester: { hour: 5, day: 20 }, at_once: 3 }\n";
    const repository =
      "limits: { requester: { hour: 9 }, repository: { day: 7 }, organisation: { hour: 1 }, at_once: 2 }";
    expect(policyOf(organisation, repository).limits).toEqual({
      requester: { hour: 9, day: 20 },
      repository: { hour: null, day: 7 },
      organisation: { hour: 1, day: null },
      atOnce: 2,
    });
    expect(policyOf(`${organisation}enforced: [limits]`, repository).limits).toEqual({
      requester: { hour: 5, day: 20 },
      repository: { hour: null, day: 7 },
      organisation: { hour: 1, day: null },
      atOnce: 2,
    });
    expect(policyOf(organisation, "limits: { at_once: null }").limits.atOnce).toBeNull();
  });

  test("labels_after: each key on its own", () => {
    const organisation = "labels_after: { running: busy, remove_trigger: true }\n";
    const repository = "labels_after: { running: at work, failed: broken, remove_trigger: false }";
    expect(policyOf(organisation, repository).labelsAfter).toEqual({
      removeTrigger: false,
      running: "at work",
      failed: "broken",
    });
    expect(policyOf(`${organisation}enforced: true`, repository).labelsAfter).toEqual({
      removeTrigger: true,
      running: "busy",
      failed: "broken",
    });
    const same = "labels_after: { failed: Busy }";
    expect(policyOf(`${organisation}enforced: true`, same).labelsAfter.failed).toBeNull();
    const trigger = "labels_after: { running: copilot:port }\nenforced: [labels_after]";
    const policy = policyOf(trigger, "labels: { copilot:Port: fix }\nlabels_after: { running: x }");
    expect(policy.labelsAfter.running).toBe("copilot:port");
    expect(policy.labels.has("copilot:port")).toBe(false);
  });
});
