import { expect, test } from "vitest";
import { BUILT_IN_PROMPTS } from "../../../src/core/policy/built-in-prompts.ts";
import { renderPrompt } from "../../../src/core/prompt/prompt.ts";
import type { HostedWork } from "../../../src/core/prompt/work-place.ts";
import { subjectWith } from "../survey.ts";

const BRANCH = "copilot/fix-7-0b4f9bd6";

/** What the prompt says between who asked and the rules, for a session on the administrator's machine. */
function saidTo(hosted: HostedWork | null): string[] {
  const prompt = renderPrompt({
    kind: "fix",
    template: BUILT_IN_PROMPTS.get("fix") ?? "",
    owner: "octo-org",
    repository: "hello",
    place: { branch: "main", commit: "0123456789abcdef0123456789abcdef01234567" },
    hosted,
    subjectType: "issue",
    subjectNumber: 7,
    subject: subjectWith(),
    untrustedComments: 0,
    github: "https://github.com",
    requester: "octocat",
    requesterRole: "write",
    instructions: "",
    visibleInstructions: null,
    nonce: "9f86d081884c7d659a2feaa0c55ad015",
  });
  const text = prompt.type === "prompt" ? prompt.text : "";
  const [, said = ""] = /Requested by: octocat\n\n([^]*?)\n\nRules:/u.exec(text) ?? [];
  return said.split("\n");
}

test("an agent on the administrator's machine learns where it is, and what becomes of its commits", () => {
  expect(saidTo({ branch: BRANCH, push: "pull-request", egress: [], checkout: [] }))
    .toMatchInlineSnapshot(`
    [
      "This repository is checked out in the current directory, at this commit, on a branch of your own: copilot/fix-7-0b4f9bd6. Stay on it.",
      "You can't reach GitHub: don't fetch, don't push, and don't open pull requests, even if the task asks for it. There's no network.",
      "Commit what belongs to the task, and nothing else. When you're done, the bot pushes this branch and opens a draft pull request from it, so say in your last message what you changed, why, and what you're not sure about.",
      "Don't change anything in .github/workflows or .github/actions, and don't commit credentials: the bot then pushes nothing.",
    ]
  `);
});

test("an agent on the administrator's machine learns which hosts it reaches", () => {
  const egress = ["registry.npmjs.org", "*.example.com"];
  expect(saidTo({ branch: BRANCH, push: "branch", egress, checkout: ["lfs", "submodules"] }))
    .toMatchInlineSnapshot(`
      [
        "This repository is checked out in the current directory, at this commit, on a branch of your own: copilot/fix-7-0b4f9bd6. Stay on it.",
        "You can't reach GitHub: don't fetch, don't push, and don't open pull requests, even if the task asks for it. The only hosts that you can reach are registry.npmjs.org, *.example.com.",
        "Commit what belongs to the task, and nothing else. When you're done, the bot pushes this branch, so say in your last message what you changed, why, and what you're not sure about.",
        "Don't change anything in .github/workflows or .github/actions, and don't commit credentials: the bot then pushes nothing.",
        "Don't change files that are in Git LFS, and don't add any: the bot then pushes nothing.",
        "Don't change, add, or commit in submodules: the bot doesn't push to them.",
      ]
    `);
});

test("an agent whose commits aren't pushed isn't asked to commit", () => {
  expect(saidTo({ branch: BRANCH, push: "never", egress: [], checkout: [] }))
    .toMatchInlineSnapshot(`
    [
      "This repository is checked out in the current directory, at this commit, on a branch of your own: copilot/fix-7-0b4f9bd6. Stay on it.",
      "You can't reach GitHub: don't fetch, don't push, and don't open pull requests, even if the task asks for it. There's no network.",
      "Nothing that you change here is kept. Say in your last message what people should know.",
    ]
  `);
});

test("an agent in GitHub's cloud checks out itself", () => {
  expect(saidTo(null)).toMatchInlineSnapshot(`
    [
      "Before anything else, make sure that this repository is checked out on this branch at this commit. If it isn't, check it out.",
    ]
  `);
});
