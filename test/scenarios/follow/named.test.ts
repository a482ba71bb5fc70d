import { describe, expect, it } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import { botComments, isNotice, steady, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

/** The bot's answers on an issue, without the comment of the task, once there are as many. */
async function answersOn(issue: Awaited<ReturnType<typeof startStory>>["issue"], count: number) {
  let bodies: string[] = [];
  await world.github.until(async () => {
    bodies = (await botComments(world, issue)).filter((body) => !isNotice(body));
    return bodies.length === count + 1;
  }, 30_000);
  // Written so, it is not taken for the id of a task that differs from run to run.
  return bodies.slice(1).map((body) => steady(body.replaceAll("`00000000`", "`ZEROS`"), world));
}

describe("a command that names a task which isn't there", () => {
  it("is answered with the tasks there are, and touches nothing", async () => {
    const { issue, session, emit } = await startStory(world);
    await world.github.as("writer").comment(issue, "/copilot stop 00000000");
    const [answer = ""] = await answersOn(issue, 1);
    const listed = answer.replaceAll(/- `[0-9a-f]{8}`/gu, "- `UUID8`");
    expect(listed).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⚠️ Nothing changed: \`/copilot stop\`

      There's no task \`ZEROS\` in this thread. Nothing was changed. These are the tasks here:

      - \`UUID8\`: triage, in progress

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot stop\`
      - Repository \`octo-org/hello\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(session.aborts).toBe(0);
    emit("assistant.message", { messageId: "m", content: "I go on." });
    await world.github.until(async () => {
      const [body = ""] = await botComments(world, issue);
      return body.includes("I go on.");
    });
  });

  it.each(["send deadbeef broke it", "retry 00000000", "status 00000000", "resume `00000000`"])(
    "/copilot %s",
    async (command) => {
      const { issue, session } = await startStory(world);
      const [sessions, prompts] = [world.missionControl.tasks.length, session.prompts.length];
      await world.github.as("octocat").comment(issue, `/copilot ${command}`);
      const [answer] = await answersOn(issue, 1);
      expect(answer).toContain("in this thread. Nothing was changed.");
      expect(session.prompts).toHaveLength(prompts);
      expect(world.missionControl.tasks).toHaveLength(sessions);
    },
    60_000,
  );

  it.each(["approve 00000000", "deny 00000000 a1b2 no"])(
    "/copilot %s, while the agent asks",
    async (command) => {
      const { issue, session, emit, comment } = await startStory(world);
      emit("permission.requested", {
        requestId: "r1",
        permissionRequest: { kind: "shell", toolCallId: "c", fullCommandText: "git push" },
      });
      await comment("git push");
      await world.github.as("octocat").comment(issue, `/copilot ${command}`);
      const [answer] = await answersOn(issue, 1);
      expect(answer).toContain("There's no task `ZEROS` in this thread.");
      expect(session.permissionResponses).toEqual([]);
    },
    60_000,
  );

  it("of another thread is answered too, and that task continues", async () => {
    const { issue, session } = await startStory(world);
    const [body = ""] = await botComments(world, issue);
    const [, id = ""] = /<!-- copilot-task:([0-9a-f]{8})/u.exec(body) ?? [];
    const octocat = world.github.as("octocat");
    const other = await octocat.openIssue(hello, { title: "Another" });
    await octocat.comment(other, `/copilot stop ${id}`);
    expect(await botComments(world, other)).toEqual([
      expect.stringContaining(`There's no task \`${id}\` in this thread.`),
    ]);
    expect(session.aborts).toBe(0);
  });

  it("gets no reply for a stranger, who learns of no task", async () => {
    const { issue } = await startStory(world);
    const { owner, repo, number } = issue;
    await world.github.as("reader").comment(issue, "/copilot stop 00000000");
    await world.github.until(async () => {
      const { comments } = await world.github.thread(owner, repo, number);
      return comments.some(({ reactions }) => reactions[0]?.content === "confused");
    });
    expect(await botComments(world, issue)).toHaveLength(1);
  });
});

it("a task is found by its id in capitals and in backticks", async () => {
  const { issue, session, comment } = await startStory(world);
  const [body = ""] = await botComments(world, issue);
  const [, id = ""] = /<!-- copilot-task:([0-9a-f]{8})/u.exec(body) ?? [];
  await world.github.as("octocat").comment(issue, `/copilot stop \`${id.toUpperCase()}\``);
  expect(await comment("Copilot was stopped")).toContain("Stopped by `octocat`.");
  expect(session.aborts).toBe(1);
});
