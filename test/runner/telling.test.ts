import { describe, expect, test } from "vitest";
import { playSession } from "./followed-session.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import { SHELL } from "../core/asking.ts";

useClock();

const PUSH = { ...SHELL, command: "git push origin main" };

/** The agent's last words, as each edit of the comment shows them. */
function wordsIn(edits: readonly string[]): string[] {
  return edits.map((body) => /^Step .*$/mu.exec(body)?.[0] ?? "");
}

describe("while GitHub takes its time with an edit", () => {
  test("what the agent asks is answered by the policy, and orders are carried out", async () => {
    const { follow, following, orders, edits, hold } = await openFollowing();
    const goOn = hold();
    const { session, task } = await follow({ permissionsPolicy: "approve" });
    session.tell({ type: "asked", requestId: "1", asking: PUSH });
    await settle();
    expect(session.told).toEqual(["answer 1: yes"]);
    const order = { taskId: task.id, requester: "writer" } as const;
    await orders.give({ ...order, id: "o", type: "send", text: "Not on main." });
    await orders.give({ ...order, id: "p", type: "stop", text: "" });
    following.nudge(task.id);
    await settle();
    expect(session.told).toEqual(["answer 1: yes", "say: Not on main.", "abort"]);
    expect(edits).toEqual([]);
    goOn();
    await settle();
    expect(edits.at(-1)).toContain("`writer` has stopped it.");
  });

  test("the session is followed before its first comment has been answered", async () => {
    const { tasks, claim, converse, edits, hold } = await openFollowing();
    const admitted = { kind: "triage", commentId: 1, permissionsPolicy: "approve" } as const;
    const task = await tasks.record(await claim(), admitted);
    if (task === null) throw new TypeError("not recorded");
    const goOn = hold();
    const session = playSession("session");
    await converse().begin(task, session, "Look.");
    await settle();
    session.tell({ type: "asked", requestId: "1", asking: PUSH });
    await settle();
    expect(session.told).toEqual(["answer 1: yes"]);
    expect(edits).toEqual([]);
    goOn();
    await settle();
    expect(edits.at(-1)).toContain("Follow the session in Mission Control");
  });

  test("one edit is under way at most, and the next one tells the newest", async () => {
    const { follow, edits, hold, mostAtOnce } = await openFollowing();
    const { session } = await follow();
    await pass(MINUTE);
    const before = edits.length;
    const goOn = hold();
    for (let step = 1; step <= 10; step += 1) {
      session.tell({ type: "said", text: `Step ${step}` });
      await pass(10_000);
    }
    goOn();
    await settle();
    expect(wordsIn(edits.slice(before))).toEqual(["Step 1", "Step 10"]);
    expect(mostAtOnce()).toBe(1);
  });

  test("the end is told after it, and the task is settled only then", async () => {
    const { follow, edits, get, hold, mostAtOnce } = await openFollowing();
    const { session, task, end } = await follow();
    await pass(MINUTE);
    const goOn = hold();
    session.tell({ type: "said", text: "Step 1" });
    await pass(20_000);
    session.tell({ type: "completed", summary: "All is well." });
    await pass(20_000);
    expect(await get(task)).toMatchObject({ state: "completed", settledAt: null });
    goOn();
    expect(await end).toBe("done");
    await settle();
    expect(edits.at(-1)).toContain("**Completed** after 1 min.");
    expect(edits.at(-1)).toContain("All is well.");
    expect(mostAtOnce()).toBe(1);
    const settled = await get(task);
    expect(settled).toMatchObject({ unfollowed: "over", leaseUntil: null });
    expect(settled?.settledAt).not.toBeNull();
  });

  test("an order that comes when the session is over is carried out at once", async () => {
    const { follow, following, orders, edits, hold } = await openFollowing();
    const { session, task } = await follow();
    await pass(MINUTE);
    const goOn = hold();
    session.tell({ type: "said", text: "Step 1" });
    await settle();
    session.tell({ type: "completed", summary: "All is well." });
    await settle();
    await orders.give({
      id: "o",
      taskId: task.id,
      type: "send",
      text: "And the tests?",
      requester: "writer",
    });
    following.nudge(task.id);
    await settle();
    expect(session.told).toEqual(["say: And the tests?"]);
    goOn();
    await settle();
    expect(edits.at(-1)).toContain("`writer` has written to the session, and it has arrived.");
  });

  test("a bot that stops gives the task back only when it has its answer", async () => {
    const { follow, get, hold, stopping } = await openFollowing();
    const { session, task, end } = await follow();
    await pass(MINUTE);
    const goOn = hold();
    session.tell({ type: "said", text: "Step 1" });
    await pass(20_000);
    stopping.abort();
    await settle();
    expect(session.told).toEqual(["detach"]);
    expect((await get(task))?.leaseUntil).not.toBeNull();
    goOn();
    expect(await end).toBe("done");
    await settle();
    expect(await get(task)).toMatchObject({ leaseUntil: null, settledAt: null });
  });
});

