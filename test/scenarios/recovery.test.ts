import { describe, expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, useWorld } from "./world.ts";

const world = useWorld({ timeouts: { recoverEveryMs: 700, recoverPauseMs: 10 } });

const repeats = () =>
  world.github.requests.filter(({ path }) => path.endsWith("/attempts")).map(({ path }) => path);

describe("a webhook that GitHub could not deliver", () => {
  it("is requested again, and its task runs", async () => {
    const octocat = world.github.as("octocat");
    world.github.loseNext({ event: "issues", action: "labeled" });
    const issue = await octocat.openIssue(hello, { title: "Missed", body: "" });
    await octocat.label(issue, "copilot:triage");
    expect(await botComments(world, issue)).toHaveLength(1);
    expect(asked(world)).toEqual(["POST /agents/tasks", "POST /agents/tasks/UUID/steer"]);
    expect(repeats()).toHaveLength(1);
  });

  it("isn't requested again if its event starts nothing", async () => {
    const before = repeats().length;
    const octocat = world.github.as("octocat");
    world.github.loseNext({ event: "issues", action: "opened" });
    world.github.loseNext({ event: "issues", action: "labeled" });
    const issue = await octocat.openIssue(hello, { title: "Opened, unseen", body: "" });
    await octocat.label(issue, "copilot:triage");
    await botComments(world, issue);
    expect(repeats()).toHaveLength(before + 1);
  });

  it("is requested again in every other round until it arrives, oldest first", async () => {
    const before = repeats().length;
    const octocat = world.github.as("octocat");
    // The first delivery of each, and the first repetition of each, get lost.
    world.github.loseNext({ event: "issues", action: "labeled" }, 4);
    const issues = await Promise.all(
      ["One", "Two"].map((title) => octocat.openIssue(hello, { title, body: "" })),
    );
    for (const issue of issues) await octocat.label(issue, "copilot:triage");
    await Promise.all(issues.map((issue) => botComments(world, issue)));
    const attempts = repeats().slice(before);
    expect(attempts).toHaveLength(4);
    const ids = attempts.map((path) => Number(/\d+/u.exec(path)?.[0]));
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  });
});
