import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { organization } from "../../sandbox/github/seed.ts";
import { botComments, useWorld } from "./world.ts";

const POLICY = ".github/copilot-tasks.yml";
const names = ["old", "lost", "quiet", "wrong", "late"];
const world = useWorld({
  repositories: [...names.map((name) => ({ name })), { name: ".github" }],
  timeouts: { labelingsEveryMs: 100, policyChecksEveryMs: 100 },
});

const place = (repo: string) => ({ owner: organization, repo });
const octocat = () => world.github.as("octocat");

const labelSchema = z.object({ name: z.string() });

/** The labels that the bot asked GitHub to create, and what GitHub said. */
function created(repo: string): string[] {
  return world.github.requests
    .filter(({ method, path }) => method === "POST" && path === `/repos/octo-org/${repo}/labels`)
    .map(({ body, status }) => `${labelSchema.parse(body).name} ${status}`);
}

/** Waits for what the bot logs, so many times in all. */
const logged = (words: string, times: number) =>
  vi.waitUntil(() => world.log.filter((line) => line.includes(words)).length >= times, 30_000);

let labeled = 0;
/** Waits until so many more repositories have their labels. */
const more = (count: number) => logged('"msg":"labels created"', (labeled += count));

const BUILT_IN = ["copilot:triage", "copilot:fix", "copilot:review"];
const all = (...labels: readonly string[]) => labels.map((name) => `${name} 201`);

afterEach(() => world.github.forgetFaults());

describe("labels are created by the bot", () => {
  it("when the App is installed: everywhere, once, and never over one that exists", async () => {
    const issue = await octocat().openIssue(place("lost"), { title: "Has a label" });
    await octocat().label(issue, "COPILOT:Fix");
    await world.github.writeFile(place("quiet"), POLICY, "create_labels: false\n");
    await world.github.writeFile(place("wrong"), POLICY, "forks: perhaps\n");
    await octocat().archive(place("old"));
    const path = "/repos/octo-org/lost/labels";
    world.github.failNext({ method: "POST", path }, "perform and drop");
    await world.github.installation.delete();
    await world.github.installation.create();
    await more(5);
    for (const repo of ["hello", "blocked", "late", ".github"]) {
      expect(created(repo)).toEqual(all(...BUILT_IN));
    }
    // The answer to the first got lost: the bot sees that the label is there.
    expect(created("lost")).toEqual(["copilot:triage null", "copilot:review 201"]);
    expect(world.log.filter((line) => line.includes("labels not created yet"))).toHaveLength(1);
    expect(["old", "quiet", "wrong"].flatMap(created)).toEqual([]);
    const request = world.github.requests.find(({ body }) =>
      JSON.stringify(body ?? "").includes('"copilot:triage"'),
    );
    expect(request?.body).toEqual({
      name: "copilot:triage",
      description: "Starts a Copilot task: triage",
      color: "8250df",
    });
  });

  it("when a repository is added", async () => {
    await world.github.installation.removeRepository("late");
    await world.github.writeFile(place("late"), POLICY, "labels: { copilot:new: fix }\n");
    await world.github.installation.addRepository("late");
    await more(1);
    expect(created("late")).toEqual(all(...BUILT_IN, "copilot:new"));
  });

  it("when a pull request that changes the policy is merged, and for no other", async () => {
    const change = async (file: string, content: string) => {
      const branch = `change-${content.length}`;
      await octocat().createBranch(place("late"), branch);
      await octocat().commitFile(place("late"), { path: file, content, branch });
      return octocat().openPullRequest(place("late"), { title: "Change it", head: branch });
    };
    const [other, policy] = [
      await change("README.md", "Hello\n"),
      await change(POLICY, "labels: { copilot:docs: fix }\n"),
    ];
    await logged('"msg":"policy checked"', 1);
    await octocat().merge(other);
    await octocat().merge(policy);
    await more(1);
    expect(created("late")).toEqual(all(...BUILT_IN, "copilot:new", "copilot:docs"));
  });

  it("when a task reads another policy than the one by which they were created", async () => {
    await world.github.writeFile(place("late"), POLICY, "labels: { copilot:ask: fix }\n");
    const issue = await octocat().openIssue(place("late"), { title: "Help" });
    await octocat().comment(issue, "/copilot help");
    await botComments(world, issue);
    await more(1);
    expect(created("late")).toEqual(all(...BUILT_IN, "copilot:new", "copilot:docs", "copilot:ask"));
  });

  it("everywhere when the organization's policy changes", async () => {
    const defaults = place(".github");
    await octocat().createBranch(defaults, "change");
    const file = { path: POLICY, content: "labels: { copilot:tests: fix }\n", branch: "change" };
    await octocat().commitFile(defaults, file);
    const pull = await octocat().openPullRequest(defaults, { title: "For all", head: "change" });
    await logged('"msg":"policy checked"', 2);
    await octocat().merge(pull);
    await more(5);
    const last = ["hello", "blocked", "lost", "late", ".github"].map((name) =>
      created(name).at(-1),
    );
    expect(last).toEqual(last.map(() => "copilot:tests 201"));
    expect(["old", "quiet", "wrong"].flatMap(created)).toEqual([]);
  });
});

it("labels that the App may not create are refused once, until somebody permits it", async () => {
  const message = "Resource not accessible by integration";
  const refused = { status: 403, body: { message } };
  world.github.failNext({ method: "POST", path: /\/labels$/u }, refused, 10);
  const before = world.github.requests.length;
  await world.github.writeFile(place("hello"), POLICY, "labels: { copilot:more: fix }\n");
  await world.github.installation.removeRepository("hello");
  await world.github.installation.addRepository("hello");
  await logged("labels not created: not permitted", 1);
  const asked = () =>
    world.github.requests
      .slice(before)
      .filter(({ method, path }) => method === "POST" && path.endsWith("/labels"));
  expect(asked()).toHaveLength(1);
  world.github.forgetFaults();
  await world.github.installation.acceptPermissions();
  await more(1);
  expect(created("hello").at(-1)).toBe("copilot:more 201");
});
