import { describe, expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, COPILOT_ACCOUNT, steady, useWorld } from "./world.ts";

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
        ### 🚫 Copilot didn't start: \`copilot:triage\`

        You need write access to this repository to do this. A repository administrator can give you access, or maintainers can change \`permissions\` in \`.github/copilot-tasks.yml\`.

        <details><summary>Details</summary>

        - Requested by [LOGIN](https://GITHUB/LOGIN) with the label \`copilot:triage\`
        - Repository \`octo-org/hello\`
        - Reason \`no_permission\`
        - Task \`UUID8\`

        </details>
        ",
        ]
      `);
    expect(asked(world)).toEqual([]);
  });

  it.each(["reader", "stranger"])(
    "%s gets one reaction for a command, and no comment",
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
      ### 🚫 Copilot didn't start: triage

      This pull request comes from a fork, and the policy doesn't allow that. Maintainers can change this: \`forks\` in \`.github/copilot-tasks.yml\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with \`/copilot triage\`
      - Repository \`octo-org/hello\`
      - Reason \`fork\`
      - Task \`UUID8\`

      </details>
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
    expect(comment).toContain("You need write access");
    expect(asked(world)).toEqual(["POST /agents/tasks", "POST /agents/tasks/UUID/steer"]);
  });
});

describe("the account whose Copilot all sessions use", () => {
  it("starts nothing, though it has write access, and gets a comment", async () => {
    const issue = await world.github.as("octocat").openIssue(hello, { title: "Mine", body: "" });
    const before = asked(world).length;
    await world.github.as(COPILOT_ACCOUNT).label(issue, "copilot:triage");
    const comments = await botComments(world, issue);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: \`copilot:triage\`

      The bot starts sessions as \`copilot-seat\`, and their agents can act as this account. So this account can't start, steer, or approve anything. Use another one.

      <details><summary>Details</summary>

      - Requested by [copilot-seat](https://GITHUB/copilot-seat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`
      - Reason \`copilot_account\`
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(asked(world)).toHaveLength(before);
  });

  it.each(["triage", "approve", "stop", "ok"])("is refused `/copilot %s`, too", async (command) => {
    const issue = await world.github.as("octocat").openIssue(hello, { title: "Mine", body: "" });
    const before = asked(world).length;
    await world.github.as(COPILOT_ACCOUNT).comment(issue, `/copilot ${command}`);
    const [comment = ""] = await botComments(world, issue);
    expect(comment).toContain("The bot starts sessions as `copilot-seat`");
    expect(asked(world)).toHaveLength(before);
  });

  it("gets only a reaction, once it has had five comments in an hour", async () => {
    const issue = await world.github.as("octocat").openIssue(hello, { title: "Mine", body: "" });
    await world.github.as(COPILOT_ACCOUNT).comment(issue, "/copilot help");
    const { owner, repo, number } = issue;
    const thread = () => world.github.thread(owner, repo, number);
    await world.github.until(async () => (await thread()).comments[0]?.reactions.length === 1);
    expect((await thread()).comments).toEqual([
      expect.objectContaining({ author: COPILOT_ACCOUNT, reactions: confused() }),
    ]);
  });
});
