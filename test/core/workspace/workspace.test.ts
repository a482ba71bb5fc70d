import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gitEnvironment } from "../../../src/core/workspace/git.ts";
import { branchOfTask, isCommitId } from "../../../src/core/workspace/names.ts";
import type { CommitsToPush } from "../../../src/core/workspace/push-check.ts";
import { pathStop, pieceStop, piecesToExamine } from "../../../src/core/workspace/push-check.ts";

const TOKEN = `ghp_${"a1B2".repeat(9)}`;
const NOTHING: CommitsToPush = { commits: "", paths: [], changes: "" };

test("a task's branch has its kind, number, and id", () => {
  expect(branchOfTask({ kind: "fix", number: 7, id: "0b1c2d3e" })).toBe("copilot/fix-7-0b1c2d3e");
});

test.for([
  { kind: "fix/../../main", number: 7, id: "0b1c2d3e" },
  { kind: "fix..", number: 7, id: "0b1c2d3e" },
  { kind: "-fix", number: 7, id: "0b1c2d3e" },
  { kind: "", number: 7, id: "0b1c2d3e" },
  { kind: "fix\n", number: 7, id: "0b1c2d3e" },
  { kind: "fix", number: -7, id: "0b1c2d3e" },
  { kind: "fix", number: 7.5, id: "0b1c2d3e" },
  { kind: "fix", number: 7, id: "0b1c:refs/heads/main" },
  { kind: "fix", number: 7, id: "" },
])("%j makes no branch", (task) => {
  expect(() => branchOfTask(task)).toThrow("This can't be a task's branch: ");
});

test.for([
  ["a".repeat(40), true],
  ["0".repeat(64), true],
  ["a".repeat(39), false],
  ["A".repeat(40), false],
  [`${"a".repeat(40)}\n`, false],
  ["--upload-pack=x", false],
  ["HEAD", false],
] as const)("%j as a commit's id: %s", ([text, isId]) => {
  expect(isCommitId(text)).toBe(isId);
});

test.for([
  [[".github/workflows/ci.yml"], "workflow_changes"],
  [[".github/actions/x/action.yml"], "workflow_changes"],
  [[".GitHub/Workflows/ci.yml"], "workflow_changes"],
  [[".github/workflows"], "workflow_changes"],
  [["\n.github/workflows/ci.yml"], "workflow_changes"],
  [
    ["src/a.ts", ".github/CODEOWNERS", "docs/.github/workflows/x.yml", ".github/workflows-old/x"],
    null,
  ],
] as const)("changes of %j: %s", ([paths, stop]) => {
  expect(pathStop({ paths })).toBe(stop);
});

test.for([
  { changes: `-key = ${TOKEN}`, stop: null },
  { changes: `+key = ${TOKEN}`, stop: "credentials" },
  { changes: `+++ b/${TOKEN}`, stop: "credentials" },
  { changes: `+${TOKEN.replaceAll(/(?=.)/gu, "\0")}`, stop: "credentials" },
  { commits: `- ${TOKEN}`, stop: "credentials" },
  { paths: ["README.md", `${TOKEN}/`], stop: "credentials" },
])("what's pushed is stopped: %j", ({ stop, ...text }) => {
  expect(stopOf(text)).toBe(stop);
});

function stopOf(text: Partial<CommitsToPush>) {
  const stops = [...piecesToExamine({ ...NOTHING, ...text })].map(pieceStop);
  return stops.find((stop) => stop !== null) ?? null;
}

test("a credential is found wherever it is in large changes, and pieces stay small", () => {
  const offset = fc.oneof(
    fc.integer({ min: 0, max: 300_000 }),
    // Where pieces meet.
    fc.integer({ min: 2 ** 16 - 2 ** 12 - 60, max: 2 ** 16 + 60 }),
  );
  fc.assert(
    fc.property(offset, offset, fc.constantFrom(" ", "x\n+", "x\0"), (before, after, filler) => {
      const fill = (length: number) => filler.repeat(length).slice(0, length);
      const changes = `+${fill(before)} ${TOKEN} ${fill(after)}`;
      expect(stopOf({ changes })).toBe("credentials");
      const sizes = [...piecesToExamine({ ...NOTHING, changes })].map((piece) => piece.length);
      expect(Math.max(...sizes)).toBeLessThan(2 ** 17 + 2);
      expect(stopOf({ changes: changes.replace(TOKEN, "token") })).toBe(null);
    }),
    { numRuns: 25 },
  );
});

test("what a commit removes isn't examined, however long the line is", () => {
  expect(stopOf({ changes: `-${"x ".repeat(100_000)}${TOKEN}\n+x` })).toBe(null);
});

test("the token is in the environment of Git alone, for one address, which no redirect leaves", () => {
  const url = "https://github.com/octo/hello";
  const environment = gitEnvironment("/usr/bin", { protocol: "https", url, token: "ghs_secret" });
  const settings = Object.fromEntries(
    Object.keys(environment)
      .filter((name) => name.startsWith("GIT_CONFIG_KEY_"))
      .map((name) => [environment[name], environment[name.replace("KEY", "VALUE")]]),
  );
  expect(settings).toMatchObject({
    "core.hooksPath": "/dev/null",
    "http.followRedirects": "false",
    "protocol.allow": "never",
    "protocol.https.allow": "always",
    [`http.${url}.extraHeader`]: `Authorization: Basic ${btoa("x-access-token:ghs_secret")}`,
  });
  expect(environment["GIT_CONFIG_COUNT"]).toBe(String(Object.keys(settings).length));
});
