import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describePolicy } from "../../../src/core/comment/settings.ts";
import { gapsIn } from "../../../src/core/policy/gaps.ts";
import { kindOfLabel } from "../../../src/core/policy/policy.ts";
import type { PolicySettings } from "../../../src/core/policy/schema.ts";
import { anySettings, fileOf, merge, merged, policyOf, textOf } from "./files.ts";
import { runs } from "../../runs.ts";

const guide = readFileSync(new URL("../../../docs/governance.md", import.meta.url), "utf8");

/** The strict example as it's printed in the guide. */
const STRICT =
  /### A strict organi[sz]ation\n.*?```yaml\n(?<file>.*?)```/su.exec(guide)?.groups?.["file"] ?? "";

/** In which ways a repository's file gets around what the example promises. */
function waysAround(repository: string): string[] {
  const result = merge(STRICT, repository);
  // Where the files don't fit together nothing starts.
  if (result.type !== "policy") return [];
  const { policy } = result;
  const kinds = new Set(["triage", "fix", "review", "ask"]);
  const started = [
    ...policy.labels.values(),
    ...[...policy.commands.values()].map(({ kind }) => kind),
  ];
  const rules = [...policy.permissions].flatMap(([kind, { label, command }]) => [
    { kind, rule: label },
    { kind, rule: command },
  ]);
  const checks = {
    forks: policy.forks === "deny",
    context: policy.context === "trusted",
    permissionsPolicy: policy.permissionsPolicy === "ask",
    kinds: started.every((kind) => kinds.has(kind)),
    prompts: [...policy.prompts.values()].every(({ type }) => type === "built in"),
    least: rules.every(({ kind, rule }) =>
      (kind === "fix" ? ["maintain", "admin"] : ["write", "maintain", "admin"]).includes(
        rule.least,
      ),
    ),
    allow: rules.every(
      ({ kind, rule }) =>
        kind !== "fix" || rule.allow.some(({ teams }) => teams.join() === "octo-org/core"),
    ),
    deny: rules.every(
      ({ kind, rule }) => kind === "fix" || rule.deny.teams.includes("octo-org/contractors"),
    ),
    hour: (policy.limits.organization.hour ?? Infinity) <= 100,
    day: (policy.limits.organization.day ?? Infinity) <= 500,
    repositoryDay: (policy.limits.repository.day ?? Infinity) <= 50,
    credits: (policy.sessionLimits.aiCredits ?? Infinity) <= 100,
  };
  return Object.entries(checks).flatMap(([name, holds]) => (holds ? [] : [name]));
}

describe("the strict example of the guide", () => {
  test("is a whole file without gaps", () => {
    expect(STRICT).toContain("enforced:");
    expect(gapsIn(fileOf(STRICT, "organization").settings)).toEqual([]);
    expect(waysAround("")).toEqual([]);
  });

  test.each<[string, PolicySettings]>([
    [
      "another kind for the same work",
      {
        prompts: { mine: "Fix it and open a pull request." },
        labels: { "copilot:mine": "mine" },
        commands: { mine: "mine" },
        permissions: { mine: { least: "read" } },
      },
    ],
    [
      "another prompt for a kind that more people may start",
      { prompts: { triage: "Fix it and open a pull request." } },
    ],
    ["a prompt in a file", { prompts: { ask: { path: ".github/fix.md" } } }],
    ["lower roles", { permissions: { default: { least: "read" }, fix: { least: "triage" } } }],
    [
      "other people",
      { permissions: { fix: { allow: { users: ["mallory"] } }, default: { deny: null } } },
    ],
    [
      "label and command apart",
      { permissions: { fix: { label: { least: "read" }, command: { allow: null } } } },
    ],
    ["forks", { forks: "base" }],
    [
      "limits",
      { limits: { organization: { hour: null, day: null }, repository: { day: 100_000 } } },
    ],
    ["credits", { session_limits: { ai_credits: null } }],
    ["permissions of the agent", { permissions_policy: "approve" }],
    ["strangers' words", { context: "all" }],
  ])("holds against %s", (_, repository) => {
    expect(waysAround(JSON.stringify(repository))).toEqual([]);
  });

  test("holds against every file of a repository", () => {
    fc.assert(
      fc.property(anySettings, (repository) => {
        expect(waysAround(textOf(repository))).toEqual([]);
      }),
      { numRuns: runs(200) },
    );
  });
});

