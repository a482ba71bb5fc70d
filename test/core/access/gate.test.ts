import { describe, expect, test } from "vitest";
import type { Facts, Membership } from "../../../src/core/access/facts.ts";
import type { TaskRequest } from "../../../src/core/access/gate.ts";
import {
  decide,
  decideWithoutPolicy,
  mayStartSomething,
  teamsToAsk,
} from "../../../src/core/access/gate.ts";
import type { Role } from "../../../src/core/github/role.ts";
import type { Survey } from "../../../src/core/access/survey.ts";
import { policyOf } from "../policy-text.ts";
import { HEAD, PULL, subjectWith, surveyWith } from "../survey.ts";

const FIRST = { requester: { login: "Octocat" }, decision: { kind: null, retryOf: null } };
const labeled = (name: string): TaskRequest => ({ ...FIRST, trigger: { type: "label", name } });
const commanded = (name: string): TaskRequest => ({
  ...FIRST,
  trigger: { type: "command", name, misplaced: null },
});
const LABEL = labeled("copilot:triage");
const COMMAND = commanded("triage");
const UNASKED = { teams: new Map(), namedAt: new Map() };
const main = surveyWith().defaultBranch;

interface Case extends Partial<Omit<Facts, "survey">> {
  readonly asked?: TaskRequest;
  readonly survey?: Partial<Survey>;
  readonly policy?: string;
}

function decided({ asked = LABEL, survey = {}, policy = "", ...facts }: Case) {
  const known = { ...UNASKED, headApproved: false, issueBranch: null, ...facts };
  return decide(asked, { ...known, survey: surveyWith(survey) }, policyOf(policy));
}

function reasonOf(given: Case) {
  const decision = decided(given);
  return decision.allowed ? "allowed" : (decision.denial?.reason ?? "silence");
}

/** What the requester is in one team, beside another that is missing. */
function besideGone(staff: Membership) {
  return new Map([["octo-org/gone", "missing"] as const, ["octo-org/staff", staff] as const]);
}

function allowing(login: string): string {
  return `permissions: { default: { allow: { users: [${login}] } } }`;
}

function factsAbout(role: Role): Facts {
  const survey = surveyWith({ role });
  return { survey, ...UNASKED, headApproved: false, issueBranch: null };
}

describe("who", () => {
  test.each(["write", "maintain", "admin"] as const)("%s access opens the gate", (role) => {
    const expected = { allowed: true, kind: "triage", place: main };
    expect(decided({ survey: { role } })).toEqual(expected);
    expect(decided({ asked: COMMAND, survey: { role } })).toEqual(expected);
  });

  test.each(["none", "read", "triage"] as const)("%s access does not", (role) => {
    const denial = { reason: "no_permission", least: "write" };
    expect(decided({ survey: { role } })).toEqual({ allowed: false, denial, replyPublicly: true });
    // Only people of the repository make the bot talk.
    const replyPublicly = role === "triage";
    expect(decided({ asked: COMMAND, survey: { role } })).toEqual({
      allowed: false,
      denial,
      replyPublicly,
    });
  });

  test.each([
    ["read", "read", "allowed"],
    ["none", "read", "no_permission"],
    ["maintain", "admin", "no_permission"],
    ["triage", "triage", "allowed"],
  ] as const)("%s access where %s is the least: %s", (role, least, reason) => {
    const policy = `permissions: { default: { least: ${least} } }`;
    expect(reasonOf({ survey: { role }, policy })).toBe(reason);
  });

  test("labels and commands have permissions of their own", () => {
    const policy = "permissions: { triage: { label: { least: admin }, command: { least: read } } }";
    expect(reasonOf({ policy })).toBe("no_permission");
    expect(reasonOf({ asked: COMMAND, policy })).toBe("allowed");
  });

  test("somebody is denied by name, whatever the case of its letters", () => {
    const policy = "permissions: { default: { deny: { users: [octoCAT] } } }";
    expect(reasonOf({ survey: { role: "admin" }, policy })).toBe("denied_by_name");
  });

  test("where people are allowed by name, others are not", () => {
    expect(reasonOf({ policy: allowing("octocat") })).toBe("allowed");
    expect(reasonOf({ policy: allowing("hubot") })).toBe("not_on_the_list");
    expect(reasonOf({ policy: allowing("octocat"), survey: { role: "read" } })).toBe(
      "no_permission",
    );
  });

  test.each([
    ["allow", "member", "allowed"],
    ["allow", "not a member", "not_on_the_list"],
    ["allow", "missing", "not_on_the_list"],
    ["allow", "unreadable", "teams_unreadable"],
    ["deny", "member", "denied_by_name"],
    ["deny", "not a member", "allowed"],
    ["deny", "missing", "team_missing"],
    ["deny", "unreadable", "teams_unreadable"],
  ] as const)("a team in %s, and what the requester is in it is %s: %s", (list, is, reason) => {
    const policy = `permissions: { default: { ${list}: { teams: [octo-org/core] } } }`;
    expect(reasonOf({ policy, teams: new Map([["octo-org/core", is]]) })).toBe(reason);
    expect(teamsToAsk(LABEL, "write", policyOf(policy))).toEqual(["octo-org/core"]);
  });

  test("a missing team is listed with the places that name it, after the teams that exist", () => {
    const policy = "permissions: { default: { deny: { teams: [octo-org/gone, octo-org/staff] } } }";
    const places = [{ of: "repository", url: "https://github.com/…", line: 1, column: 2 }] as const;
    const namedAt = new Map([["octo-org/gone", places]]);
    const missing = [{ team: "octo-org/gone", places }];
    expect(decided({ policy, namedAt, teams: besideGone("not a member") })).toEqual({
      allowed: false,
      replyPublicly: true,
      denial: { reason: "team_missing", missing },
    });
    expect(reasonOf({ policy, namedAt, teams: besideGone("member") })).toBe("denied_by_name");
    const allow = policy.replace("deny", "allow");
    expect(decided({ policy: allow, namedAt, teams: besideGone("not a member") })).toMatchObject({
      denial: { reason: "not_on_the_list", missing },
    });
    expect(reasonOf({ policy: allow, namedAt, teams: besideGone("member") })).toBe("allowed");
  });

  test("the teams of people who have too little access anyway aren't looked up", () => {
    const policy = "permissions: { default: { deny: { teams: [octo-org/core] } } }";
    expect(teamsToAsk(LABEL, "read", policyOf(policy))).toEqual([]);
  });
});

