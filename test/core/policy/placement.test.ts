import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placementOf } from "../../../src/core/policy/placement.ts";
import type { SelfHosting } from "../../../src/core/policy/self-hosting.ts";
import { ALLOWED } from "./allowed.ts";
import { anySettings, merge, policyOf, textOf } from "./files.ts";

const HELLO = { kind: "fix", owner: "octo-org", repository: "hello", fromFork: false };
const TERMS = { labels: [], egress: [], sharing: "always", push: "pull-request", checkout: [] };
const CLOUD = { type: "cloud", ifBlocked: null, notIfBlocked: null };

function placed(
  file: string,
  task: Partial<typeof HELLO> = {},
  allowed: SelfHosting | null = ALLOWED,
) {
  return placementOf(policyOf(file), { ...HELLO, ...task }, allowed);
}

describe("a task runs", () => {
  test.each([{}, { kind: "triage" }, { fromFork: true }, { owner: "stranger" }])(
    "in the cloud where the policy doesn't say otherwise: %j",
    (task) => {
      expect(placed("", task)).toEqual(CLOUD);
      expect(placed("", task, null)).toEqual(CLOUD);
      expect(placed("runs_on: { build: self-hosted }", task)).toEqual(CLOUD);
    },
  );

  test("on the administrator's machines, on the policy's terms for its kind", () => {
    expect(placed("runs_on: self-hosted")).toEqual({ type: "self-hosted", terms: TERMS });
    const file = `
runs_on: { fix: { self-hosted: [gpu, x64] }, triage: self-hosted }
share: { fix: on-demand }
push: { fix: branch }
egress: [registry.example.com, "*.example.org", "*.a.example.org", b.example.org]
checkout: [lfs]
`;
    const egress = ["*.a.example.org", "*.example.org", "b.example.org", "registry.example.com"];
    expect(placed(file)).toEqual({
      type: "self-hosted",
      terms: {
        labels: ["gpu", "x64"],
        egress,
        sharing: "on-demand",
        push: "branch",
        checkout: ["lfs"],
      },
    });
    expect(placed(file, { kind: "triage" })).toEqual({
      type: "self-hosted",
      terms: { labels: [], egress, sharing: "always", push: "never", checkout: ["lfs"] },
    });
    expect(placed(file, { kind: "review" })).toEqual(CLOUD);
  });

  test("in the cloud, and on the administrator's machines if that's blocked", () => {
    expect(placed("runs_on: { fix: { self-hosted-if-blocked: [gpu] } }")).toEqual({
      type: "cloud",
      ifBlocked: { ...TERMS, labels: ["gpu"] },
      notIfBlocked: null,
    });
  });

  test("on the administrator's machines at once, where the administrator allows no others", () => {
    const kept = { ...ALLOWED, only: ["octo-org/*"] };
    const refused = { type: "refused", denial: { reason: "cloud_not_allowed" } };
    for (const file of ["", "runs_on: cloud", "runs_on: { triage: self-hosted }"])
      expect(placed(file, {}, kept)).toEqual(refused);
    for (const runsOn of ["self-hosted", "self-hosted-if-blocked"])
      expect(placed(`runs_on: ${runsOn}`, {}, kept)).toEqual({ type: "self-hosted", terms: TERMS });
    expect(placed("runs_on: self-hosted-if-blocked", { fromFork: true }, kept)).toEqual({
      type: "refused",
      denial: { reason: "self_hosting_fork" },
    });
    expect(placed("", { owner: "monalisa" }, kept)).toEqual(CLOUD);
  });

  test.each([
    ["octo-org", "hello", "self-hosted"],
    ["Octo-Org", "HELLO", "self-hosted"],
    ["monalisa", "anything", "self-hosted"],
    ["octo-org", "hello2", "refused"],
    ["octo-org", "other", "refused"],
    ["monalisa2", "hello", "refused"],
    ["octo", "hello", "refused"],
  ])("of %s/%s: %s", (owner, repository, type) => {
    expect(placed("runs_on: self-hosted", { owner, repository }).type).toBe(type);
  });
});

describe("what isn't allowed", () => {
  const OTHER = { repository: "other" };
  const FORK = { fromFork: true };
  test.each([
    ["self_hosting_off", {}, null, ""],
    ["self_hosting_repository", OTHER, ALLOWED, ""],
    ["self_hosting_fork", FORK, ALLOWED, ""],
    // Whatever the administrator allows, this never runs there.
    ["self_hosting_fork", { ...FORK, ...OTHER }, null, ""],
    ["self_hosting_egress", {}, ALLOWED, "example.org"],
    ["self_hosting_egress", {}, ALLOWED, "'*.example.com'"],
    ["self_hosting_egress", {}, ALLOWED, "'*.registry.example.com'"],
  ])("is refused, or doesn't happen if the cloud is blocked: %s", (reason, task, allowed, host) => {
    const egress = `egress: [b.example.org${host === "" ? "" : `, ${host}`}]`;
    const denial = {
      reason,
      ...(host === "" ? {} : { host: host.replaceAll("'", "") }),
    };
    expect(placed(`runs_on: self-hosted\n${egress}`, task, allowed)).toEqual({
      type: "refused",
      denial,
    });
    expect(placed(`runs_on: self-hosted-if-blocked\n${egress}`, task, allowed)).toEqual({
      type: "cloud",
      ifBlocked: null,
      notIfBlocked: denial,
    });
  });

  test("never runs there, whatever the files say", () => {
    const allowance = fc.option(
      fc.record({
        egress: fc.subarray(["example.com", "*.example.com"]),
        only: fc.subarray(["octo-org/hello"]),
      }),
    );
    const task = fc.record({ kind: fc.constantFrom("fix", "triage"), fromFork: fc.boolean() });
    fc.assert(
      fc.property(anySettings, task, allowance, (settings, about, allowed) => {
        const merged = merge("", textOf(settings));
        fc.pre(merged.type === "policy");
        if (merged.type !== "policy") return;
        const limits = allowed === null ? null : { ...ALLOWED, ...allowed };
        const placement = placementOf(merged.policy, { ...HELLO, ...about }, limits);
        if (about.fromFork || limits === null) expect(placement.type).not.toBe("self-hosted");
        if (limits !== null && limits.only.length > 0) expect(placement.type).not.toBe("cloud");
        const terms = {
          refused: () => null,
          cloud: () => ("ifBlocked" in placement ? placement.ifBlocked : null),
          "self-hosted": () => ("terms" in placement ? placement.terms : null),
        }[placement.type]();
        if (terms === null) return;
        expect(about.fromFork).toBe(false);
        const isAllowed = (host: string) =>
          limits?.egress.some(
            (rule) => rule === host || (rule === "*.example.com" && host !== "example.com"),
          );
        expect(terms.egress.filter((host) => isAllowed(host) !== true)).toEqual([]);
      }),
    );
  });
});
