import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { fork, hello, organization } from "../../sandbox/github/seed.ts";
import { useWorld } from "./world.ts";

const POLICY = ".github/copilot-tasks.yml";

const world = useWorld({
  repositories: [{ name: "broken" }, { name: "forbidden" }, { name: "away" }],
  timeouts: { policyChecksEveryMs: 200 },
});

const runSchema = z.object({ name: z.string(), head_sha: z.string() });

/** What the bot asked GitHub to show, oldest first; each commit of the story by a name. */
function checkRuns(repo: string) {
  return world.github.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith(`/${repo}/check-runs`))
    .map(({ body }) => body);
}

/** Each request about check runs of a repository. */
function asked(repo: string) {
  return world.github.requests
    .filter(({ path }) => path.includes(`/${repo}/`) && path.includes("check-runs"))
    .map(
      ({ method, path, status }) => `${method} ${path.replace(/[0-9a-f]{40}/u, "SHA")} ${status}`,
    );
}

async function changed(repo: string, branch: string, content: string) {
  const place = { owner: organization, repo };
  const octocat = world.github.as("octocat");
  await octocat.createBranch(place, branch);
  await octocat.commitFile(place, { path: POLICY, content, branch });
  return octocat.openPullRequest(place, { title: `Change it (${branch})`, head: branch });
}

/** Waits for what the bot logs once it's done with a push. */
const logged = (words: string, times = 1) =>
  vi.waitUntil(() => world.log.filter((line) => line.includes(words)).length >= times, 30_000);

const settled = (repo: string, count: number) =>
  world.github.until(() => checkRuns(repo).length >= count, 30_000);

afterEach(() => world.github.forgetFaults());

describe("a pull request that changes the policy file", () => {
  it("shows what changes for whom, from a fork too, once for each commit", async () => {
    const stranger = world.github.as("stranger");
    const content = "permissions: { fix: { least: triage } }\n";
    await stranger.commitFile(fork, { path: POLICY, content, branch: "patch-1" });
    const pull = await stranger.openPullRequest(hello, { title: "Open", head: "stranger:patch-1" });
    await settled("hello", 1);
    const [run] = checkRuns("hello");
    const { head_sha } = runSchema.parse(run);
    expect(run).toEqual({
      name: "Copilot task policy",
      head_sha,
      external_id: `policy:${head_sha}`,
      status: "completed",
      conclusion: "success",
      output: {
        title: "Valid: 1 setting changes",
        summary: `\`.github/copilot-tasks.yml\` has no mistakes. When it's merged into the default branch, it holds for this repository.

- People with triage access may now start \`fix\`.

| setting | now | when merged |
| --- | --- | --- |
| \`permissions.fix.least\` | \`write\` | \`triage\` |`,
        annotations: [],
      },
    });
    await stranger.close(pull);
    await stranger.reopen(pull);
    await stranger.commitFile(fork, { path: POLICY, content: "fork: base\n", branch: "patch-1" });
    await settled("hello", 2);
    expect(checkRuns("hello")[1]).toMatchObject({
      conclusion: "failure",
      output: {
        title: "1 mistake",
        annotations: [
          {
            path: POLICY,
            start_line: 1,
            end_line: 1,
            start_column: 1,
            end_column: 1,
            annotation_level: "failure",
            message: "unknown key `fork`: did you mean `forks`?",
          },
        ],
      },
    });
    expect(asked("hello")).toEqual([
      "GET /repos/octo-org/hello/commits/SHA/check-runs 200",
      "POST /repos/octo-org/hello/check-runs 201",
      "GET /repos/octo-org/hello/commits/SHA/check-runs 200",
      "POST /repos/octo-org/hello/check-runs 201",
    ]);
  });

  it("gets its check run when GitHub answers again, and no second one for a lost answer", async () => {
    world.github.failNext({ method: "POST", path: /away\/check-runs$/u }, "perform and drop");
    await changed("away", "lost", "qr: false\n");
    await logged("policy not checked yet");
    await logged('"msg":"policy checked"', 3);
    expect(asked("away")).toEqual([
      "GET /repos/octo-org/away/commits/SHA/check-runs 200",
      "POST /repos/octo-org/away/check-runs null",
      "GET /repos/octo-org/away/commits/SHA/check-runs 200",
    ]);
  });

  it("gets none where the bot isn't permitted, and the log says so", async () => {
    world.github.failNext(
      { method: "POST", path: /forbidden\/check-runs$/u },
      { status: 403, body: { message: "Resource not accessible by integration" } },
    );
    await changed("forbidden", "no", "qr: false\n");
    await logged("policy not checked: GitHub refused");
    expect(world.log.find((line) => line.includes("policy not checked: GitHub"))).toContain(
      '"trouble":"not_permitted"',
    );
    expect(asked("forbidden")).toHaveLength(2);
  });
});

describe("a pull request that doesn't change it", () => {
  it("has no check run, though the file on its base has mistakes", async () => {
    const broken = { owner: organization, repo: "broken" };
    const octocat = world.github.as("octocat");
    await octocat.createBranch(broken, "other");
    // Only the base has it: the pull request neither adds nor removes it.
    await world.github.writeFile(broken, POLICY, "forks: perhaps\n");
    await octocat.commitFile(broken, { path: "README.md", content: "Hi\n", branch: "other" });
    await octocat.openPullRequest(broken, { title: "Another file", head: "other" });
    await changed("broken", "fixed", "forks: base\n");
    await settled("broken", 1);
    expect(checkRuns("broken")).toHaveLength(1);
    expect(checkRuns("broken")[0]).toMatchObject({ conclusion: "success" });
    expect(asked("broken")).toHaveLength(2);
  });
});
