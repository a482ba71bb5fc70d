import { describe, expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

const world = useWorld({
  timeouts: { recoverEveryMs: 700, recoverPauseMs: 10 },
  // The bot doesn't get to know its own name at its start, which is no refusal of its key.
  beforeStart: (github) => void github.failNext({ method: "GET", path: "/app" }, { status: 422 }),
});

const REQUESTED = /^- Requested by .*$/mu;

async function issueWith(comment: string) {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Look", body: "" });
  await octocat.comment(issue, comment);
  return issue;
}

describe("a mention of the bot", () => {
  it("that comes before the bot knows its own name starts its task later", async () => {
    const issue = await issueWith("@copilot-task-bot triage the parser");
    const [comment = ""] = await botComments(world, issue);
    expect(REQUESTED.exec(steady(comment, world))?.[0]).toBe(
      "- Requested by [octocat](https://GITHUB/octocat) with `/copilot triage`",
    );
    expect(asked(world)).toEqual(["POST /agents/tasks", "POST /agents/tasks/UUID/steer"]);
    const statuses = world.github.deliveries
      .filter(({ event }) => event === "issue_comment")
      .map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThan(0);
    expect(statuses[0]).toBe(503);
    const [prompt = ""] = world.missionControl.tasks.flatMap(({ prompts }) => prompts);
    expect(prompt).toMatch(/the requester adds\]?\n*the parser\n/u);
  });

  it("is a command like any other", async () => {
    const [help = ""] = await botComments(world, await issueWith("@Copilot-Task-Bot[bot] help"));
    expect(help).toContain(
      "What follows it goes to Copilot. If a comment has several commands, only the first one counts. `@copilot-task-bot` means the same as `/copilot`, except for commands that the policy adds.",
    );
  });

  it("is no command in a quote or in a sentence", async () => {
    const issue = await issueWith("> @copilot-task-bot triage\n\nAsk @copilot-task-bot triage it.");
    await world.github.as("octocat").comment(issue, "@copilot-task-bot help");
    const comments = await botComments(world, issue);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain("Copilot commands");
  });
});
