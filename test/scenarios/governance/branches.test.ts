import { describe, it } from "vitest";
import { useWorld } from "../world.ts";
import { answerIn, answerTo, askedAbout, inOrganization, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, promptsIn, settled, withPolicy } from "./story.ts";

const names = ["eligible", "not-main", "issues", "missing", "removes", "shows", "fails", "keeps"];
const world = useWorld({ repositories: names.map((name) => ({ name })) });

/** A pull request into a branch, which is made if it has to be. */
async function pullInto(repo: string, base: string, title: string) {
  const octocat = world.github.as("octocat");
  const repository = inOrganization(repo);
  const head = `for-${base.replaceAll("/", "-")}`;
  if (base !== "main") await octocat.createBranch(repository, base);
  await octocat.createBranch(repository, head);
  await octocat.commitFile(repository, { path: "NOTES.md", content: `${title}\n`, branch: head });
  return octocat.openPullRequest(repository, { title, head, base });
}

describe.concurrent("branches", () => {
  it("that are eligible are the bases of pull requests, by name and pattern", async ({
    expect,
  }) => {
    await withPolicy(world, "eligible", 'branches: { eligible: [main, "release/*"] }');
    const develop = await pullInto("eligible", "develop", "Into develop");
    const refused = await answerTo(world, "writer", develop, "copilot:review");
    expect(refused).toContain(
      "Copilot may not work on the branch `develop` here. Maintainers can change this: `branches.eligible` in [this repository's policy file](",
    );
    const deep = await pullInto("eligible", "release/2/x", "Too deep");
    expect(await answerTo(world, "writer", deep, "/copilot review")).toContain(
      "Copilot may not work on the branch `release/2/x` here.",
    );
    expect(askedAbout(world, "eligible")).toEqual([]);

    const release = await pullInto("eligible", "release/1", "Into release/1");
    await answerTo(world, "writer", release, "copilot:review");
    await answerIn(world, "writer", "eligible", "copilot:triage");
    // A session about a pull request works on its head.
    const branches = promptsIn(world, "eligible").map(
      (prompt) => /^Branch: .*$/mu.exec(prompt)?.[0],
    );
    expect(branches).toEqual(['Branch: "for-release-1"', 'Branch: "main"']);
  });

  it("that are not eligible leave issues without work", async ({ expect }) => {
    await withPolicy(world, "not-main", 'branches: { eligible: ["release/**"] }');
    const comment = await answerIn(world, "writer", "not-main", "copilot:triage");
    expect(comment).toContain("Copilot may not work on the branch `main` here.");
    expect(askedAbout(world, "not-main")).toEqual([]);
  });

  it("for issues are named by the policy", async ({ expect }) => {
    const repository = await withPolicy(
      world,
      "issues",
      "branches: { issues: develop, eligible: [develop] }",
    );
    await world.github.as("octocat").createBranch(repository, "develop");
    const comment = await answerIn(world, "writer", "issues", "copilot:fix");
    expect(comment).toContain("branch `develop`");
    expect(askedAbout(world, "issues")).toEqual(ONE_SESSION);
    expect(promptsIn(world, "issues")).toEqual([expect.stringContaining('\nBranch: "develop"\n')]);
  });

  it("for issues must be there", async ({ expect }) => {
    await withPolicy(world, "missing", "branches: { issues: develop }");
    const comment = await answerIn(world, "writer", "missing", "copilot:fix");
    expect(comment).toContain(
      "The policy names the branch `develop` for issues, but there's no such branch. Maintainers can change this: `branches.issues` in [this repository's policy file](",
    );
    expect(askedAbout(world, "missing")).toEqual([]);
  });
});

/** Labels a new issue; the bot's comment, and the labels once all is done. */
async function labelsAfter(repo: string) {
  const issue = await newIssue(world, repo);
  const comment = await answerTo(world, "writer", issue, "copilot:triage");
  await settled(world, comment);
  const { labels } = await world.github.thread(issue.owner, repo, issue.number);
  return { labels, comment };
}

describe.concurrent("labels that the bot adds and removes", () => {
  it("none by default", async ({ expect }) => {
    const { comment, labels } = await labelsAfter("keeps");
    expect(labels).toEqual(["copilot:triage"]);
    expect(comment).toContain(LINK);
  });

  it("the trigger's, once the task has started and not when it was denied", async ({ expect }) => {
    await withPolicy(world, "removes", "labels_after: { remove_trigger: true }");
    const issue = await newIssue(world, "removes");
    await settled(world, await answerTo(world, "reader", issue, "copilot:triage"));
    const denied = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(denied.labels).toEqual(["copilot:triage"]);
    const { comment, labels } = await labelsAfter("removes");
    expect(labels).toEqual([]);
    expect(comment).toContain(LINK);
  });

  it("one while the task runs, which starts nothing", async ({ expect }) => {
    const policy = "labels_after: { remove_trigger: true, running: copilot:running }";
    await withPolicy(world, "shows", policy);
    const { comment, labels } = await labelsAfter("shows");
    expect(labels).toEqual(["copilot:running"]);
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "shows")).toEqual(ONE_SESSION);
    const own = () =>
      world.github.deliveries.filter(({ action, payload }) => {
        return action === "labeled" && JSON.stringify(payload).includes("copilot:running");
      });
    await world.github.until(() => own().length > 0);
    expect(own().map(({ statusCode }) => statusCode)).toEqual([202]);
  });

  it("one when it failed", async ({ expect }) => {
    const policy = "labels_after: { running: copilot:running, failed: copilot:failed }";
    await withPolicy(world, "fails", policy);
    const body = { message: "blocked by org policy", reason: "policy_blocked" };
    world.missionControl.behaveFor("octo-org/fails", { create: { status: 403, body } });
    const { comment, labels } = await labelsAfter("fails");
    expect(labels).toEqual(["copilot:triage", "copilot:failed"]);
    expect(comment).toContain("(`policy_blocked`)");
    expect(askedAbout(world, "fails")).toEqual(["POST /agents/tasks"]);
  });
});
