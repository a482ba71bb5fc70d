import { describe, expect, test } from "vitest";
import type { Permission, Policy } from "../../../src/core/policy/policy.ts";
import { identityOf, matchesEligible, ofKind } from "../../../src/core/policy/policy.ts";
import { whatEnds } from "../../watchdog.ts";
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
      requester: { hour: 10, day: null },
      repository: { hour: null, day: null },
      organization: { hour: null, day: 200 },
      atOnce: 5,
    },
    labelsAfter: { removeTrigger: false, running: null, failed: null },
    context: "trusted",
    permissionsPolicy: "ask",
    onClose: "keep",
    checkRun: false,
    qr: true,
    createLabels: true,
    notify: { waiting: true, failed: true, completed: false },
    sessionLimits: { aiCredits: null },
    identity: new Map([["default", null]]),
    runsOn: new Map([["default", { type: "cloud" }]]),
    share: new Map([["default", "always"]]),
    push: new Map([
      ["default", "never"],
      ["fix", "pull-request"],
    ]),
    egress: [],
    checkout: [],
    steering: "owner",
    model: new Map([["default", null]]),
    reasoningEffort: new Map([["default", null]]),
    trustedApps: [],
  });
  expect([...policyOf("").commands.keys()]).toEqual(["triage", "fix", "review", "ask"]);
});

const WRITERS: Permission = { least: "write", allow: [], deny: { users: [], teams: [] } };

