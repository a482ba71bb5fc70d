import { describe, expect, it, vi } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, useWorld } from "./world.ts";

const world = useWorld();

const STARTED: unknown = expect.stringContaining("[Open session]");
const NO_ANSWER = { status: 503, headers: { "retry-after": "1" } };

const canceled = () => world.log.filter((line) => line.includes("task canceled")).length;

describe("a subject that is gone", () => {
  it("before the task runs: nothing starts, and there's no thread to comment in", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Gone", body: "" });
    const { met } = world.github.failNext({ method: "GET", path: /\/permission$/u }, NO_ANSWER);
    await octocat.label(issue, "copilot:triage");
    await met;
    world.github.loseNext({ event: "issues", action: "deleted" });
    await world.github.deleteIssue(issue);
    await vi.waitUntil(() => canceled() === 1, 30_000);
    expect(world.log.join("")).toContain('"cancellation":"subject_deleted"');
    expect(asked(world)).toEqual([]);
  });

  it("and whose webhook reaches the bot", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Gone", body: "" });
    world.github.failNext({ method: "GET", path: /\/permission$/u }, NO_ANSWER, 20);
    await octocat.label(issue, "copilot:triage");
    await world.github.deleteIssue(issue);
    const applied = () => world.log.some((line) => line.includes('"change":"subject_deleted"'));
    expect(applied()).toBe(true);
    expect(asked(world)).toEqual([]);
    world.github.forgetFaults();
  });

  it("that GitHub doesn't show at once is read again", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Too new", body: "" });
    const message = "Could not resolve to an issue or pull request with the number of 2.";
    const errors = [{ type: "NOT_FOUND", path: ["repository", "subject"], message }];
    const body = { data: { repository: null, defaults: null }, errors };
    world.github.failNext({ method: "POST", path: "/graphql" }, { status: 200, body });
    await octocat.label(issue, "copilot:triage");
    expect(await botComments(world, issue)).toEqual([STARTED]);
  });
});

describe("a reaction that is refused", () => {
  it("doesn't delay the task", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "No reactions", body: "" });
    const path = `/repos/octo-org/hello/issues/${issue.number}/reactions`;
    const refused = { status: 403, body: { message: "Resource not accessible by integration" } };
    world.github.failNext({ method: "POST", path }, refused);
    await octocat.label(issue, "copilot:triage");
    expect(await botComments(world, issue)).toEqual([expect.stringContaining("[Open session]")]);
  });
});
