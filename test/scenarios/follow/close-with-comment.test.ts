import { describe, expect, it, vi } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import type { Place } from "../world.ts";
import { botComments, steady, takePlace, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

vi.setConfig({ testTimeout: 90_000 });

const world = useWorld({
  ...FOLLOWING,
  variables: { ...FOLLOWING.variables, MAX_CONCURRENT_STARTS: "1" },
});

/** The text depends on whether the requester was checked before or after the issue was closed. */
const CLOSED = /This was closed before the task started|This is closed/u;

const commentsOf = async ({ owner, repo, number }: Place) =>
  (await world.github.thread(owner, repo, number)).comments;

/** Somebody's comment, once the bot has reacted to it. */
async function reactedTo(place: Place, login: string) {
  let reactions: readonly { content: string }[] = [];
  await world.github.until(async () => {
    const comments = await commentsOf(place);
    reactions = comments.find(({ author }) => author === login)?.reactions ?? [];
    return reactions.length > 0;
  }, 30_000);
  return reactions.map(({ content }) => content);
}

describe("“Close with comment” with a command", () => {
  it("that waits for its start is answered, and starts nothing", async () => {
    const leave = await takePlace(world);
    const sessions = world.missionControl.tasks.length;
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Waits" });
    await octocat.comment(issue, "/copilot triage before this is closed");
    expect(await reactedTo(issue, "octocat")).toEqual(["eyes"]);
    await octocat.close(issue);
    leave();
    const [answer = "", ...others] = await botComments(world, issue);
    expect(others).toEqual([]);
    expect(steady(answer, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot didn't start: triage

      This was closed before the task started.

      No session was created, so nothing was charged. Once it's reopened, comment \`/copilot retry UUID8\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with \`/copilot triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);
    await startStory(world);
    expect(world.missionControl.tasks).toHaveLength(sessions + 1);
    expect(await botComments(world, issue)).toHaveLength(1);
  });

  it("whose comment arrives first is answered, and starts nothing", async () => {
    const leave = await takePlace(world);
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Closed at once" });
    await octocat.comment(issue, "/copilot triage");
    await octocat.close(issue);
    leave();
    expect(await botComments(world, issue)).toEqual([expect.stringMatching(CLOSED)]);
    await startStory(world);
    expect(await botComments(world, issue)).toHaveLength(1);
  });

  it("whose closing arrives first is answered, and starts nothing", async () => {
    const sessions = world.missionControl.tasks.length;
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Closed" });
    await octocat.close(issue);
    await octocat.comment(issue, "/copilot triage");
    expect(await botComments(world, issue)).toEqual([
      expect.stringContaining(
        "This is closed. Copilot only works on open issues and pull requests.",
      ),
    ]);
    expect(world.missionControl.tasks).toHaveLength(sessions);
  });

  it.each([1, 2, 3])("whose events arrive at once is answered once (%i)", async () => {
    const leave = await takePlace(world);
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "At once" });
    await Promise.all([octocat.comment(issue, "/copilot triage"), octocat.close(issue)]);
    leave();
    expect(await botComments(world, issue)).toEqual([expect.stringMatching(CLOSED)]);
    await startStory(world);
    expect(await botComments(world, issue)).toHaveLength(1);
  });

  it("of a stranger, who can close their own issue, gets no comment", async () => {
    const leave = await takePlace(world);
    const reader = world.github.as("reader");
    const issue = await reader.openIssue(hello, { title: "Mine" });
    await Promise.all([reader.comment(issue, "/copilot triage"), reader.close(issue)]);
    leave();
    expect(await reactedTo(issue, "reader")).toEqual(["confused"]);
    const replies = (await commentsOf(issue)).filter(({ author }) => author !== "reader");
    expect(replies).toEqual([]);
  });

  it.each([
    ["stop", "There's no Copilot task in this thread."],
    ["help", "- **`/copilot triage`**"],
    ["triag", "There's no command `/copilot triag` here."],
  ])("/copilot %s is answered as usual", async (command, answer) => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Done" });
    await Promise.all([octocat.comment(issue, `/copilot ${command}`), octocat.close(issue)]);
    expect(await botComments(world, issue)).toEqual([expect.stringContaining(answer)]);
  });

  it("/copilot stop stops the session", async () => {
    const { issue, session, comment } = await startStory(world);
    const octocat = world.github.as("octocat");
    await Promise.all([octocat.comment(issue, "/copilot stop"), octocat.close(issue)]);
    expect(await comment("Copilot was stopped")).toContain("Stopped by `octocat`.");
    expect(session.aborts).toBe(1);
  });
});

describe("a command on a pull request that ends with it is answered once", () => {
  it("in a review, when the pull request is merged", async () => {
    const leave = await takePlace(world);
    const octocat = world.github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Merged", head: "feature" });
    await octocat.review(pull, { event: "APPROVE", body: "Fine.\n\n/copilot review" });
    await octocat.merge(pull);
    leave();
    expect(await botComments(world, pull)).toEqual([
      expect.stringMatching(/This was closed before the task started|This is merged/u),
    ]);
  });
});
