import { describe, expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { botComments, steady, useWorld } from "./world.ts";

const world = useWorld();

/** The last prompt that reached an agent. */
function lastPrompt(): string {
  return world.missionControl.tasks.at(-1)?.prompts.at(-1) ?? "";
}

const WITH_FILES = { method: "POST", path: "/graphql", body: /"files":true/u } as const;

describe("a pull request that is too large for GitHub's answer", () => {
  it("starts without the list of its files, and the comment says so", async () => {
    const writer = world.github.as("writer");
    const pull = await writer.openPullRequest(hello, {
      title: "Rename everything",
      head: "feature",
      base: "main",
    });
    world.github.failNext(WITH_FILES, { status: 502 }, 1_000);
    await writer.label(pull, "copilot:review");

    const [comment = ""] = await botComments(world, pull);

    expect(steady(comment, world)).toContain(
      "- Prompt: The list of changed files is missing: the pull request is too large for GitHub to list them.\n",
    );
    expect(lastPrompt()).toContain("\nThe list of changed files is missing below: ");
    expect(lastPrompt()).not.toContain("changed files]");
  });
});

describe("a comment that a maintainer has hidden", () => {
  it("doesn't reach the agent, and the bot's comment counts it", async () => {
    const writer = world.github.as("writer");
    const issue = await writer.openIssue(hello, { title: "It fails", body: "" });
    const spam = await writer.comment(issue, "Buy my pills");
    await writer.comment(issue, "I can reproduce this");
    world.github.minimize(spam, "spam");
    await writer.label(issue, "copilot:triage");

    const [comment = ""] = await botComments(world, issue);

    expect(steady(comment, world)).toContain(
      "- Prompt: 1 comment hidden on GitHub was left out.\n",
    );
    expect(lastPrompt()).toContain("I can reproduce this");
    expect(lastPrompt()).not.toContain("pills");
  });
});
