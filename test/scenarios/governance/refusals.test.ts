import { describe, expect, it, vi } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import { botComments, steady, useWorld } from "../world.ts";
import { answerTo, ask, askedAbout, holdPlace, inOrganization } from "./story.ts";
import { newIssue, settled, waitingTask, withPolicy } from "./story.ts";

const names = ["own", "slow", "closed", "locked", "archived", "lost", "closes"];
const world = useWorld({
  repositories: [...names.map((name) => ({ name })), { name: "gone", private: true }],
  variables: { MAX_CONCURRENT_STARTS: "1" },
});

/** The log's line about the end of a task that was denied for this reason. */
async function deniedInSilence(reason: string): Promise<string> {
  const line = () =>
    world.log.find((one) => one.includes("task settled") && one.includes(`"denial":"${reason}"`));
  await vi.waitUntil(() => line() !== undefined, 60_000);
  return line() ?? "";
}

const COULD_NOT_TELL = "thread could not be updated";

describe("a subject", () => {
  it("that is closed is not worked on until it is open again", async () => {
    const issue = await newIssue(world, "closed");
    await world.github.as("octocat").close(issue);
    for (const asked of ["copilot:triage", "/copilot triage"]) {
      const comment = await answerTo(world, "writer", issue, asked);
      expect(comment).toContain(
        "This is closed. Copilot only works on open issues and pull requests. Reopen it and ask again, or ask on another one.",
      );
    }
    expect(askedAbout(world, "closed")).toEqual([]);
    await world.github.as("octocat").reopen(issue);
    expect(await answerTo(world, "writer", issue, "/copilot triage")).toContain("[Open session]");
  });

  it("that is merged is not worked on", async () => {
    const octocat = world.github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Greet", head: "feature" });
    await octocat.merge(pull);
    const comment = await answerTo(world, "writer", pull, "copilot:review");
    expect(comment).toContain(
      "This is merged. Copilot only works on open issues and pull requests.",
    );
    expect(askedAbout(world, hello.repo)).toEqual([]);
  });

  it("that is locked is left alone: GitHub doesn't let Apps comment there", async () => {
    const issue = await newIssue(world, "locked");
    const octocat = world.github.as("octocat");
    await octocat.lock(issue, "too heated");
    await ask(world, "writer", issue, "copilot:triage");
    const line = await deniedInSilence("subject_locked");
    expect(line).toContain('"state":"failed"');
    expect(world.log.join("")).toContain(COULD_NOT_TELL);
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(comments).toEqual([]);
    expect(askedAbout(world, "locked")).toEqual([]);

    await octocat.unlock(issue);
    const comment = await answerTo(world, "writer", issue, "/copilot triage");
    expect(await settled(world, comment)).toContain('"denial":null');
  });
});

describe("a machine that the policy wants", () => {
  it("and that the bot doesn't have, isn't replaced by the cloud", async () => {
    await withPolicy(world, "own", "runs_on: { fix: self-hosted }");
    const issue = await newIssue(world, "own");
    const comment = await answerTo(world, "writer", issue, "copilot:fix");
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: \`copilot:fix\`

      The policy wants this to run on the bot administrator's own machines, but this bot runs no sessions there. Its administrator can set that up (\`SELF_HOSTED\`), or maintainers can change \`runs_on\` in [this repository's policy file](https://GITHUB/octo-org/own/blob/COMMIT/.github/copilot-tasks.yml#L1).

      After that, remove the label \`copilot:fix\` and add it again.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:fix\`
      - Repository \`octo-org/own\`
      - Reason \`self_hosting_off\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(askedAbout(world, "own")).toEqual([]);
    expect(await answerTo(world, "writer", issue, "/copilot doctor")).toContain(
      "The policy wants `fix` to run on the bot administrator's own machines, but this bot runs no sessions there, so no such task starts.",
    );
    expect(await answerTo(world, "writer", issue, "copilot:triage")).toContain("[Open session]");
  });
});

describe("a change between the request and the start", () => {
  it("counts for the task", async () => {
    const letGo = await holdPlace(world, "slow");
    const [lost, closes] = await Promise.all([
      waitingTask(world, "writer", "lost"),
      waitingTask(world, "writer", "closes"),
      waitingTask(world, "writer", "gone"),
      waitingTask(world, "writer", "archived"),
    ]);
    const octocat = world.github.as("octocat");
    await world.github.grant(inOrganization("lost"), "writer", "read");
    await octocat.archive(inOrganization("archived"));
    // A change whose webhook is lost shows in the survey.
    world.github.loseNext({ event: "issues", action: "closed" });
    await octocat.close(closes);
    world.github.loseNext({ event: "installation_repositories", action: "removed" });
    await world.github.installation.removeRepository("gone");
    const log = world.log.length;
    letGo();

    const [role = ""] = await botComments(world, lost);
    expect(role).toContain("You need write access to this repository to do this.");
    const [state = ""] = await botComments(world, closes);
    expect(state).toContain("This is closed");
    await deniedInSilence("repository_archived");
    expect(world.log.slice(log).join("")).toContain(COULD_NOT_TELL);
    const removed = '"cancellation":"repository_removed"';
    await vi.waitUntil(() => world.log.join("").includes(removed), 60_000);
    for (const repo of ["lost", "closes", "archived", "gone"]) {
      expect(askedAbout(world, repo)).toEqual([]);
    }
  });
});
