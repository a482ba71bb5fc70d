import { describe, expect, it } from "vitest";
import { app, hello } from "../../../sandbox/github/seed.ts";
import type { ActingApp } from "../../../sandbox/github/state/records.ts";
import { useWorld } from "../world.ts";
import type { Place } from "../world.ts";
import { LINK, ONE_SESSION, ONLY_A_REACTION, answerTo, askedAbout, newIssue } from "./story.ts";
import { silentAnswerTo, withPolicy } from "./story.ts";

const names = ["nobody-trusted", "one-trusted", "own", "labels"];
const world = useWorld({ repositories: names.map((name) => ({ name })) });

const slack: ActingApp = { id: 11, slug: "slack", name: "Slack" };
const jira: ActingApp = { id: 12, slug: "jira", name: "Jira" };

const NOT_TRUSTED = "wrote this command on your behalf, and the policy doesn't trust it";

/** What the bot comments on a command that somebody writes through an App. */
async function answerThrough(via: ActingApp, login: string, subject: Place, words: string) {
  const { owner, repo, number } = subject;
  const replies = async () => {
    const { comments } = await world.github.thread(owner, repo, number);
    return comments.filter(({ author }) => author === world.github.botLogin);
  };
  const before = (await replies()).length;
  await world.github.as(login, via).comment(subject, words);
  await world.github.until(async () => (await replies()).length > before, 60_000);
  return (await replies()).at(-1)?.body ?? "";
}

describe("a command that another App writes on somebody's behalf", () => {
  it("starts nothing where the policy trusts no App, and the person can write it themselves", async () => {
    const issue = await newIssue(world, "nobody-trusted");
    const refused = await answerThrough(slack, "writer", issue, "/copilot triage");
    expect(refused).toContain(`The GitHub App \`slack\` ${NOT_TRUSTED}`);
    expect(refused).toContain("`trusted_apps` in `.github/copilot-tasks.yml`");
    expect(askedAbout(world, "nobody-trusted")).toEqual([]);
    expect(await answerTo(world, "writer", issue, "/copilot triage")).toContain(LINK);
    expect(askedAbout(world, "nobody-trusted")).toEqual(ONE_SESSION);
  });

  it.each(["/copilot stop", "/copilot approve", "/copilot status", "/copilot config"])(
    "steers nothing, either: %s",
    async (command) => {
      const issue = await newIssue(world, "nobody-trusted");
      const refused = await answerThrough(slack, "writer", issue, command);
      expect(refused).toContain(NOT_TRUSTED);
    },
  );

  it("gets a reaction alone where the person is a stranger", async () => {
    const issue = await newIssue(world, "nobody-trusted");
    const through = { github: { ...world.github, as: () => world.github.as("reader", slack) } };
    expect(
      await silentAnswerTo({ ...world, ...through }, "reader", issue, "/copilot triage"),
    ).toEqual(ONLY_A_REACTION);
  });

  it("starts where the policy trusts this App, and no other", async () => {
    await withPolicy(world, "one-trusted", "trusted_apps: [slack]\n");
    const issue = await newIssue(world, "one-trusted");
    const refused = await answerThrough(jira, "writer", issue, "/copilot triage");
    expect(refused).toContain(`The GitHub App \`jira\` ${NOT_TRUSTED}`);
    expect(askedAbout(world, "one-trusted")).toEqual([]);
    expect(await answerThrough(slack, "writer", issue, "/copilot triage")).toContain(LINK);
    expect(askedAbout(world, "one-trusted")).toEqual(ONE_SESSION);
  });

  it("never counts through the bot's own App, whatever the policy says", async () => {
    await withPolicy(world, "own", `trusted_apps: [${app.slug}]\n`);
    const issue = await newIssue(world, "own");
    await world.github.as("writer", app).comment(issue, "/copilot triage");
    const delivery = world.github.deliveries.at(-1);
    expect(delivery).toMatchObject({ event: "issue_comment", statusCode: 202 });
    expect(delivery?.payload["comment"]).toMatchObject({
      performed_via_github_app: { id: app.id, slug: app.slug },
      user: { login: "writer", type: "User" },
    });
    const ignored = world.log.filter((line) => line.includes(`"deliveryId":"${delivery?.id}"`));
    expect(ignored.join("")).toContain('"reason":"bot"');
    expect(await world.github.thread(issue.owner, issue.repo, issue.number)).toMatchObject({
      comments: [{ author: "writer", reactions: [] }],
    });
    expect(askedAbout(world, "own")).toEqual([]);
  });
});

describe("where GitHub doesn't say through which App somebody acts, it's the person who asks", () => {
  it("for labels", async () => {
    const issue = await newIssue(world, "labels");
    await world.github.as("writer", slack).label(issue, "copilot:triage");
    const labeled = world.github.deliveries.at(-1);
    expect(labeled).toMatchObject({ event: "issues", action: "labeled" });
    expect(JSON.stringify(labeled?.payload)).not.toContain('"slug":"slack"');
    await world.github.until(() => askedAbout(world, "labels").length > 0, 60_000);
  });

  it("for reviews and comments on lines", async () => {
    const octocat = world.github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Greet", head: "feature" });
    const writer = world.github.as("writer", slack);
    await writer.reviewComment(pull, { body: "/copilot triage", path: "README.md" });
    const written = world.github.deliveries.at(-1);
    expect(written).toMatchObject({ event: "pull_request_review_comment", action: "created" });
    expect(JSON.stringify(written?.payload)).not.toContain('"slug":"slack"');
    await world.github.until(() => askedAbout(world, hello.repo).length > 0, 60_000);
  });
});
