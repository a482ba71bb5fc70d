import { describe, expect, it } from "vitest";
import { botComments, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

describe("people steer a session from the thread", () => {
  it("stop: the agent is stopped, and the comment says who did it", async () => {
    const { issue, session, comment } = await startStory(world);
    await world.github.as("writer").comment(issue, "/copilot stop");
    expect(await comment("**Stopped**")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      **Stopped** after less than a minute.

      \`writer\` has stopped it.

      <sub>Steer it here: \`/copilot send UUID8 …\` · \`/copilot stop UUID8\` · \`/copilot status UUID8\`</sub>

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);
    expect(session.aborts).toBe(1);
  });

  it("send: the words reach the session", async () => {
    const { issue, session, comment } = await startStory(world);
    await world.github.as("octocat").comment(issue, "/copilot send And the tests?\nAll of them.");
    expect(await comment("it has arrived")).toContain("`octocat` has written to the session");
    expect(session.prompts.at(-1)).toBe("And the tests?\nAll of them.");
  });

  it("approve and deny: what the agent asks for is answered", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    const request = (requestId: string, fullCommandText: string) =>
      emit("permission.requested", {
        requestId,
        permissionRequest: {
          kind: "shell",
          toolCallId: `call-${requestId}`,
          fullCommandText,
          intention: "Publish the fix",
          commands: [],
          possiblePaths: [],
          possibleUrls: [],
          hasWriteFileRedirection: false,
          canOfferSessionApproval: false,
        },
      });
    request("r1", "git push origin fix");
    expect(await comment("asks for permission")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      **Waits for an answer**, less than a minute after its start.

      The agent asks for permission (\`shell\`):

      - intention: \`Publish the fix\`
      - command:

      \`\`\`sh
      git push origin fix
      \`\`\`

      Answer with \`/copilot approve UUID8 CODE\` or \`/copilot deny UUID8 CODE\`, or in Mission Control.

      <sub>Steer it here: \`/copilot send UUID8 …\` · \`/copilot stop UUID8\` · \`/copilot status UUID8\`</sub>

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);
    const answer = async (command: string) => {
      const [body = ""] = await botComments(world, issue);
      const named = new RegExp(`/copilot ${command} [0-9a-f]{8} [0-9a-f]{4}`, "u").exec(body)?.[0];
      await world.github.as("writer").comment(issue, named ?? "");
    };
    await answer("approve");
    await comment("`writer` approved what the agent asked.");
    request("r2", "rm -rf /");
    await comment("rm -rf /");
    await answer("deny");
    expect(await comment("`writer` denied what the agent asked.")).not.toContain("rm -rf");
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([true, false]);
  });

  it("approve: a question is answered with what follows", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    const choices = ["In src", "In lib"];
    const question = { question: "Where does it belong?", choices, allowFreeform: true };
    emit("user_input.requested", { requestId: "q1", ...question });
    expect(await comment("The agent asks:")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      **Waits for an answer**, less than a minute after its start.

      The agent asks:

      \`\`\`
      Where does it belong?
      \`\`\`

      Choices: \`In src\`, \`In lib\`

      Answer with \`/copilot approve UUID8 CODE <answer>\`, or in Mission Control; \`/copilot deny UUID8 CODE\` declines.

      <sub>Steer it here: \`/copilot send UUID8 …\` · \`/copilot stop UUID8\` · \`/copilot status UUID8\`</sub>

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);
    const [body = ""] = await botComments(world, issue);
    const [named = ""] = /\/copilot approve [0-9a-f]{8} [0-9a-f]{4}/u.exec(body) ?? [];
    await world.github.as("writer").comment(issue, `${named} In lib`);
    await comment("approved what the agent asked: `In lib`.");
    expect(session.responses).toMatchObject([{ promptId: "q1", answer: "In lib" }]);
  });

  it("status: the comment is brought up to date", async () => {
    const { issue, comment } = await startStory(world);
    await world.github.as("octocat").comment(issue, "/copilot status");
    expect(await comment("In progress")).toContain("**In progress**");
    const { owner, repo, number } = issue;
    await world.github.until(async () => {
      const { comments } = await world.github.thread(owner, repo, number);
      return comments.some(({ reactions }) => reactions.some(({ content }) => content === "eyes"));
    });
  });

  it("resume: a session that is over is written to again", async () => {
    const { issue, emit, session, comment } = await startStory(world);
    emit("session.task_complete", { summary: "Done.", success: true });
    await comment("**Completed**");
    await world.github.as("octocat").comment(issue, "/copilot send One more thing.");
    expect(await comment("it has arrived")).toContain("has written to the session");
    expect(session.prompts.at(-1)).toBe("One more thing.");
  });

  it("strangers get a reaction, and the session nothing", async () => {
    const { issue, session } = await startStory(world);
    await world.github.as("reader").comment(issue, "/copilot stop");
    const { owner, repo, number } = issue;
    await world.github.until(async () => {
      const { comments } = await world.github.thread(owner, repo, number);
      return comments.some(({ reactions }) => reactions[0]?.content === "confused");
    });
    expect(session.aborts).toBe(0);
  });

  it("a thread without a task says so", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue({ owner: "octo-org", repo: "hello" }, { title: "New" });
    await octocat.comment(issue, "/copilot stop");
    expect(await botComments(world, issue)).toEqual([
      expect.stringContaining("There is no task of this name in this thread."),
    ]);
  });
});

describe("retry", () => {
  it("starts a failed task again, as a new one of the same kind", async () => {
    world.missionControl.behaveOnce({
      create: { status: 403, body: { message: "x", reason: "policy_blocked" } },
    });
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue({ owner: "octo-org", repo: "hello" }, { title: "Again" });
    await octocat.comment(issue, "/copilot fix the cache");
    await botComments(world, issue, (body) => body.includes("failed"));
    await octocat.comment(issue, "/copilot retry with a test");
    const comments = await botComments(world, issue, (body) => body.includes("Follow the session"));
    expect(comments).toHaveLength(2);
    expect(comments[1]).toContain("### Copilot task: fix");
    expect(world.missionControl.tasks.at(-1)?.prompts[0]).toContain("the cache\n\nwith a test");
  });
});
