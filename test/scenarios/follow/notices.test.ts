import { describe, expect, it } from "vitest";
import type { TaskEvent } from "../../../sandbox/mission-control/task.ts";
import { botComments, isNotice, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld({ ...FOLLOWING, timeouts: { ...FOLLOWING.timeouts, noticeEveryMs: 100 } });

const permission = (requestId: string): TaskEvent["data"] => ({
  requestId,
  permissionRequest: {
    kind: "shell",
    toolCallId: `call-${requestId}`,
    fullCommandText: "git push origin fix",
  },
});

/** Writes the command that a notice names, with what follows it. */
async function reply(issue: Awaited<ReturnType<typeof startStory>>["issue"], words = "") {
  const notice = (await botComments(world, issue)).find(isNotice) ?? "";
  const command = /\/copilot approve [0-9a-f]{8} [0-9a-f]{4}/u.exec(notice)?.[0] ?? "";
  await world.github.as("writer").comment(issue, `${command}${words}`);
}

describe("the requester is mentioned in a new comment", () => {
  it("when a permission is needed, until it is given", async () => {
    const { issue, session, emit, comment, notices } = await startStory(world);
    emit("permission.requested", permission("r1"));
    expect(await notices(1)).toMatchInlineSnapshot(`
      [
        "<!-- copilot-notice:UUID:TIME -->
      @octocat, Copilot needs your approval (triage): see [what it wants to do](https://GITHUB/octo-org/hello/issues/1#issuecomment-ID), and reply with \`/copilot approve UUID8 CODE\` or \`/copilot deny UUID8 CODE\`, or decide [in Mission Control](https://github.com/copilot/tasks/UUID).
      ",
      ]
    `);
    // The request itself is in the comment of the task.
    expect(await comment("Copilot wants to run this command:")).toContain("git push origin fix");
    await reply(issue);
    await notices(0);
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([true]);
    const posted = world.github.requests.filter(
      ({ method, path }) => method === "POST" && path.endsWith("/comments"),
    );
    expect(posted).toHaveLength(2);
  });

  it("when a question is asked, until it is answered", async () => {
    const { issue, session, emit, notices } = await startStory(world);
    const question = "@octocat **Where** does it belong? <!-- x -->";
    emit("user_input.requested", { requestId: "q1", question, allowFreeform: true });
    expect(await notices(1)).toMatchInlineSnapshot(`
      [
        "<!-- copilot-notice:UUID:TIME -->
      @octocat, Copilot has a question (triage): see [the question](https://GITHUB/octo-org/hello/issues/2#issuecomment-ID), and reply with \`/copilot approve UUID8 CODE <answer>\` or \`/copilot deny UUID8 CODE\`, or answer [in Mission Control](https://github.com/copilot/tasks/UUID).
      ",
      ]
    `);
    await reply(issue, " In lib");
    await notices(0);
    expect(session.responses).toMatchObject([{ promptId: "q1", answer: "In lib" }]);
  });

  it("when a plan is ready, until somebody decides in Mission Control", async () => {
    const { emit, notices } = await startStory(world);
    const plan = { summary: "- Fix it", planContent: "", actions: ["interactive"] };
    emit("exit_plan_mode.requested", { requestId: "p1", ...plan });
    expect(await notices(1)).toMatchInlineSnapshot(`
      [
        "<!-- copilot-notice:UUID:TIME -->
      @octocat, Copilot needs your approval of a plan (triage): see [the plan](https://GITHUB/octo-org/hello/issues/3#issuecomment-ID), and reply with \`/copilot approve UUID8 CODE\` or \`/copilot deny UUID8 CODE\`, or decide [in Mission Control](https://github.com/copilot/tasks/UUID).
      ",
      ]
    `);
    emit("exit_plan_mode.completed", { requestId: "p1", approved: true });
    await notices(0);
  });

  it("when the session failed", async () => {
    const { emit, comment, notices } = await startStory(world);
    emit("session.error", { errorType: "model", message: "@octocat: the model is away" });
    emit("session.shutdown", { shutdownType: "error" });
    await comment("Copilot's session failed");
    expect(await notices(1)).toMatchInlineSnapshot(`
      [
        "<!-- copilot-notice:UUID:TIME -->
      @octocat, Copilot's session failed (triage): see [what happened](https://GITHUB/octo-org/hello/issues/4#issuecomment-ID) or [open the session](https://github.com/copilot/tasks/UUID).
      ",
      ]
    `);
  });

  it("but not when it has finished, unless the policy says so", async () => {
    const done = { summary: "Done.", success: true };
    const quiet = await startStory(world);
    quiet.emit("session.task_complete", done);
    await quiet.comment("Copilot finished");
    expect(await quiet.notices(0)).toEqual([]);
    const hello = { owner: "octo-org", repo: "hello" };
    const path = ".github/copilot-tasks.yml";
    await world.github.writeFile(hello, path, "notify: { completed: true, waiting: false }");
    const usual = await startStory(world);
    usual.emit("permission.requested", permission("r1"));
    await usual.comment("Copilot wants to run this command:");
    expect(await usual.notices(0)).toEqual([]);
    usual.emit("session.task_complete", done);
    expect(await usual.notices(1)).toMatchInlineSnapshot(`
      [
        "<!-- copilot-notice:UUID:TIME -->
      @octocat, Copilot has finished (triage): see [the result](https://GITHUB/octo-org/hello/issues/6#issuecomment-ID) or [open the session](https://github.com/copilot/tasks/UUID).
      ",
      ]
    `);
    await world.github.deleteFile(hello, path);
  });
});
