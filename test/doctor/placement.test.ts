import { afterEach, expect, test } from "vitest";
import { about, HELLO, usePractice } from "./practice.ts";

const practice = usePractice({ repositories: [{ name: ".github", private: true }] });
const WHAT = "sessions on own machines";
const POLICY = ".github/copilot-tasks.yml";
const ON = { SELF_HOSTED: "on", SELF_HOSTED_REPOSITORIES: "octo-org/hello" };

afterEach(async () => {
  const { github } = practice;
  await github.writeFile({ owner: "octo-org", repo: "hello" }, POLICY, "");
  await github.writeFile({ owner: "octo-org", repo: ".github" }, POLICY, "");
});

/** What the doctor finds about it under these policy files. */
async function found(
  repository: string,
  variables: Readonly<Record<string, string>>,
  organization = "",
): Promise<string> {
  const { github } = practice;
  await github.writeFile({ owner: "octo-org", repo: "hello" }, POLICY, repository);
  await github.writeFile({ owner: "octo-org", repo: ".github" }, POLICY, organization);
  return about(WHAT, await practice.examine(HELLO, { variables }), practice);
}

test("a policy that leaves everything in the cloud has no finding", async () => {
  expect(await found("", {})).toBe("");
  expect(await found("runs_on: cloud", ON)).toBe("");
});

test("what runs on the administrator's own machines is named", async () => {
  const policy = "runs_on: { fix: { self-hosted: [gpu] }, review: self-hosted-if-blocked }";
  expect(await found(policy, ON)).toMatchInlineSnapshot(
    `"ok sessions on own machines: \`fix\`. If GitHub blocks the cloud: \`review\`."`,
  );
});

test("the organization's file counts, too", async () => {
  const organization = "runs_on: self-hosted\nenforced: [runs_on]";
  expect(await found("runs_on: { ask: cloud }", ON, organization)).toMatchInlineSnapshot(
    `"ok sessions on own machines: \`triage\`, \`fix\`, \`review\`."`,
  );
});

test("what may not run in the cloud is a problem, whatever else is", async () => {
  const kept = { ...ON, SELF_HOSTED_ONLY: "octo-org/hello" };
  const policy = "runs_on: { fix: self-hosted }\negress: [files.example.com]";
  expect(await found(policy, kept)).toMatchInlineSnapshot(`
    "failed sessions on own machines: The policy wants \`triage\`, \`review\`, \`ask\` to run in GitHub's cloud, but the bot's administrator keeps this repository's sessions out of GitHub's cloud, so no such task starts. The policy wants \`fix\` to run on the bot administrator's own machines, but this bot doesn't let sessions reach the host \`files.example.com\`, so no such task starts.
      Set \`runs_on: self-hosted\` in \`.github/copilot-tasks.yml\`, or take \`octo-org/hello\` from the bot's \`SELF_HOSTED_ONLY\`. Add the host to the bot's \`SELF_HOSTED_EGRESS\`, or leave it out of \`egress\` in \`.github/copilot-tasks.yml\`."
  `);
});

test("what isn't allowed is a problem, with who can change it", async () => {
  const policy = "runs_on: { fix: self-hosted, review: self-hosted-if-blocked }";
  const other = { ...ON, SELF_HOSTED_REPOSITORIES: "octo-org/other" };
  expect(await found(policy, {})).toMatchInlineSnapshot(`
    "failed sessions on own machines: The policy wants \`fix\` to run on the bot administrator's own machines, but this bot runs no sessions there, so no such task starts. The policy wants \`review\` to run on the bot administrator's own machines if GitHub blocks the cloud, but this bot runs no sessions there, so such a task fails then.
      Set \`SELF_HOSTED\` and \`SELF_HOSTED_REPOSITORIES\` for the bot, or change \`runs_on\` in \`.github/copilot-tasks.yml\`."
  `);
  expect(await found(policy, other)).toMatchInlineSnapshot(`
    "failed sessions on own machines: The policy wants \`fix\` to run on the bot administrator's own machines, but this bot runs no sessions of this repository there, so no such task starts. The policy wants \`review\` to run on the bot administrator's own machines if GitHub blocks the cloud, but this bot runs no sessions of this repository there, so such a task fails then.
      Add \`octo-org/hello\` to the bot's \`SELF_HOSTED_REPOSITORIES\`, or change \`runs_on\` in \`.github/copilot-tasks.yml\`."
  `);
  expect(await found("runs_on: { fix: self-hosted }\negress: [files.example.com]", ON))
    .toMatchInlineSnapshot(`
      "failed sessions on own machines: The policy wants \`fix\` to run on the bot administrator's own machines, but this bot doesn't let sessions reach the host \`files.example.com\`, so no such task starts.
        Add the host to the bot's \`SELF_HOSTED_EGRESS\`, or leave it out of \`egress\` in \`.github/copilot-tasks.yml\`."
    `);
});

