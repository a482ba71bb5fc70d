import { describe, expect, it, vi } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, useWorld } from "./world.ts";

const world = useWorld();

const notFound = { status: 404, body: { message: "Not Found" } };

describe("a subject that is gone", () => {
  it("before the task runs: nothing is started, and there is nowhere to say so", async () => {
    world.github.failNext({ method: "GET", path: /\/permission$/u }, { ...notFound, status: 410 });
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Gone", body: "" });
    await octocat.label(issue, "copilot:triage");
    await vi.waitUntil(() => world.log.some((line) => line.includes("task cancelled")), 10_000);
    expect(asked(world)).toEqual([]);
  });

  it("by the time that it is read: nothing is started", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Gone soon", body: "" });
    const message = "Could not resolve to an issue or pull request with the number of 2.";
    const errors = [{ type: "NOT_FOUND", path: ["repository", "subject"], message }];
    const body = { data: { repository: null, defaults: null }, errors };
    world.github.failNext({ method: "POST", path: "/graphql" }, { status: 200, body });
    const cancelled = () => world.log.filter((line) => line.includes("task cancelled")).length;
    const before = cancelled();
    await octocat.label(issue, "copilot:triage");
    await vi.waitUntil(() => cancelled() > before, 10_000);
    expect(asked(world)).toEqual([]);
  });

  it("when the link is to be posted: the task ends all the same", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Locked", body: "" });
    const path = `/repos/octo-org/hello/issues/${issue.number}/comments`;
    const locked = { status: 403, body: { message: "Unable to create comment: issue is locked." } };
    world.github.failNext({ method: "POST", path }, locked);
    await octocat.label(issue, "copilot:triage");
    await vi.waitUntil(() => world.log.some((line) => line.includes("task settled")), 20_000);
    expect(asked(world)).toHaveLength(2);
    expect(world.log.join("")).toContain("the thread could not be brought up to date");
  });
});

describe("a reaction that is refused", () => {
  it("does not hold the task up", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "No reactions", body: "" });
    const path = `/repos/octo-org/hello/issues/${issue.number}/reactions`;
    const refused = { status: 403, body: { message: "Resource not accessible by integration" } };
    world.github.failNext({ method: "POST", path }, refused);
    await octocat.label(issue, "copilot:triage");
    expect(await botComments(world, issue)).toEqual([
      expect.stringContaining("Follow the session"),
    ]);
  });
});
