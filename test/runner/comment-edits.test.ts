import { describe, expect, test } from "vitest";
import { playSession } from "./followed-session.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import { SHELL } from "../core/asking.ts";
import { record } from "../store/story.ts";

useClock();

const PUSH = { ...SHELL, command: "git push origin main" };

/** The agent's last message, as each edit of the comment shows it. */
function wordsIn(edits: readonly string[]): string[] {
  return edits.map((body) => /^> (?<words>Step .*)$/mu.exec(body)?.groups?.["words"] ?? "");
}

describe("while GitHub takes its time with an edit", () => {
  test("the policy answers the agent's requests, and session commands are executed", async () => {
    const { follow, following, sessionCommands, edits, assertLease } = await openFollowing();
    const runInBackground = assertLease();
    const { session, task } = await follow({ decision: { permissionsPolicy: "approve" } });
    session.emit({ type: "asked", requestId: "1", asking: PUSH });
    await settle();
    expect(session.calls).toEqual(["answer 1: yes"]);
    const sessionCommand = { taskId: task.id, requester: "writer" } as const;
    await sessionCommands.give({ ...sessionCommand, id: "o", type: "send", text: "Not on main." });
    await sessionCommands.give({ ...sessionCommand, id: "p", type: "stop", text: "" });
    following.nudge(task.id);
    await settle();
    expect(session.calls).toEqual(["answer 1: yes", "say: Not on main.", "abort"]);
    expect(edits).toEqual([]);
    runInBackground();
    await settle();
    expect(edits.at(-1)).toContain("Stopped by `writer`.");
  });

  test("the session is followed before its first comment has been answered", async () => {
    const { tasks, claim, converse, edits, assertLease } = await openFollowing();
    const admitted = {
      decision: { kind: "triage", permissionsPolicy: "approve" },
      shown: { comment: { id: 1 } },
    } as const;
    const task = await record(tasks, await claim(), admitted);
    if (task === null) throw new TypeError("not recorded");
    const runInBackground = assertLease();
    const session = playSession("session");
    await converse().begin(task, session, "Look.");
    await settle();
    session.emit({ type: "asked", requestId: "1", asking: PUSH });
    await settle();
    expect(session.calls).toEqual(["answer 1: yes"]);
    expect(edits).toEqual([]);
    runInBackground();
    await settle();
    expect(edits.at(-1)).toContain("[Open session]");
  });

  test("at most one edit is being made, and the next one shows the newest state", async () => {
    const { follow, edits, assertLease, mostAtOnce } = await openFollowing();
    const { session } = await follow();
    await pass(MINUTE);
    const before = edits.length;
    const runInBackground = assertLease();
    for (let step = 1; step <= 10; step += 1) {
      session.emit({ type: "said", text: `Step ${step}` });
      await pass(10_000);
    }
    runInBackground();
    await settle();
    expect(wordsIn(edits.slice(before))).toEqual(["Step 1", "Step 10"]);
    expect(mostAtOnce()).toBe(1);
  });

  test("the end is shown after it, and the task is settled only then", async () => {
    const { follow, edits, get, assertLease, mostAtOnce } = await openFollowing();
    const { session, task, end } = await follow();
    await pass(MINUTE);
    const runInBackground = assertLease();
    session.emit({ type: "said", text: "Step 1" });
    await pass(20_000);
    session.emit({ type: "completed", summary: "All is well." });
    await pass(20_000);
    expect(await get(task)).toMatchObject({ state: "completed", settledAt: null });
    runInBackground();
    expect(await end).toBe("done");
    await settle();
    expect(edits.at(-1)).toContain("### ✅ Copilot finished: triage\n\nRan for 1 min · ");
    expect(edits.at(-1)).toContain("All is well.");
    expect(mostAtOnce()).toBe(1);
    const settled = await get(task);
    expect(settled).toMatchObject({ lease: null, session: { unfollowed: "over" } });
    expect(settled?.settledAt).not.toBeNull();
  });

  test("a session command that comes when the session is over is executed at once", async () => {
    const { follow, following, sessionCommands, edits, assertLease } = await openFollowing();
    const { session, task } = await follow();
    await pass(MINUTE);
    const runInBackground = assertLease();
    session.emit({ type: "said", text: "Step 1" });
    await settle();
    session.emit({ type: "completed", summary: "All is well." });
    await settle();
    await sessionCommands.give({
      id: "o",
      taskId: task.id,
      type: "send",
      text: "And the tests?",
      requester: "writer",
    });
    following.nudge(task.id);
    await settle();
    expect(session.calls).toEqual(["say: And the tests?"]);
    runInBackground();
    await settle();
    expect(edits.at(-1)).toContain("`writer` sent a message, and Copilot received it.");
  });

  test("a bot that stops gives the task back only when it has its answer", async () => {
    const { follow, get, assertLease, stopping } = await openFollowing();
    const { session, task, end } = await follow();
    await pass(MINUTE);
    const runInBackground = assertLease();
    session.emit({ type: "said", text: "Step 1" });
    await pass(20_000);
    stopping.abort();
    await settle();
    expect(session.calls).toEqual(["detach"]);
    expect((await get(task))?.lease).not.toBeNull();
    runInBackground();
    expect(await end).toBe("done");
    await settle();
    expect(await get(task)).toMatchObject({ lease: null, settledAt: null });
  });
});

