import { describe, expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

const world = useWorld({ variables: { MAX_CONCURRENT_STARTS: "1" } });

const confused = () => [{ content: "confused", user: world.github.botLogin }];

describe("somebody without write access", () => {
  it.each(["reader", "stranger"])("%s gets a short comment for a label", async (login) => {
    const issue = await world.github.as("octocat").openIssue(hello, { title: "Mine", body: "" });
    await world.github.as(login).label(issue, "copilot:triage");
    const comments = await botComments(world, issue);
    expect(comments.map((comment) => steady(comment, world).replaceAll(login, "LOGIN")))
      .toMatchInlineSnapshot(`
        [
          "<!-- copilot-task:UUID -->
        ### Copilot task: \`copilot:triage\` – not started

        Only people with write access to this repository can start this here. An administrator of the repository can give it, or change \`permissions\` in \`.github/copilot-tasks.yml\`.

        No session was created.

        <sub>Asked by [LOGIN](https://GITHUB/LOGIN) (label \`copilot:triage\`) · repository \`octo-org/hello\` · task \`UUID8\`</sub>
        ",
        ]
      `);
    expect(asked(world)).toEqual([]);
  });

  it.each(["reader", "stranger"])(
    "%s gets one reaction for a command, and no word",
    async (login) => {
      const issue = await world.github.as("octocat").openIssue(hello, { title: "Mine", body: "" });
      await world.github.as(login).comment(issue, "/copilot triage");
      const { owner, repo, number } = issue;
      const thread = () => world.github.thread(owner, repo, number);
      await world.github.until(async () => (await thread()).comments[0]?.reactions.length === 1);
      expect((await thread()).comments).toEqual([
        expect.objectContaining({ author: login, reactions: confused() }),
      ]);
      expect((await thread()).reactions).toEqual([]);
      expect(asked(world)).toEqual([]);
    },
  );
});

describe("a pull request from a fork", () => {
  it("is refused with a comment, by label and by command", async () => {
    const octocat = world.github.as("octocat");
    const pull = await world.github
      .as("stranger")
      .openPullRequest(hello, { title: "From outside", head: "stranger:patch-1" });
    await octocat.comment(pull, "/copilot triage");
    const comments = await botComments(world, pull);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – not started

      This pull request comes from a fork, and the policy denies these: \`forks\` in \`.github/copilot-tasks.yml\`, which the repository's maintainers can change.

      No session was created.

      <sub>Asked by [octocat](https://GITHUB/octocat) (command \`/copilot triage\`) · repository \`octo-org/hello\` · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(asked(world)).toEqual([]);
  });
});

describe("somebody who loses write access while the task waits", () => {
  it("is refused when the task runs", async () => {
    world.missionControl.behaveOnce({ workerDelayMs: 3_500 });
    const octocat = world.github.as("octocat");
    const first = await octocat.openIssue(hello, { title: "Takes the only place", body: "" });
    await octocat.label(first, "copilot:triage");
    const second = await octocat.openIssue(hello, { title: "Waits", body: "" });
    await world.github.as("writer").label(second, "copilot:triage");
    const { owner, repo, number } = second;
    await world.github.until(
      async () => (await world.github.thread(owner, repo, number)).reactions.length === 1,
    );
    await world.github.grant(hello, "writer", "read");

    const [comment = ""] = await botComments(world, second);
    expect(comment).toContain("Only people with write access");
    expect(asked(world)).toEqual(["POST /agents/tasks", "POST /agents/tasks/UUID/steer"]);
  });
});
