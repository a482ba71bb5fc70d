import { describe, expect, test } from "vitest";
import { readPolicyMerge } from "../../../src/core/webhook/policy-merge.ts";
import { payloadOf } from "../payloads.ts";

const SHA = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const MERGED = {
  "pull_request.merged": true,
  "pull_request.head.sha": SHA,
  "pull_request.base.ref": "trunk",
  "repository.default_branch": "trunk",
  installation: { id: 2 },
};

const read = (changes: Readonly<Record<string, unknown>>, name = "pull_request") =>
  readPolicyMerge({
    name,
    deliveryId: "1",
    payload: payloadOf("pull_request.closed", { ...MERGED, ...changes }),
  });

describe("a pull request", () => {
  test("that's merged into the default branch may have changed the policy", () => {
    expect(read({})).toEqual({
      repositoryId: expect.any(Number),
      commit: SHA,
      installationId: 2,
      ownerId: expect.any(Number),
      owner: "Codertocat",
      repository: "Hello-World",
    });
  });

  test.each([
    ["that's closed without a merge", { "pull_request.merged": false }],
    ["into another branch", { "pull_request.base.ref": "next" }],
    ["of a repository's own webhook", { installation: null }],
    ["without its head", { "pull_request.head.sha": null }],
  ])("%s has not", (_what, changes) => {
    expect(read(changes)).toBeNull();
    expect(read({}, "issues")).toBeNull();
  });
});