describe("what", () => {
  test("the policy defines what labels and commands mean", () => {
    const policy = "labels: { copilot:look: review }\ncommands: { look: review }";
    const label = labeled("Copilot:Look");
    expect(decided({ asked: label, policy })).toMatchObject({ kind: "review" });
    expect(decided({ asked: commanded("look"), policy })).toMatchObject({
      kind: "review",
    });
  });

  test("a label that the policy doesn't have is ignored", () => {
    const asked = labeled("copilot:running");
    expect(decided({ asked })).toEqual({ allowed: false, denial: null });
  });

  test.each([
    ["traige", "triage"],
    ["confg", "config"],
    ["frobnicate", null],
  ])("an unknown command, %s, is answered with the nearest: %s", (command, nearest) => {
    const denial = { reason: "unknown_command", name: command, nearest };
    const asked = commanded(command);
    expect(decided({ asked })).toEqual({ allowed: false, denial, replyPublicly: true });
    expect(decided({ asked, survey: { role: "read" } })).toMatchObject({ replyPublicly: false });
  });

  test("nothing starts while the policy is invalid, and strangers don't learn why", () => {
    const denial = { reason: "policy_wrong", problems: "line 1" };
    const [writer, reader] = [factsAbout("write"), factsAbout("read")];
    const refused = { allowed: false, denial, replyPublicly: true };
    expect(decideWithoutPolicy(COMMAND, writer, "line 1")).toEqual(refused);
    expect(decideWithoutPolicy(LABEL, factsAbout("triage"), "line 1")).toEqual(refused);
    expect(decideWithoutPolicy(COMMAND, reader, "line 1")).toEqual({
      ...refused,
      replyPublicly: false,
    });
  });

  test("people who can start one kind of task in one way can ask about all", () => {
    const policy = policyOf(
      "permissions: { default: { least: admin }, ask: { command: { least: read } } }",
    );
    const known = { ...UNASKED, headApproved: false, issueBranch: null };
    expect(
      mayStartSomething(COMMAND, { ...known, survey: surveyWith({ role: "read" }) }, policy),
    ).toBe(true);
    expect(
      mayStartSomething(COMMAND, { ...known, survey: surveyWith({ role: "none" }) }, policy),
    ).toBe(false);
  });
});

describe("where", () => {
  test.each([
    ["repository_archived", { archived: true }],
    ["repository_empty", { defaultBranch: null }],
    ["subject_closed", { subject: subjectWith({ state: "closed" }) }],
    ["subject_closed", { subject: subjectWith({ state: "merged", pull: PULL }) }],
    ["subject_locked", { subject: subjectWith({ locked: true }) }],
  ] as const)("%s", (reason, survey) => {
    expect(reasonOf({ survey })).toBe(reason);
  });

  test("a stranger learns nothing about the repository", () => {
    expect(reasonOf({ survey: { archived: true, role: "none" } })).toBe("no_permission");
  });

  test("a pull request is worked on at its head", () => {
    const survey = { subject: subjectWith({ pull: PULL }) };
    expect(decided({ survey })).toMatchObject({ place: { branch: "feature", commit: HEAD } });
  });

  test("the branch that a pull request goes into must be eligible", () => {
    const survey = { subject: subjectWith({ pull: PULL }) };
    expect(reasonOf({ survey, policy: "branches: { eligible: [main] }" })).toBe("allowed");
    const denied = decided({ survey, policy: "branches: { eligible: [feature] }" });
    expect(denied).toMatchObject({ denial: { reason: "branch_not_eligible", branch: "main" } });
  });

  test("issues are worked on at the branch that the policy names", () => {
    const policy = "branches: { issues: develop, eligible: [develop] }";
    const issueBranch = { branch: "develop", commit: HEAD };
    expect(decided({ policy, issueBranch })).toMatchObject({ place: issueBranch });
    expect(decided({ policy })).toMatchObject({
      denial: { reason: "branch_missing", branch: "develop" },
    });
    expect(reasonOf({ policy: "branches: { eligible: [develop] }" })).toBe("branch_not_eligible");
  });

  test.each([
    ["deny", false, "fork"],
    ["base", false, "allowed"],
    ["allow-after-ok", false, "fork_without_ok"],
    ["allow-after-ok", true, "allowed"],
  ] as const)("a fork where the policy says %s, approved: %s", (forks, headApproved, reason) => {
    const survey = { subject: subjectWith({ pull: { ...PULL, fromFork: true } }) };
    const given = { survey, headApproved, policy: `forks: ${forks}` };
    expect(reasonOf(given)).toBe(reason);
    if (reason === "allowed") expect(decided(given)).toMatchObject({ place: PULL.base });
  });
});
