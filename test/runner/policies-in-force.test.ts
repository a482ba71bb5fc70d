import { expect, test } from "vitest";
import type { PolicyFilesThere } from "../../src/ports/policies-in-force.ts";
import { createPoliciesInForce } from "../../src/runner/receive/policies-in-force.ts";

const HELLO = { id: 1, owner: "octo-org", name: "hello" };
const NONE = { commit: null, file: null };
const THERE: PolicyFilesThere = {
  defaultBranch: "main",
  isArchived: false,
  policy: { repository: NONE, organization: null },
};

/** Policies of an App that can be installed later. */
function createWorld() {
  const asked: (number | null)[] = [];
  const github = { isInstalled: false };
  const policies = createPoliciesInForce({
    source: {
      find(_repository, installationId) {
        asked.push(installationId);
        return Promise.resolve(github.isInstalled ? THERE : null);
      },
    },
    github: { text: () => Promise.resolve(null), troubleOf: () => null },
    origin: "https://github.com",
    now: () => new Date("2026-11-30T06:00:00.000Z"),
  });
  return { policies, github, asked };
}

test("whoever has just installed the App sees the policy at once", async () => {
  const { policies, github, asked } = createWorld();
  expect(await policies.of(HELLO, null)).toBeNull();
  expect(await policies.of(HELLO, 31)).toBeNull();
  github.isInstalled = true;
  expect((await policies.of(HELLO, 31))?.defaultBranch).toBe("main");
  expect((await policies.of(HELLO, null))?.defaultBranch).toBe("main");
  expect(asked).toEqual([null, 31, 31]);
});

test("that the App isn't installed is asked for once a minute by those who don't know better", async () => {
  const { policies, asked } = createWorld();
  expect(await policies.of(HELLO, null)).toBeNull();
  expect(await policies.of(HELLO, null)).toBeNull();
  expect(asked).toEqual([null]);
});

test("a request that began before the App was installed isn't waited for", async () => {
  const { policies, github } = createWorld();
  const before = policies.of(HELLO, null);
  github.isInstalled = true;
  expect((await policies.of(HELLO, 31))?.defaultBranch).toBe("main");
  await before;
});
