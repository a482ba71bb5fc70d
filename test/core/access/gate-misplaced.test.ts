import { describe, expect, test } from "vitest";
import type { Misplacement } from "../../../src/core/command/misplaced.ts";
import type { Facts } from "../../../src/core/access/facts.ts";
import type { TaskRequest } from "../../../src/core/access/gate.ts";
import { decide, decideWithoutPolicy, teamsToAsk } from "../../../src/core/access/gate.ts";
import type { Role } from "../../../src/core/github/role.ts";
import { policyOf } from "../policy-text.ts";
import { surveyWith } from "../survey.ts";

function asked(name: string, misplaced: Misplacement | null = "code"): TaskRequest {
  return {
    trigger: { type: "command", name, misplaced },
    requester: { login: "octocat" },
    decision: { kind: null, retryOf: null },
  };
}

function facts(role: Role): Facts {
  const nothing = { teams: new Map(), namedAt: new Map(), headApproved: false, issueBranch: null };
  return { survey: surveyWith({ role }), ...nothing };
}

const SILENCE = { allowed: false, denial: null };

describe("a command that was written where commands don't count starts nothing", () => {
  test.each(["triage", "fix", "stop", "help", "ok"])(
    "%s: people who can start something get a hint",
    (name) => {
      expect(decide(asked(name), facts("write"), policyOf(""))).toEqual({
        allowed: false,
        denial: { reason: "misplaced_command", name, misplaced: "code" },
        replyPublicly: true,
      });
    },
  );

  test.each(["triage", "stop", "help", "frobnicate"])("%s: others get nothing at all", (name) => {
    for (const role of ["none", "read", "triage"] as const) {
      expect(decide(asked(name), facts(role), policyOf(""))).toEqual(SILENCE);
    }
  });

  test("one that there isn't is answered as any, but not a word that only looks like one", () => {
    expect(decide(asked("triag"), facts("write"), policyOf(""))).toEqual({
      allowed: false,
      denial: { reason: "unknown_command", name: "triag", nearest: "triage" },
      replyPublicly: true,
    });
    expect(decide(asked("cli", "spelling"), facts("admin"), policyOf(""))).toEqual(SILENCE);
    expect(decide(asked("fix", "spelling"), facts("write"), policyOf(""))).toMatchObject({
      denial: { reason: "misplaced_command" },
    });
  });

  test("one that the policy has taken away is not there", () => {
    expect(decide(asked("ask"), facts("write"), policyOf("commands: { ask: null }"))).toMatchObject(
      {
        denial: { reason: "unknown_command" },
      },
    );
  });

  test("where the policy can't be read, only people who could change it get a hint", () => {
    expect(decideWithoutPolicy(asked("triage"), facts("write"), "line 1")).toMatchObject({
      denial: { reason: "policy_wrong" },
      replyPublicly: true,
    });
    expect(decideWithoutPolicy(asked("triage"), facts("read"), "line 1")).toEqual(SILENCE);
  });

  test("the teams of every way in are asked about", () => {
    const policy = policyOf("permissions: { fix: { allow: { teams: [octo-org/staff] } } }");
    expect(teamsToAsk(asked("triage"), "write", policy)).toEqual(["octo-org/staff"]);
  });
});