describe("branches", () => {
  const organization = 'branches: { eligible: [main, "release/**"], issues: develop }\n';
  const repository = 'branches: { eligible: ["release/2.*", x], issues: next }';

  test("are the repository's if it sets any", () => {
    expect(policyOf(organization).branches).toEqual({
      eligible: [["main", "release/**"]],
      issues: "develop",
    });
    expect(policyOf(organization, repository).branches).toEqual({
      eligible: [["release/2.*", "x"]],
      issues: "next",
    });
    expect(policyOf(organization, "branches: { issues: null }").branches.issues).toBeNull();
  });

  test("that are enforced must match both", () => {
    const enforced = `${organization}enforced: [branches]\n`;
    const policy = policyOf(enforced, repository);
    const candidates = ["main", "x", "release/1.0", "release/2.0"];
    expect(candidates.filter((branch) => matchesEligible(policy, branch))).toEqual(["release/2.0"]);
    expect(policy.branches.issues).toBe("develop");
    expect(policyOf("enforced: true", repository).branches.issues).toBe("next");
    expect(sourceOf("branches.eligible", enforced, repository)).toBe(
      "organization and repository, enforced",
    );
    expect(sourceOf("branches.issues", enforced, repository)).toBe(
      "organization, enforced, not next",
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
    const matches = (branch: string) => whatEnds(() => matchesEligible(policy, branch));
    expect(matches("a".repeat(255))).toBe(false);
    expect(matches(`${"a".repeat(100_000)}b`)).toBe(false);
    expect(matchesEligible(policyOf(""), "a".repeat(100_000))).toBe(true);
  });
});

/** Of three kinds: the model and the effort. */
function settingsOf({ model, reasoningEffort }: Policy) {
  const kinds = ["fix", "triage", "review"];
  return kinds.map((kind) => [ofKind(model, kind), ofKind(reasoningEffort, kind)]);
}

describe("a model and an effort for a kind", () => {
  const ORGANIZATION = "model: { default: m1, fix: m2 }\nreasoning_effort: { fix: high }\n";
  const REPOSITORY = "model: { fix: m3, triage: m4 }\nreasoning_effort: { default: low }";

  test("are Copilot's own unless a file says otherwise", () => {
    expect(settingsOf(policyOf(""))).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  test("are the repository's over the organization's, and a kind's over the default", () => {
    expect(settingsOf(policyOf(ORGANIZATION, REPOSITORY))).toEqual([
      ["m3", "high"],
      ["m4", "low"],
      ["m1", "low"],
    ]);
    expect(settingsOf(policyOf(ORGANIZATION, "model: { default: m5 }"))).toEqual([
      ["m2", "high"],
      ["m5", null],
      ["m5", null],
    ]);
    expect(settingsOf(policyOf(ORGANIZATION, "model: { fix: null }"))[0]).toEqual([null, "high"]);
  });

  test("are the organization's where it enforces them", () => {
    const enforced = `${ORGANIZATION}enforced: [model, reasoning_effort]`;
    expect(settingsOf(policyOf(enforced, REPOSITORY))).toEqual([
      ["m2", "high"],
      ["m1", "low"],
      ["m1", "low"],
    ]);
  });
});

function identitiesOf(organization: string, repository = "") {
  const policy = policyOf(organization, repository);
  return ["triage", "fix"].map((kind) => identityOf(policy, kind));
}

describe("whose Copilot a kind uses", () => {
  test("is the administrator's choice unless a file says otherwise, for all kinds or by kind", () => {
    expect(identitiesOf("")).toEqual([null, null]);
    expect(identitiesOf("identity: bot")).toEqual(["bot", "bot"]);
    expect(identitiesOf("identity: { default: requester, fix: bot }")).toEqual([
      "requester",
      "bot",
    ]);
    expect(identitiesOf("identity: requester", "identity: { fix: bot }")).toEqual([
      "requester",
      "bot",
    ]);
    expect(identitiesOf("identity: { fix: requester }", "identity: bot")).toEqual([
      "bot",
      "requester",
    ]);
  });

  test("is the requester's where the organization enforces that, and may be where it doesn't want it", () => {
    expect(identitiesOf("identity: requester\nenforced: true", "identity: { fix: bot }")).toEqual([
      "requester",
      "requester",
    ]);
    expect(
      identitiesOf("identity: bot\nenforced: [identity]", "identity: { fix: requester }"),
    ).toEqual(["bot", "requester"]);
    // What isn't said is the administrator's choice, which a repository can't loosen.
    expect(identitiesOf("enforced: [identity]", "identity: bot")).toEqual([null, null]);
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
    ["steering", "steering: owner", "steering: writers", "writers", "owner"],
    ["steering", "steering: writers", "steering: owner", "owner", "owner"],
    ["steering", "forks: deny", "steering: writers", "writers", "owner"],
    ["onClose", "on_close: keep", "on_close: stop", "stop", "keep"],
    ["onClose", "forks: deny", "on_close: stop", "stop", "stop"],
    ["checkRun", "check_run: true", "check_run: false", false, true],
    ["createLabels", "create_labels: false", "create_labels: true", true, false],
    ["createLabels", "create_labels: true", "create_labels: false", false, false],
    ["qr", "qr: false", "qr: true", true, false],
    ["qr", "qr: true", "qr: false", false, false],
    ["qr", "forks: deny", "qr: false", false, false],
    ["trustedApps", "trusted_apps: [slack, jira]", "trusted_apps: [linear]", ["linear"], []],
    ["trustedApps", "trusted_apps: [slack, jira]", "trusted_apps: [jira]", ["jira"], ["jira"]],
    ["trustedApps", "forks: deny", "trusted_apps: [jira]", ["jira"], []],
    [
      "notify",
      "notify: { completed: true }",
      "notify: { waiting: false, completed: false }",
      { waiting: false, failed: true, completed: false },
      { waiting: true, failed: true, completed: true },
    ],
    [
      "notify",
      "notify: { waiting: false }",
      "notify: { waiting: true }",
      { waiting: true, failed: true, completed: false },
      { waiting: true, failed: true, completed: false },
    ],
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
    (setting, organization, repository, loose, tight) => {
      expect(policyOf(organization, repository)[setting]).toEqual(loose);
      expect(policyOf(`${organization}\nenforced: true`, repository)[setting]).toEqual(tight);
    },
  );

  test("limits: each number on its own", () => {
    const organization = "limits: { requester: { hour: 5, day: 20 }, at_once: 3 }\n";
    const repository =
      "limits: { requester: { hour: 9 }, repository: { day: 7 }, organization: { hour: 1 }, at_once: 2 }";
    expect(policyOf(organization, repository).limits).toEqual({
      requester: { hour: 9, day: 20 },
      repository: { hour: null, day: 7 },
      organization: { hour: 1, day: 200 },
      atOnce: 2,
    });
    expect(policyOf(`${organization}enforced: [limits]`, repository).limits).toEqual({
      requester: { hour: 5, day: 20 },
      repository: { hour: null, day: 7 },
      organization: { hour: 1, day: 200 },
      atOnce: 2,
    });
    expect(policyOf(organization, "limits: { at_once: null }").limits.atOnce).toBeNull();
  });

  test.each([
    ["", "limits: { at_once: 50 }", 50],
    ["", "limits: { at_once: null }", null],
    ["limits: { at_once: null }", "", null],
    ["limits: { at_once: null }", "limits: { at_once: 7 }", 7],
    ["limits: { at_once: 9 }", "limits: { at_once: 50 }", 9],
    ["limits: { at_once: 9 }", "limits: { at_once: null }", 9],
    ["limits: { at_once: 9 }", "limits: { at_once: 3 }", 3],
  ])("limits: enforced %j, a repository's %j comes to %j", (organization, repository, atOnce) => {
    const file = `${organization}\nenforced: [limits]\n`;
    expect(policyOf(file, repository).limits.atOnce).toBe(atOnce);
  });

  test("labels_after: each key on its own", () => {
    const organization = "labels_after: { running: busy, remove_trigger: true }\n";
    const repository = "labels_after: { running: at work, failed: broken, remove_trigger: false }";
    expect(policyOf(organization, repository).labelsAfter).toEqual({
      removeTrigger: false,
      running: "at work",
      failed: "broken",
    });
    expect(policyOf(`${organization}enforced: true`, repository).labelsAfter).toEqual({
      removeTrigger: true,
      running: "busy",
      failed: "broken",
    });
    const same = "labels_after: { failed: Busy }";
    expect(policyOf(`${organization}enforced: true`, same).labelsAfter.failed).toBeNull();
    const trigger = "labels_after: { running: copilot:port }\nenforced: [labels_after]";
    const policy = policyOf(trigger, "labels: { copilot:Port: fix }\nlabels_after: { running: x }");
    expect(policy.labelsAfter.running).toBe("copilot:port");
    expect(policy.labels.has("copilot:port")).toBe(false);
  });
});
