import { describe, expect, it, vi } from "vitest";
import { botComments, useWorld } from "../world.ts";
import { answerIn, askedAbout, holdPlace, inOrganization, LINK, ONE_SESSION } from "./story.ts";
import { promptsIn, waitingTask } from "./story.ts";

const names = [
  "slow",
  "renamed",
  "removed",
  "deleted",
  "suspended",
  "unheard",
  "taken",
  "uninstalled",
];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  variables: { MAX_CONCURRENT_STARTS: "1" },
});

/** Waits until the log has a line with all the words. */
async function logged(...words: readonly string[]): Promise<void> {
  const isThere = () => world.log.some((line) => words.every((word) => line.includes(word)));
  await vi.waitUntil(isThere, 60_000);
}

describe("tasks that wait", () => {
  it("follow their repository to its new name, and end with it", async () => {
    const letGo = await holdPlace(world, "slow");
    const [renamed] = await Promise.all([
      waitingTask(world, "writer", "renamed"),
      waitingTask(world, "writer", "removed"),
      waitingTask(world, "writer", "deleted"),
    ]);
    const octocat = world.github.as("octocat");
    await octocat.rename(inOrganization("renamed"), "new-name");
    await world.github.installation.removeRepository("removed");
    await logged('"change":"repositories_removed"', '"canceled":1');
    await octocat.deleteRepository(inOrganization("deleted"));
    await logged('"change":"repository_deleted"', '"canceled":1');
    letGo();

    const [comment = ""] = await botComments(world, { ...renamed, repo: "new-name" });
    expect(comment).toContain(LINK);
    expect(comment).toContain("- Repository `octo-org/new-name`, branch `main`");
    expect(askedAbout(world, "new-name")).toEqual(ONE_SESSION);
    expect(promptsIn(world, "new-name")).toEqual([
      expect.stringContaining("\nRepository: octo-org/new-name\n"),
    ]);
    for (const repo of ["renamed", "removed", "deleted"]) {
      expect(askedAbout(world, repo)).toEqual([]);
    }
    const { comments } = await world.github.thread("octo-org", "removed", 1);
    expect(comments).toEqual([]);
    // Later requests use the new name.
    expect(await answerIn(world, "writer", "new-name", "/copilot triage")).toContain(LINK);
  });

  it("end when the installation is suspended, and new ones start once it isn't", async () => {
    const letGo = await holdPlace(world, "slow");
    const issue = await waitingTask(world, "writer", "suspended");
    await world.github.installation.suspend();
    await logged('"change":"installation_suspended"', '"canceled":1');
    letGo();
    await world.github.installation.unsuspend();
    const comment = await answerIn(world, "writer", "suspended", "copilot:triage");
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "suspended")).toEqual(ONE_SESSION);
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(comments).toEqual([]);
  });

  it("end when the bot's requests fail by the suspension before its webhook arrives", async () => {
    const letGo = await holdPlace(world, "slow");
    const issue = await waitingTask(world, "writer", "unheard");
    world.github.loseNext({ event: "installation", action: "suspend" });
    await world.github.installation.suspend();
    letGo();
    await logged('"cancellation":"installation_suspended"', "task canceled");
    await world.github.installation.unsuspend();
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(comments).toEqual([]);
    expect(askedAbout(world, "unheard")).toEqual([]);
  });

  it("end when the bot's requests fail by the removal of a public repository before its webhook arrives", async () => {
    const letGo = await holdPlace(world, "slow");
    const issue = await waitingTask(world, "writer", "taken");
    world.github.loseNext({ event: "installation_repositories", action: "removed" });
    await world.github.installation.removeRepository("taken");
    letGo();
    await logged("task failed", '"code":"app_not_permitted"', '"afterMs":null');
    await logged("task settled", '"failureCode":"app_not_permitted"');
    // There's no thread left for the bot to comment in.
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(comments).toEqual([]);
    expect(askedAbout(world, "taken")).toEqual([]);
    const refused = world.github.requests.filter(({ path, status }) => {
      return path.includes("/octo-org/taken/") && status === 403;
    });
    expect(refused.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /repos/octo-org/taken/collaborators/writer/permission",
      "POST /repos/octo-org/taken/issues/1/comments",
    ]);
  });

  it("end with the installation, and a new one starts over", async () => {
    const letGo = await holdPlace(world, "slow");
    const issue = await waitingTask(world, "writer", "uninstalled");
    await world.github.installation.delete();
    await logged('"change":"installation_deleted"', '"canceled":1');
    letGo();
    await world.github.installation.create();
    const comment = await answerIn(world, "writer", "uninstalled", "copilot:triage");
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "uninstalled")).toEqual(ONE_SESSION);
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(comments).toEqual([]);
  });
});
