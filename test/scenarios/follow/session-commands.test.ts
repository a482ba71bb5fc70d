import { describe, expect, it } from "vitest";
import { botComments, canAttach, useWorld } from "../world.ts";
import { FOLLOWING, NOT_CARRIED_OUT, offer, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

describe("people steer a session from the thread", () => {
  it("stop: the agent is stopped, and the comment says who did it", async () => {
    const { issue, session, comment } = await startStory(world);
    await world.github.as("writer").comment(issue, "/copilot stop");
    expect(await comment("Copilot was stopped")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Ran for less than a minute · [Open session](https://github.com/copilot/tasks/UUID)

      Stopped by \`writer\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(session.aborts).toBe(1);
  });

  it("send: the message reaches the session", async () => {
    const { issue, session, comment } = await startStory(world);
    await world.github.as("octocat").comment(issue, "/copilot send And the tests?\nAll of them.");
    expect(await comment("Copilot received it")).toContain("`octocat` sent a message");
    expect(session.prompts.at(-1)).toBe("And the tests?\nAll of them.");
  });

  it("approve and deny: the agent's requests are answered", async () => {
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
    expect(await comment("Copilot wants to run this command:")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ✋ Copilot needs your approval: triage

      > [!IMPORTANT]
      > Copilot wants to run this command:

      \`git push origin fix\`

      - Copilot's reason: \`Publish the fix\`

      Reply with **\`/copilot approve UUID8 CODE\`** or **\`/copilot deny UUID8 CODE\`**, or decide [in Mission Control](https://github.com/copilot/tasks/UUID).

      Started less than a minute ago · [Open session](https://github.com/copilot/tasks/UUID)

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);
    const answer = async (command: string) => {
      const [body = ""] = await botComments(world, issue);
      const named = new RegExp(`/copilot ${command} [0-9a-f]{8} [0-9a-f]{4}`, "u").exec(body)?.[0];
      await world.github.as("writer").comment(issue, named ?? "");
    };
    await answer("approve");
    await comment("`writer` approved Copilot's request.");
    request("r2", "rm -rf /");
    await comment("rm -rf /");
    await answer("deny");
    expect(await comment("`writer` denied Copilot's request.")).not.toContain("rm -rf");
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([true, false]);
  });

  it("approve: a request that the comment can't show in full isn't approved from the thread", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    const key = ["echo -----BEGIN PRIVATE KEY-----", "rm -rf /", "echo -----END PRIVATE KEY-----"];
    const permissionRequest = { kind: "shell", toolCallId: "c", fullCommandText: key.join("\n") };
    emit("permission.requested", { requestId: "r1", permissionRequest });
    const body = await comment("Copilot wants to run a command.");
    expect(body).not.toContain("/copilot approve");
    expect(body).toContain(
      "It contains what looks like a credential, which is never shown in a comment, so you can't approve it here. Decide [in Mission Control](https://github.com/copilot/tasks/UUID), or reply with `/copilot deny UUID8 CODE`.",
    );
    const [raw = ""] = await botComments(world, issue);
    const named = /\/copilot deny ([0-9a-f]{8} [0-9a-f]{4})/u.exec(raw)?.[1] ?? "";
    await world.github.as("writer").comment(issue, `/copilot approve ${named}`);
    await comment("so `writer` can only approve it in Mission Control.");
    expect(session.permissionResponses).toEqual([]);
    await world.github.as("writer").comment(issue, `/copilot deny ${named}`);
    await comment("`writer` denied Copilot's request.");
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([false]);
  });

  it("approve: a question is answered with the text after the command", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    const choices = ["In src", "In lib"];
    const question = { question: "Where does it belong?", choices, allowFreeform: true };
    emit("user_input.requested", { requestId: "q1", ...question });
    expect(await comment("Copilot asks:")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ✋ Copilot has a question: triage

      > [!IMPORTANT]
      > Copilot asks:

      \`Where does it belong?\`

      Choices: \`In src\`, \`In lib\`

      Reply with **\`/copilot approve UUID8 CODE <answer>\`**, or **\`/copilot deny UUID8 CODE\`** to decline, or answer [in Mission Control](https://github.com/copilot/tasks/UUID).

      Started less than a minute ago · [Open session](https://github.com/copilot/tasks/UUID)

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);
    const [body = ""] = await botComments(world, issue);
    const [named = ""] = /\/copilot approve [0-9a-f]{8} [0-9a-f]{4}/u.exec(body) ?? [];
    await world.github.as("writer").comment(issue, `${named} In lib`);
    await comment("`writer` answered Copilot's question: `In lib`.");
    expect(session.responses).toMatchObject([{ promptId: "q1", answer: "In lib" }]);
  });

  it("status: the comment is updated", async () => {
    const { issue, comment } = await startStory(world);
    await world.github.as("octocat").comment(issue, "/copilot status");
    expect(await comment("Copilot is working")).toContain("Copilot is working");
    const { owner, repo, number } = issue;
    await world.github.until(async () => {
      const { comments } = await world.github.thread(owner, repo, number);
      return comments.some(({ reactions }) => reactions.some(({ content }) => content === "eyes"));
    });
  });

  it("share: a cloud session is on GitHub anyway", async () => {
    const { issue } = await startStory(world);
    await world.github.as("octocat").comment(issue, "/copilot share");
    const answer = "Nothing changed: `/copilot share`";
    const comments = await botComments(world, issue, (body) => body.includes(answer));
    expect(comments.find((body) => body.includes(answer))).toMatch(
      /The session of task `[0-9a-f]{8}` runs in GitHub's cloud, so it's on/u,
    );
  });

  it("resume: a session that has ended gets another message if the bot can reconnect to it", async () => {
    const { issue, emit, session, comment } = await startStory(world);
    emit("session.task_complete", { summary: "Done.", success: true });
    expect(await comment("Copilot finished")).toContain(
      offer("To ask for more, comment `/copilot send UUID8 …`."),
    );
    await world.github.as("octocat").comment(issue, "/copilot send One more thing.");
    await comment(
      canAttach ? "`octocat` sent a message, and Copilot received it." : NOT_CARRIED_OUT,
    );
    expect(session.prompts.includes("One more thing.")).toBe(canAttach);
  });

  it("strangers get a reaction, and the session gets nothing", async () => {
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
      expect.stringContaining("There's no Copilot task in this thread."),
    ]);
  });
});

describe("retry", () => {
  it("starts a failed task again, as a new one of the same kind", async () => {
    world.missionControl.behaveOnce({
      create: { status: 403, body: { message: "blocked by org policy" } },
    });
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue({ owner: "octo-org", repo: "hello" }, { title: "Again" });
    await octocat.comment(issue, "/copilot fix the cache");
    await botComments(world, issue, (body) => body.includes("policy_blocked"));
    await octocat.comment(issue, "/copilot retry with a test");
    const comments = await botComments(world, issue, (body) => body.includes("[Open session]"));
    expect(comments).toHaveLength(2);
    expect(comments[1]).toContain(": fix\n");
    expect(world.missionControl.tasks.at(-1)?.prompts[0]).toContain("the cache\n\nwith a test");
  });
});
