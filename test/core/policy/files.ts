import * as fc from "fast-check";
import { CHECKOUT_PARTS } from "../../../src/core/policy/hosting-terms.ts";
import type { Merged, Policy } from "../../../src/core/policy/policy.ts";
import { shownValue } from "../../../src/core/comment/setting-values.ts";
import { mergePolicies } from "../../../src/core/policy/policy.ts";
import type { PolicyFile } from "../../../src/core/policy/read.ts";
import { readPolicyFile } from "../../../src/core/policy/read.ts";
import type { PolicySettings, Section } from "../../../src/core/policy/schema.ts";
import { SECTIONS } from "../../../src/core/policy/schema.ts";
import type { FileOwner } from "../../../src/core/policy/sources.ts";

/** The problems of a file, as `line:column message`. */
export function problemsIn(text: string, of: FileOwner = "repository"): string[] {
  const read = readPolicyFile(text, of);
  if (read.type === "file") return [];
  return read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** A valid file. */
export function fileOf(text: string, of: FileOwner): PolicyFile {
  const read = readPolicyFile(text, of);
  if (read.type === "file") return read.file;
  throw new TypeError(JSON.stringify(read.problems));
}

/** What two files make together; an empty one is one that is not there. */
export function merge(organization: string, repository: string): Merged {
  return mergePolicies({
    organization: organization === "" ? null : fileOf(organization, "organization"),
    repository: repository === "" ? null : fileOf(repository, "repository"),
  });
}

/** The policy of two valid files together. */
export function merged(
  organization: string,
  repository: string,
): Extract<Merged, { readonly type: "policy" }> {
  const result = merge(organization, repository);
  if (result.type === "policy") return result;
  throw new TypeError(JSON.stringify(result.problems));
}

/** The policy that two files make together. */
export function policyOf(organization: string, repository = ""): Policy {
  return merged(organization, repository).policy;
}

/** Where a setting comes from, in words. */
export function sourceOf(setting: string, organization: string, repository: string): string {
  const source = merged(organization, repository).sources.get(setting);
  const overruled =
    source?.overruled === undefined ? "" : `, not ${shownValue(source.overruled, (text) => text)}`;
  return `${source?.from}${source?.enforced === true ? ", enforced" : ""}${overruled}`;
}

/** JSON is YAML. */
export function textOf(settings: PolicySettings): string {
  return JSON.stringify(settings);
}

// Mostly kinds that have a prompt, so that most files fit together.
const kind = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("triage", "fix", "review", "ask") },
  { weight: 1, arbitrary: fc.constantFrom("deploy", "constructor") },
);
const name = fc.constantFrom("triage", "fix", "deploy", "port");
const label = fc.constantFrom("copilot:triage", "copilot:fix", "copilot:deploy", "copilot:Fix");
const limit = fc.option(fc.integer({ min: 1, max: 5 }));
const people = fc.record(
  {
    users: fc.subarray(["ada", "Bob", "cy"]),
    teams: fc.subarray(["octo-org/core", "octo-org/Docs"]),
  },
  { requiredKeys: [] },
);
const role = fc.constantFrom("read", "triage", "write", "maintain", "admin");
const parts = { least: role, allow: fc.option(people), deny: fc.option(people) };
const rule = fc.record(
  { ...parts, label: optional(parts), command: optional(parts) },
  { requiredKeys: [] },
);
const rate = optional({ hour: limit, day: limit });
const pattern = fc.constantFrom("main", "release/**", "*", "**", "feature-?", "a*/b");

function optional<Shape>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) {
  return fc.record(shape, { requiredKeys: [] });
}

const machineLabels = fc.subarray(["gpu", "linux", "x64"], { minLength: 1 });

/** A word for all kinds, or words and other values by kind. */
function byKind<Word extends string, Value = never>(
  word: fc.Arbitrary<Word>,
  value?: fc.Arbitrary<Value>,
): fc.Arbitrary<Word | Record<string, Word | Value>> {
  const values = value === undefined ? word : fc.oneof(word, value);
  return fc.oneof(word, fc.dictionary(fc.oneof(kind, fc.constant("default")), values));
}

/** Settings that are valid by themselves; labels that differ only in case are left out. */
export const anySettings: fc.Arbitrary<PolicySettings> = optional({
  labels: fc
    .dictionary(label, fc.option(kind))
    .filter((labels) => !("copilot:fix" in labels && "copilot:Fix" in labels)),
  commands: fc.dictionary(
    name,
    fc.oneof(
      fc.option(kind),
      fc.record(
        { kind, description: fc.constantFrom("One.", "Two."), example: fc.constant("/copilot x") },
        { requiredKeys: ["kind"] },
      ),
    ),
  ),
  prompts: fc.dictionary(
    kind,
    fc.oneof(
      fc.constantFrom("Do {{ subject }}.", "Work."),
      fc.record({ path: fc.constantFrom("a.md", ".github/b.md") }),
    ),
  ),
  permissions: fc.dictionary(fc.oneof(kind, fc.constant("default")), rule),
  branches: optional({
    eligible: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    issues: fc.option(fc.constantFrom("develop", "main")),
  }),
  forks: fc.constantFrom("deny", "base", "allow-after-ok"),
  limits: optional({ requester: rate, repository: rate, organization: rate, at_once: limit }),
  labels_after: optional({
    remove_trigger: fc.boolean(),
    running: fc.option(
      fc.constantFrom("copilot:running", "copilot:running", "copilot:deploy", "busy"),
    ),
    failed: fc.option(fc.constantFrom("copilot:failed", "Busy")),
  }),
  context: fc.constantFrom("trusted", "all"),
  permissions_policy: fc.constantFrom("approve", "deny-writes-to-default-branch", "ask"),
  on_close: fc.constantFrom("keep", "stop"),
  check_run: fc.boolean(),
  qr: fc.boolean(),
  create_labels: fc.boolean(),
  notify: optional({ waiting: fc.boolean(), failed: fc.boolean(), completed: fc.boolean() }),
  trusted_apps: fc.subarray(["slack", "jira", "linear"]),
  model: fc.dictionary(
    fc.oneof(kind, fc.constant("default")),
    fc.option(fc.constantFrom("m1", "m2")),
  ),
  reasoning_effort: fc.dictionary(
    fc.oneof(kind, fc.constant("default")),
    fc.option(fc.constantFrom("low", "high")),
  ),
  identity: byKind(fc.constantFrom("requester", "bot")),
  steering: fc.constantFrom("owner", "writers"),
  runs_on: byKind(
    fc.constantFrom("cloud", "self-hosted", "self-hosted-if-blocked"),
    fc.oneof(
      fc.record({ "self-hosted": machineLabels }),
      fc.record({ "self-hosted-if-blocked": machineLabels }),
    ),
  ),
  share: byKind(fc.constantFrom("always", "on-demand", "never")),
  push: byKind(fc.constantFrom("pull-request", "branch", "never")),
  egress: fc.subarray(["example.com", "*.example.com", "a.example.com", "*.a.example.com"]),
  checkout: fc.subarray([...CHECKOUT_PARTS]),
  session_limits: optional({ ai_credits: fc.option(fc.integer({ min: 30, max: 35 })) }),
});

/** Some sections, or all. */
export const anyEnforced: fc.Arbitrary<true | Section[]> = fc.oneof(
  fc.constant(true as const),
  fc.subarray([...SECTIONS]),
);
