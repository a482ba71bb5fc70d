import { describe, expect, test } from "vitest";
import type { PermissionAsking } from "../../../src/core/task/asking.ts";
import { verdictOn } from "../../../src/core/session/permission.ts";
import { permissionOf, SHELL } from "../asking.ts";

const GUARD = "deny-writes-to-default-branch";

function guarded(changes: Partial<PermissionAsking>) {
  return verdictOn({ ...SHELL, ...changes }, GUARD, "main", "octo-org/hello");
}

describe("the policy", () => {
  test.each([
    ["approve", "approve"],
    ["ask", "ask"],
    [GUARD, "deny"],
  ] as const)("%s: %s", (policy, verdict) => {
    expect(
      verdictOn({ ...SHELL, command: "git push origin main" }, policy, "main", "octo-org/hello"),
    ).toBe(verdict);
  });

  test("never answers what is for people", () => {
    const question = { type: "question", question: "?", choices: [], freeform: true } as const;
    expect(verdictOn(question, "approve", "main", "octo-org/hello")).toBe("ask");
    expect(
      verdictOn({ ...SHELL, managedApprovalRequired: true }, "approve", "main", "octo-org/hello"),
    ).toBe("ask");
  });

  test("asks where the default branch isn't known", () => {
    expect(
      verdictOn({ ...SHELL, command: "git push origin fix" }, GUARD, "", "octo-org/hello"),
    ).toBe("ask");
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
    "git push origin @",
    "git push origin :",
    "git push origin :main",
    "git push origin +fix:main",
    "git push origin HEAD:heads/main",
    "git push -d origin main",
    "git push origin --delete main",
    "git push origin fix main",
    "git push --all origin",
    "git push --mirror",
    "git push origin --mir",
    "git push --branches origin",
    "g'it' pu\"sh\" origin m'a'in",
    "git -C /workspace/hello push origin main",
    "git -C/workspace/hello push origin main",
    "git --git-dir=/workspace/hello/.git push origin main",
    "git -c push.default=current push",
    "git --no-pager push origin main",
    "npm test && git push origin main",
    "git push origin main && echo $HOME",
    "cd x; /usr/bin/git push origin main | cat",
    "gh pr merge 7 --squash",
    "gh pr --repo o/r merge 7",
  ])("is denied: %s", (command) => {
    expect(guarded({ command })).toBe("deny");
  });

  test.each([
    "git push origin fix",
    "git push -u origin HEAD:fix",
    "git push origin HEAD:refs/heads/fix",
    "git push --force-with-lease origin fix",
    "git push origin main-2",
    "git push origin main:fix",
    "git pull origin main",
    "git log --grep 'push main'",
    "git status --short && git diff --stat",
    'git add -A && git commit -m "Fix; then git push origin main"',
    "git switch -c fix",
    "gh pr create --base main",
    "gh pr view 7 --json title",
    "ls -la src | grep -n main | head -5 2>/dev/null",
    "cat README.md",
  ])("is not what this does: %s", (command) => {
    expect(guarded({ command })).toBe("approve");
  });

  test.each([
    ["a shell", 'bash -c "git push origin main"'],
    ["a shell that reads", "echo git push origin main | sh"],
    ["a script", "./publish.sh"],
    ["a program of the repository", "./git push origin fix"],
    ["scripts of packages", "npm test"],
    ["scripts of packages by name", "npm run push"],
    ["make", "make release"],
    ["Python", "python3 -c 'print(1)'"],
    ["Node", "node --test"],
    ["Perl", "perl -e 1"],
    ["xargs", "echo main | xargs git push origin"],
    ["env", "env git push origin fix"],
    ["sudo", "sudo git push origin fix"],
    ["find", "find . -exec git push origin main +"],
    ["sed that writes", "sed -i s/a/b/ .git/config"],
    ["an alias of the shell", "alias ls='git push origin main'"],
    ["eval", "eval $PUSH"],
    ["a variable", "git push origin $BRANCH"],
    ["a variable in quotes", 'git push origin "$BRANCH"'],
    ["a substitution", "git push origin $(echo main)"],
    ["backticks", "git push origin `echo main`"],
    ["an escape", "git push origin ma\\in"],
    ["a line that goes on", "git push origin \\\nmain"],
    ["quotes of bash", "git push origin $'main'"],
    ["braces", "git push origin {main,fix}"],
    ["a pattern", "git push origin ma?n"],
    ["a subshell", "(git status)"],
    ["a job in the background", "git status & ls"],
    ["a file that is written", "echo x > .git/config"],
    ["a here-document", "cat <<E\nE"],
    ["an assignment", "GIT_DIR=/x git push origin fix"],
    ["a comment", "git status # git push"],
    ["no command", ""],
    ["an open quote", "git status 'x"],
    ["a space of another kind", "git\u00A0status"],
    ["a carriage return", "git status\rgit push origin main"],
    ["another configuration", "git -c alias.x='push origin main' x"],
    ["an alias", "git publish"],
    ["a configuration that is written", "git config alias.x push"],
    ["a remote that is changed", "git remote set-url origin /x"],
    ["another remote", "git push upstream fix"],
    ["an address", "git push https://example.com/o/r fix"],
    ["a transport that runs programs", "git push ext::sh fix"],
    ["another program at the other end", "git push --receive-pack=x origin fix"],
    ["the same, shortened", "git push --rec=x origin fix"],
    ["a tag", "git push origin refs/tags/main"],
    ["a revision", "git push origin HEAD~1:fix@{1}"],
    ["a pager that runs programs", "git grep -O'sh -c x' y"],
    ["a file that git writes", "git diff --output=.git/config"],
    ["a rebase that runs programs", "git rebase -x 'git push origin main' HEAD~1"],
    ["the API", "gh api -X PUT repos/o/r/contents/x -f branch=main"],
    ["the API with an attached option", "gh api -XPUT repos/o/r/merges"],
    ["an extension of gh", "gh poi"],
    ["a workflow", "gh workflow run release.yml"],
    ["a repository that is synchronized", "gh repo sync"],
    ["curl", "curl -Xpost https://api.github.com/repos/o/r/merges"],
    ["curl that reads", "curl https://example.com/"],
    ["wget", "wget --method=PUT https://api.github.com/"],
  ])("that can't be ruled out is for people: %s", (_, command) => {
    expect(guarded({ command })).toBe("ask");
  });

  test.each([
    ["ask", { kind: "mcp", serverName: "github", toolName: "merge_pull_request", args: {} }],
    [
      "deny",
      {
        kind: "mcp",
        serverName: "github",
        toolName: "push_files",
        args: { branch: "refs/heads/main" },
      },
    ],
    [
      "approve",
      { kind: "mcp", serverName: "github", toolName: "push_files", args: { branch: "fix" } },
    ],
    [
      "ask",
      {
        kind: "mcp",
        serverName: "github",
        toolName: "push_files",
        args: { branch: "refs/tags/x" },
      },
    ],
    ...[
      ["approve", { owner: "Octo-Org", repo: "hello", branch: "fix" }],
      ["ask", { owner: "octo-org", repo: "other", branch: "master" }],
      ["ask", { owner: "mallory", repo: "hello", branch: "master" }],
      ["ask", { owner: "octo-org/hello", repo: "", branch: "fix" }],
      ["ask", { owner: "octo-org", branch: "fix" }],
      ["ask", { owner: ["octo-org"], repo: "hello", branch: "fix" }],
      ["deny", { owner: "octo-org", repo: "hello", branch: "main" }],
    ].map(([verdict, args]) => {
      const tool = { kind: "mcp", serverName: "github", toolName: "push_files" };
      return [verdict, { ...tool, args: JSON.stringify(args) }] as const;
    }),
    ["ask", { kind: "mcp", serverName: "other", toolName: "push_files", args: { branch: "fix" } }],
    [
      "ask",
      {
        kind: "mcp",
        serverName: "github",
        toolName: "update_pull_request_branch",
        args: { branch: "fix" },
      },
    ],
    [
      "approve",
      {
        kind: "mcp",
        serverName: "github",
        toolName: "get",
        args: { branch: "main" },
        readOnly: true,
      },
    ],
    ["ask", { kind: "mcp", serverName: "other", toolName: "get", args: {}, readOnly: true }],
    ["ask", { kind: "custom-tool", toolName: "deploy", args: {} }],
    ["deny", { kind: "custom-tool", toolName: "deploy", args: { ref: "main" } }],
    ["ask", { kind: "hook", toolName: "edit" }],
    ["ask", { kind: "something-new" }],
    ["ask", { kind: "shell", fullCommandText: "x", commands: [{ readOnly: true }] }],
    ["approve", { kind: "read", path: "/etc/passwd" }],
    ["approve", { kind: "write", fileName: "/workspace/hello/src/a.ts" }],
    ["ask", { kind: "write", fileName: "/workspace/hello/.git/hooks/pre-push" }],
    ["ask", { kind: "write", fileName: ".github/workflows/x.yml" }],
    ["ask", { kind: "write", fileName: "~/.gitconfig" }],
    ["ask", { kind: "write", fileName: "src/../../etc/x" }],
    ["ask", { kind: "write", fileName: "/usr/local/bin/x" }],
    ["ask", { kind: "write", fileName: "bin/git" }],
    ["ask", { kind: "write", fileName: "//etc/profile" }],
    ["ask", { kind: "write", fileName: "/./etc/gitconfig" }],
    ["ask", { kind: "write", fileName: "/workspace//../etc/x" }],
    ["ask", { kind: "write", fileName: "/workspace/hello/docs/config" }],
    ["ask", { kind: "write", fileName: "docs/HEAD" }],
    ["approve", { kind: "write", fileName: "./src/config.ts" }],
    ["approve", { kind: "url", url: "https://docs.github.com/en/rest" }],
    ["ask", { kind: "url", url: "https://example.com/build?token=x" }],
    ["ask", { kind: "shell", fullCommandText: "ls", requestSandboxBypass: true }],
  ] as const)("%s: %j", (verdict, request) => {
    expect(verdictOn(permissionOf(request), GUARD, "main", "octo-org/hello")).toBe(verdict);
  });
});