describe("when GitHub names the time for which it wants to be left alone", () => {
  test("the next edit waits for so long, and tells the newest", async () => {
    const { follow, edits, asked, refuseNext } = await openFollowing();
    const { session } = await follow();
    await pass(MINUTE);
    refuseNext(90);
    for (let step = 1; step <= 20; step += 1) {
      session.tell({ type: "said", text: `Step ${step}` });
      await pass(5_000);
    }
    expect(asked).toEqual([0, 60, 150]);
    expect(wordsIn(edits)).toEqual(["", "Step 18"]);
  });

  test("not even somebody who asks for it gets it earlier, and orders are carried out", async () => {
    const { follow, following, orders, edits, asked, refuseNext } = await openFollowing();
    refuseNext(90);
    const { session, task } = await follow();
    const order = {
      id: "o",
      taskId: task.id,
      type: "stop",
      text: "",
      requester: "writer",
    } as const;
    await orders.give(order);
    following.nudge(task.id);
    await pass(89_000);
    expect(session.told).toEqual(["abort"]);
    expect(asked).toEqual([0]);
    await pass(2_000);
    expect(asked).toEqual([0, 90]);
    expect(edits.at(-1)).toContain("`writer` has stopped it.");
  });

  test("the end is told after it, once, and then the task is settled", async () => {
    const { follow, edits, asked, get, refuseNext } = await openFollowing();
    refuseNext(90);
    const { session, task, end } = await follow();
    session.tell({ type: "completed", summary: "All is well." });
    await pass(89_000);
    expect(await get(task)).toMatchObject({ state: "completed", settledAt: null });
    await pass(2_000);
    expect(await end).toBe("done");
    expect(asked).toEqual([0, 90]);
    expect(edits.at(-1)).toContain("All is well.");
    expect((await get(task))?.settledAt).not.toBeNull();
  });

  test("a last edit that is refused is tried again after it", async () => {
    const { follow, asked, refuseNext } = await openFollowing();
    const { session, end } = await follow();
    refuseNext(90);
    session.tell({ type: "completed", summary: "All is well." });
    await settle();
    expect(await end).toEqual({ afterMs: 90_000 });
    expect(asked).toEqual([0, 0]);
  });
});

test("what an edit without an answer may have said is corrected", async () => {
  const { follow, edits, loseNext } = await openFollowing();
  const { session } = await follow({ permissionsPolicy: "ask" });
  await pass(MINUTE);
  const [before] = edits;
  loseNext();
  session.tell({ type: "asked", requestId: "1", asking: PUSH });
  await settle();
  expect(edits.at(-1)).toContain("**Waits for an answer**");
  session.tell({ type: "answered", requestId: "1" });
  await pass(15_000);
  expect(edits.at(-1)?.replace("1 min after", "less than a minute after")).toBe(before);
});