describe("when GitHub names the time for which it wants to be left alone", () => {
  test("the next edit waits that long, and shows the newest state", async () => {
    const { follow, edits, asked, refuseNext } = await openFollowing();
    const { session } = await follow();
    await pass(MINUTE);
    refuseNext(90);
    for (let step = 1; step <= 20; step += 1) {
      session.emit({ type: "said", text: `Step ${step}` });
      await pass(5_000);
    }
    expect(asked).toEqual([0, 60, 150]);
    expect(wordsIn(edits)).toEqual(["", "Step 18"]);
  });

  test("not even /copilot status makes it earlier, and session commands are executed", async () => {
    const { follow, following, sessionCommands, edits, asked, refuseNext } = await openFollowing();
    refuseNext(90);
    const { session, task } = await follow();
    const sessionCommand = {
      id: "o",
      taskId: task.id,
      type: "stop",
      text: "",
      requester: "writer",
    } as const;
    await sessionCommands.give(sessionCommand);
    following.nudge(task.id);
    await pass(89_000);
    expect(session.calls).toEqual(["abort"]);
    expect(asked).toEqual([0]);
    await pass(2_000);
    expect(asked).toEqual([0, 90]);
    expect(edits.at(-1)).toContain("Stopped by `writer`.");
  });

  test("the end is shown after it, once, and then the task is settled", async () => {
    const { follow, edits, asked, get, refuseNext } = await openFollowing();
    refuseNext(90);
    const { session, task, end } = await follow();
    session.emit({ type: "completed", summary: "All is well." });
    await pass(89_000);
    expect(await get(task)).toMatchObject({ state: "completed", settledAt: null });
    await pass(2_000);
    expect(await end).toBe("done");
    expect(asked).toEqual([0, 90]);
    expect(edits.at(-1)).toContain("All is well.");
    expect((await get(task))?.settledAt).not.toBeNull();
  });

  test("a last edit that is refused is retried after it", async () => {
    const { follow, asked, refuseNext } = await openFollowing();
    const { session, end } = await follow();
    refuseNext(90);
    session.emit({ type: "completed", summary: "All is well." });
    await settle();
    expect(await end).toEqual({ afterMs: 90_000 });
    expect(asked).toEqual([0, 0]);
  });
});

test("the comment is rendered once for each state, to know whether it's due, and not while it's edited", async () => {
  const { follow, rendered, assertLease } = await openFollowing();
  const { session } = await follow();
  await pass(MINUTE);
  const runInBackground = assertLease();
  session.emit({ type: "said", text: "Step 1" });
  await settle();
  const before = rendered.length;
  for (let step = 2; step <= 10; step += 1) {
    session.emit({ type: "said", text: `Step ${step}` });
    session.emit({ type: "working" });
    await pass(10_000);
  }
  expect(rendered.length).toBe(before);
  runInBackground();
  await pass(MINUTE);
  expect(rendered.length).toBeGreaterThan(before);
  expect(new Set(rendered).size).toBe(rendered.length);
});

test("what an edit without an answer may have written is corrected", async () => {
  const { follow, edits, loseNext } = await openFollowing();
  const { session } = await follow({ decision: { permissionsPolicy: "ask" } });
  await pass(MINUTE);
  const [before] = edits;
  loseNext();
  session.emit({ type: "asked", requestId: "1", asking: PUSH });
  await settle();
  expect(edits.at(-1)).toContain("### ✋ Copilot needs your approval: triage");
  session.emit({ type: "answered", requestId: "1" });
  await pass(15_000);
  expect(edits.at(-1)?.replace("for 1 min", "for less than a minute")).toBe(before);
});
