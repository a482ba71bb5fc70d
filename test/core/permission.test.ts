import { describe, expect, test } from "vitest";
import type { PermissionAsking } from "../../src/core/observation.ts";
import { verdictOn } from "../../src/core/permission.ts";
import { SHELL } from "./asking.ts";

const GUARD = "deny-writes-to-default-branch";

function guarded(changes: Partial<PermissionAsking>) {
  return verdictOn({ ...SHELL, ...changes }, GUARD, "main");
}

describe("the policy", () => {
  test.each([
    ["approve", "approve"],
    ["ask", "ask"],
    [GUARD, "deny"],
  ] as const)("%s: %s", (policy, verdict) => {
    expect(verdictOn({ ...SHELL, command: "git push origin main" }, policy, "main")).toBe(verdict);
  });

  test("never answers what is for people", () => {
    const question = { type: "question", question: "?", choices: [], freeform: true } as const;
    expect(verdictOn(question, "approve", "main")).toBe("ask");
    expect(verdictOn({ ...SHELL, managedApprovalRequired: true }, "approve", "main")).toBe("ask");
  });
});

describe("a write to the default branch", () => {
  test.each([
    "git push",
    "git push origin",
    "git push origin main",
    "git push -u origin 'main'",
    "git push --force origin fix:main",
    "git push origin +HEAD:refs/heads/main",
    "git push origin HEAD",
    "git push --all origin",
    "git -C /workspace/hello push origin main",
    "npm test && git push origin main",
    "cd x; /usr/bin/git push origin main | cat",
    "gh pr merge 7 --squash",
  ])("is denied: %s", (command) => {
    expect(guarded({ command })).toBe("deny");
  });

  test.each([
    "git push origin fix",
    "git push -u origin HEAD:fix",
    "git push origin main-2",
    "git pull origin main",
    "git log --grep 'push main'",
    "npm run push",
    "gh pr create --base main",
  ])("is not what this does: %s", (command) => {
    expect(guarded({ command })).toBe("approve");
  });

  test.each([
    'bash -c "git push origin main"',
    "eval $PUSH",
    "gh api -X PUT repos/o/r/contents/x -f branch=main",
  ])("that cannot be read off is for people: %s", (command) => {
    expect(guarded({ command })).toBe("ask");
  });

  test("is told by the branch of a tool", () => {
    expect(guarded({ kind: "mcp", tool: "github/merge_pull_request" })).toBe("ask");
    expect(guarded({ kind: "mcp", tool: "github/push_files", branch: "refs/heads/main" })).toBe(
      "deny",
    );
    expect(guarded({ kind: "mcp", tool: "github/push_files", branch: "fix" })).toBe("approve");
    expect(guarded({ kind: "mcp", tool: "github/get", branch: "main", readOnly: true })).toBe(
      "approve",
    );
  });
});