test("a cure names the organization's file where that decides, and the repository's where that may say otherwise", async () => {
  const theirs = "`octo-org/.github/.github/copilot-tasks.yml`";
  const own = "`octo-org/hello/.github/copilot-tasks.yml`";
  const kept = { ...ON, SELF_HOSTED_ONLY: "octo-org/hello" };
  expect(await found("runs_on: self-hosted", kept, "enforced: [runs_on]")).toContain(
    `Set \`runs_on: self-hosted\` in ${theirs}, or take`,
  );
  expect(await found("", kept, "runs_on: cloud")).toContain(
    `Set \`runs_on: self-hosted\` in ${own} or ${theirs}, or take`,
  );
  // To stay in the cloud, a repository may always say.
  expect(await found("", {}, "runs_on: self-hosted\nenforced: [runs_on]")).toContain(
    `or change \`runs_on\` in ${own} or ${theirs}.`,
  );
  const enforced = "identity: requester\nbranches: { issues: develop }\nenforced: true";
  const both = await problems("", enforced);
  expect(both).toContain(`or change \`identity\` in ${theirs}.`);
  expect(both).toContain(`or change \`branches.issues\` in ${theirs}.`);
});

/** What the doctor finds about what tasks begin under, besides where they run. */
async function problems(
  repository: string,
  organization = "",
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { github } = practice;
  await github.writeFile({ owner: "octo-org", repo: "hello" }, POLICY, repository);
  await github.writeFile({ owner: "octo-org", repo: ".github" }, POLICY, organization);
  const findings = await practice.examine(HELLO, { variables });
  return ["repository", "policy", "prompt", "branch", "identity"]
    .flatMap((word) => findings.filter(({ what }) => what.includes(word)))
    .filter(
      ({ level, what }, at, all) =>
        all.findIndex((one) => one.what === what) === at && level !== "ok",
    )
    .map(({ level, what, found: text, cure }) => `${level} ${what}: ${text} ${cure}`)
    .join("\n");
}

test("a policy under which nothing starts is an error, with file, line, and column", async () => {
  expect(await found("runs_on: nowhere", ON)).toBe("");
  expect(await problems("")).toBe("");
  expect(await problems("forks: base\nrun_on: self-hosted\n")).toMatchInlineSnapshot(
    `"failed repository policy: \`octo-org/hello/.github/copilot-tasks.yml\` has problems, so no task starts in this repository. Line 2, column 1: unknown key \`run_on\`: did you mean \`runs_on\`? Fix the file. \`/copilot config\` lists all problems."`,
  );
  // Both are named where both are wrong.
  expect(await problems("run_on: self-hosted\n", "forks: never\n")).toMatchInlineSnapshot(`
    "failed repository policy: \`octo-org/hello/.github/copilot-tasks.yml\` has problems, so no task starts in this repository. Line 1, column 1: unknown key \`run_on\`: did you mean \`runs_on\`? Fix the file. \`/copilot config\` lists all problems.
    failed organization policy: \`octo-org/.github/.github/copilot-tasks.yml\` has problems, so no task starts. Line 1, column 8: \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`. Fix the file. \`/copilot config\` lists all problems."
  `);
});

test("so is whatever else keeps all tasks of a repository, or of a kind, from starting", async () => {
  const policy = `
prompts: { audit: { path: .github/audit.md }, look: { path: .github/look.md } }
commands: { audit: audit, look: look }
branches: { issues: develop }
identity: { fix: requester }
`;
  const { github } = practice;
  const repository = { owner: "octo-org", repo: "hello" };
  await github.writeFile(repository, ".github/look.md", "Look at {{ nothing | }}");
  expect(await problems(policy)).toMatchInlineSnapshot(`
    "failed prompt templates: \`prompts.audit\`: there's no text file \`.github/audit.md\` on the default branch. No such task starts. \`prompts.look\`: \`.github/look.md\` has problems. Line 1, column 12: unknown variable \`nothing\`: use one of \`owner\`, \`repository\`, \`branch\`, \`commit\`, \`subject\`, \`subject_url\`, \`subject_type\`, \`subject_number\`, \`requester\`, \`kind\`. No such task starts. Fix the file that \`prompts\` names, or the name.
    failed branch for issues: The policy has Copilot work on issues in the branch \`develop\`, which \`octo-org/hello\` doesn't have, so no task on an issue starts. Create the branch, or change \`branches.issues\` in \`.github/copilot-tasks.yml\`.
    failed identity of sessions: The policy says \`identity: requester\` for \`fix\`, but people can't connect their Copilot to this bot, so no such task starts. Have the bot's administrator let people connect theirs (docs/identity.md), or change \`identity\` in \`.github/copilot-tasks.yml\`."
  `);
});
