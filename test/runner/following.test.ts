import { describe, expect, test } from "vitest";
import { requestCodeOf } from "../../src/core/actor/seen.ts";
import { digest, MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import { permissionOf, SHELL } from "../core/asking.ts";

useClock();

describe("the comment of a followed session", () => {
  test("is edited at most every 15 seconds: 30 minutes of talk take at most 125 edits", async () => {
    const { follow, edits } = await openFollowing();
    const { session } = await follow();
    for (let second = 0; second < 1_800; second += 5) {
      session.emit({ type: "said", text: `Step ${second}` });
      await pass(5_000);
    }
    expect(edits.length).toBeLessThanOrEqual(125);
    expect(edits.length).toBeGreaterThan(100);
    expect(edits.at(-1)).toContain("Step 1795");
  });

  test("is not edited when nothing visible has changed", async () => {
    const { follow, edits } = await openFollowing();
    const { session } = await follow();
    await pass(MINUTE);
    const before = edits.length;
    for (let minute = 0; minute < 20; minute += 1) {
      session.emit({ type: "working" });
      await pass(MINUTE);
    }
    expect(edits.length).toBe(before);
  });

  test("shows the end at once, however lately it was edited", async () => {
    const { follow, edits, get } = await openFollowing();
    const { session, task, end } = await follow();
    session.emit({ type: "said", text: "Almost there." });
    await pass(100);
    session.emit({ type: "completed", summary: "All is well." });
    await pass(100);
    expect(edits.at(-1)).toContain("All is well.");
    expect(await end).toBe("done");
    expect(await get(task)).toMatchObject({ state: "completed", session: { unfollowed: "over" } });
    expect(session.calls).toEqual(["detach"]);
  });
});

describe("following ends", () => {
  test("when the session is idle for long", async () => {
    const { follow, get } = await openFollowing();
    const { session, task } = await follow();
    session.emit({ type: "idle" });
    await pass(9 * MINUTE);
    expect(await get(task)).toMatchObject({ state: "idle", session: { unfollowed: null } });
    await pass(1 * MINUTE + 100);
    expect(await get(task)).toMatchObject({ state: "idle", session: { unfollowed: "idle" } });
  });

  test("after an hour, and says so", async () => {
    const { follow, get, edits } = await openFollowing();
    const { task } = await follow();
    await pass(60 * MINUTE + 100);
    expect(await get(task)).toMatchObject({
      state: "in_progress",
      session: { unfollowed: "time" },
    });
    expect(edits.at(-1)).toContain(
      "This comment isn't updated anymore because the time limit for updates was reached.",
    );
  });

  test("for the session that is idle for longest when others need the room", async () => {
    const { follow, get } = await openFollowing();
    const first = await follow();
    const second = await follow();
    second.session.emit({ type: "idle" });
    await pass(100);
    await follow();
    expect(await get(first.task)).toMatchObject({ session: { unfollowed: null } });
    expect(await get(second.task)).toMatchObject({ session: { unfollowed: "room" } });
  });

  test("at once for a session whose process others need, while GitHub takes no edit", async () => {
    const { follow, get, refuseNext, edits } = await openFollowing();
    const { session, task, end } = await follow();
    session.emit({ type: "said", text: "Almost there." });
    refuseNext(600);
    await pass(MINUTE);
    session.displace();
    await settle();
    expect(session.calls).toContain("detach");
    expect(edits.join("")).not.toContain("Almost there.");
    expect(await get(task)).toMatchObject({ settledAt: null, session: { unfollowed: "room" } });
    // The comment says so once GitHub takes it.
    expect(await end).toEqual({ afterMs: expect.closeTo(540_000, -5) });
  });

  test("for this process when the bot stops: the row says that it continues", async () => {
    const { follow, stopping, get } = await openFollowing();
    const { task, end } = await follow();
    stopping.abort();
    await settle();
    expect(await end).toBe("done");
    expect(await get(task)).toMatchObject({ settledAt: null, session: { unfollowed: null } });
  });

  test("for now when the runtime dies: the task is processed again", async () => {
    const { follow } = await openFollowing();
    const { session, end } = await follow();
    session.die();
    await settle();
    expect(await end).toEqual({ afterMs: 0 });
  });
});

test("a session command that comes while the task is being settled opens it again", async () => {
  const { follow, sessionCommands, enqueued, get } = await openFollowing();
  const { session, task, end } = await follow();
  const sessionCommand = {
    id: "o",
    taskId: task.id,
    type: "send",
    text: "Go on.",
    requester: "writer",
  } as const;
  session.emit({ type: "completed", summary: null });
  await sessionCommands.give(sessionCommand);
  await settle();
  expect(await end).toBe("done");
  expect(enqueued).toEqual([task.id]);
  expect(await get(task)).toMatchObject({ settledAt: null, session: { unfollowed: null } });
});

describe("an agent's request", () => {
  test.each([
    ["approve", "git push origin main", "answer 1: yes"],
    ["deny-writes-to-default-branch", "git push origin main", "answer 1: no"],
    ["deny-writes-to-default-branch", "git push origin fix", "answer 1: yes"],
    ["deny-writes-to-default-branch", "npm test", null],
  ] as const)("is answered by the policy %s: %s", async (permissionsPolicy, command, answer) => {
    const { follow } = await openFollowing();
    const { session } = await follow({ decision: { permissionsPolicy, defaultBranch: "main" } });
    session.emit({ type: "asked", requestId: "1", asking: { ...SHELL, command } });
    await settle();
    expect(session.calls).toEqual(answer === null ? [] : [answer]);
  });

  test("waits for people where the policy says ask, and the comment shows it", async () => {
    const { follow, edits, following, sessionCommands, get } = await openFollowing();
    const { session, task } = await follow({ decision: { permissionsPolicy: "ask" } });
    const asking = permissionOf({ kind: "shell", fullCommandText: "rm -rf `x`" });
    session.emit({ type: "asked", requestId: "1", asking });
    await pass(15_000);
    expect(session.calls).toEqual([]);
    expect(edits.at(-1)).toContain("\n`` rm -rf `x` ``\n");
    expect(await get(task)).toMatchObject({ state: "waiting_for_user" });
    const sessionCommand = { id: "o", taskId: task.id, type: "deny", requester: "writer" } as const;
    await sessionCommands.give({ ...sessionCommand, text: "0000" });
    following.nudge(task.id);
    await settle();
    expect(session.calls).toEqual([]);
    expect(edits.at(-1)).toContain(
      "because it didn't name the request that Copilot was waiting for.",
    );
    await sessionCommands.give({
      ...sessionCommand,
      id: "p",
      text: `${requestCodeOf(digest, "1", asking)} not this way`,
    });
    following.nudge(task.id);
    await settle();
    expect(session.calls).toEqual(["answer 1: no not this way"]);
    expect(edits.at(-1)).toContain("`writer` denied Copilot's request: `not this way`.");
  });

  test("offers no command where the session takes no answer, as for a question of before a restart", async () => {
    const { follow, edits, posts } = await openFollowing();
    const { session } = await follow(
      { decision: { notify: ["waiting"] } },
      { canAnswer: () => false },
    );
    const question = { type: "question", question: "Where?", choices: [], freeform: true } as const;
    session.emit({ type: "asked", requestId: "1", asking: question });
    await pass(MINUTE);
    expect(edits.at(-1)).toContain("You can only answer this [in Mission Control](");
    expect(edits.at(-1)).not.toContain("/copilot approve");
    expect(posts).toEqual([
      expect.stringMatching(/^<!-- [^\n]*\n@octocat, Copilot has a question/u),
    ]);
    expect(posts.join("")).not.toContain("/copilot approve");
  });
});

describe("session commands", () => {
  test.each([
    ["stop", "", "abort", "Stopped by `writer`."],
    ["send", "And the tests?", "say: And the tests?", "`writer` sent a message"],
    ["approve", "", undefined, "`writer` answered, but Copilot isn't waiting for an answer."],
  ] as const)("%s", async (type, text, call, note) => {
    const { follow, following, sessionCommands, edits } = await openFollowing();
    const { session, task } = await follow();
    await sessionCommands.give({ id: "o", taskId: task.id, type, text, requester: "writer" });
    await following.pollSessionCommands();
    await settle();
    expect(session.calls[0]).toBe(call);
    expect(edits.at(-1)).toContain(note);
    await following.pollSessionCommands();
    await settle();
    expect(session.calls.length).toBe(call === undefined ? 0 : 1);
  });
});