describe("an organization that enforces less than it seems to", () => {
  test.each([
    ["permissions", "`prompts`, `labels` and `commands`"],
    ["permissions, prompts", "`labels` and `commands`"],
    ["permissions, labels, commands", "`prompts`"],
  ])("is warned: [%s]", (enforced, missing) => {
    const file = `enforced: [${enforced}]\npermissions: { fix: { least: maintain } }\n`;
    expect(gapsIn(fileOf(file, "organization").settings)).toEqual([
      `The organization enforces \`permissions\`, but not ${missing}: a repository can give the same work another name, for which the organization's rules for a kind don't hold. To close this, add ${missing} to \`enforced\`.`,
    ]);
  });

  test.each(["on_close", "check_run", "labels_after", "model", "reasoning_effort"])(
    "is warned: [%s] without a value",
    (section) => {
      const { settings } = fileOf(`enforced: [${section}]\n`, "organization");
      expect(gapsIn(settings)).toEqual([
        `The organization enforces \`${section}\` but doesn't set it, so repositories can. Set it in the organization's file.`,
      ]);
    },
  );

  test.each([
    ["model", "{ fix: gpt-5 }"],
    ["reasoning_effort", "{ fix: high }"],
  ])("is warned: [%s] without a default", (section, entries) => {
    const file = `enforced: [${section}]\n${section}: ${entries}\n`;
    expect(gapsIn(fileOf(file, "organization").settings)).toEqual([
      `The organization enforces \`${section}\` but doesn't set \`${section}.default\`, so repositories can set it for other kinds. Set it in the organization's file; \`null\` is Copilot's default.`,
    ]);
  });

  test.each([
    ["", "`limits.requester.hour`, `limits.organization.day` and `limits.at_once`"],
    ["limits: { at_once: null, organization: { day: 9 } }", "`limits.requester.hour`"],
  ])("is warned: [limits] with %j", (limits, unset) => {
    const { settings } = fileOf(`enforced: [limits]\n${limits}\n`, "organization");
    expect(gapsIn(settings)).toEqual([
      `The organization enforces \`limits\` but doesn't set ${unset}, so repositories can raise the default. Set it in the organization's file.`,
    ]);
  });

  test.each([
    "enforced: true\n",
    "enforced: [forks]\nforks: deny\n",
    "forks: deny\n",
    "enforced: [on_close]\non_close: stop\n",
    "enforced: [model]\nmodel: { default: null }\n",
  ])("isn't warned of nothing: %j", (file) => {
    expect(gapsIn(fileOf(file, "organization").settings)).toEqual([]);
  });

  test("sees it in /copilot config", () => {
    const { policy, sources, gaps } = merged("enforced: [permissions]\n", "");
    const versions = { repository: null, organization: "abc", organizationVisible: true };
    expect(describePolicy(policy, sources, versions, gaps)).toContain(
      "> [!WARNING]\n> The organization enforces `permissions`, but not `prompts`, `labels` and `commands`:",
    );
    expect(describePolicy(policy, sources, versions)).not.toContain("WARNING");
  });

  test("which a repository can really use", () => {
    const organization = "enforced: [permissions]\npermissions: { fix: { least: admin } }\n";
    const policy = policyOf(
      organization,
      "prompts: { mine: Fix it. }\nlabels: { 'copilot:mine': mine }\n",
    );
    expect(kindOfLabel(policy, "copilot:mine")).toBe("mine");
    expect(policy.permissions.has("mine")).toBe(false);
  });
});
