import { describe, expect, test } from "vitest";
import { codeOf } from "../../src/runner/followed.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import { SHELL } from "../core/asking.ts";

useClock();

describe("the comment of a followed session", () => {
  test("is edited at most every 15 seconds: 30 minutes of talk take at most 125 edits", async () => {
    const { follow, edits } = await openFollowing();
    const { session } = await follow();
    for (let second = 0; second < 1_800; second += 5) {
      session.tell({ type: "said", text: `Step ${second}` });
      await pass(5_000);
    }
    expect(edits.length).toBeLessThanOrEqual(125);
    expect(edits.length).toBeGreaterThan(100);
    expect(edits.at(-1)).toContain("Step 1795");
  }, 60_000);

  test("is not edited when nothing visible has changed", async () => {
    const { follow, edits } = await openFollowing();
    const { session } = await follow();
    await pass(MINUTE);
    const before = edits.length;
    for (let minute = 0; minute < 20; minute += 1) {
      session.tell({ type: "working" });
      await pass(MINUTE);
    }
    expect(edits.length).toBe(before);
  });

  test("tells the end at once, however lately it was edited", async () => {
    const { follow, edits, get } = await openFollowing();
    const { session, task, end } = await follow();
    session.tell({ type: "said", text: "Almost there." });
    await pass(100);
    session.tell({ type: "completed", summary: "All is well." });
    await pass(100);
    expect(edits.at(-1)).toContain("All is well.");
    expect(await end).toBe("done");
    expect(await get(task)).toMatchObject({ state: "completed", unfollowed: "over" });
    expect(session.told).toEqual(["detach"]);
  });
});

describe("following ends", () => {
  test("when the session is idle for long", async () => {
    const { follow, get } = await openFollowing();
    const { session, task } = await follow();
    session.tell({ type: "idle" });
    await pass(9 * MINUTE);
    expect(await get(task)).toMatchObject({ state: "idle", unfollowed: null });
    await pass(1 * MINUTE + 100);
    expect(await get(task)).toMatchObject({ state: "idle", unfollowed: "idle" });
  });

  test("after an hour, and says so", async () => {
    const { follow, get, edits } = await openFollowing();
    const { task } = await follow();
    await pass(60 * MINUTE + 100);
    expect(await get(task)).toMatchObject({ state: "in_progress", unfollowed: "time" });
    expect(edits.at(-1)).toContain("The bot has followed it for as long as it does");
  });

  test("for the session that is idle for longest when others need the room", async () => {
    const { follow, get } = await openFollowing();
    const first = await follow();
    const second = await follow();
    second.session.tell({ type: "idle" });
    await pass(100);
    await follow();
    expect(await get(first.task)).toMatchObject({ unfollowed: null });
    expect(await get(second.task)).toMatchObject({ unfollowed: "room" });
  });

  test("for this process when the bot stops: the row says that it goes on", async () => {
    const { follow, stopping, get } = await openFollowing();
    const { task, end } = await follow();
    stopping.abort();
    await settle();
    expect(await end).toBe("done");
    expect(await get(task)).toMatchObject({ unfollowed: null, settledAt: null });
  });

  test("for now when the runtime dies: the task is looked at again", async () => {
    const { follow } = await openFollowing();
    const { session, end } = await follow();
    session.die();
    await settle();
    expect(await end).toEqual({ afterMs: 0 });
  });
});

test("an order that is given while the task is being settled opens it again", async () => {
  const { follow, orders, looked, get } = await openFollowing();
  const { session, task, end } = await follow();
  const order = {
    id: "o",
    taskId: task.id,
    type: "send",
    text: "Go on.",
    requester: "writer",
  } as const;
  session.tell({ type: "completed", summary: null });
  await orders.give(order);
  await settle();
  expect(await end).toBe("done");
  expect(looked).toEqual([task.id]);
  expect(await get(task)).toMatchObject({ settledAt: null, unfollowed: null });
});

describe("what the agent asks for", () => {
  test.each([
    ["approve", "git push origin main", "answer 1: yes"],
    ["deny-writes-to-default-branch", "git push origin main", "answer 1: no"],
    ["deny-writes-to-default-branch", "npm test", "answer 1: yes"],
  ] as const)("is answered by the policy %s: %s", async (permissionsPolicy, command, answer) => {
    const { follow } = await openFollowing();
    const { session } = await follow({ permissionsPolicy, defaultBranch: "main" });
    session.tell({ type: "asked", requestId: "1", asking: { ...SHELL, command } });
    await settle();
    expect(session.told).toEqual([answer]);
  });

  test("waits for people where the policy says ask, and the comment shows it", async () => {
    const { follow, edits, following, orders, get } = await openFollowing();
    const { session, task } = await follow({ permissionsPolicy: "ask" });
    const asking = { ...SHELL, command: "rm -rf `x`" };
    session.tell({ type: "asked", requestId: "1", asking });
    await pass(15_000);
    expect(session.told).toEqual([]);
    expect(edits.at(-1)).toContain("\n```sh\nrm -rf `x`\n```\n");
    expect(await get(task)).toMatchObject({ state: "waiting_for_user" });
    const order = { id: "o", taskId: task.id, type: "deny", requester: "writer" } as const;
    await orders.give({ ...order, text: "0000" });
    following.nudge(task.id);
    await settle();
    expect(session.told).toEqual([]);
    expect(edits.at(-1)).toContain("something that the agent does not ask now");
    await orders.give({ ...order, id: "p", text: `${codeOf("1")} not this way` });
    following.nudge(task.id);
    await settle();
    expect(session.told).toEqual(["answer 1: no not this way"]);
    expect(edits.at(-1)).toContain("`writer` denied what the agent asked: `not this way`.");
  });
});

describe("orders", () => {
  test.each([
    ["stop", "", "abort", "`writer` has stopped it."],
    ["send", "And the tests?", "say: And the tests?", "`writer` has written to the session"],
    ["approve", "", undefined, "`writer` answered, but the agent waits for no answer."],
  ] as const)("%s", async (type, text, told, note) => {
    const { follow, following, orders, edits } = await openFollowing();
    const { session, task } = await follow();
    await orders.give({ id: "o", taskId: task.id, type, text, requester: "writer" });
    await following.lookForOrders();
    await settle();
    expect(session.told[0]).toBe(told);
    expect(edits.at(-1)).toContain(note);
    await following.lookForOrders();
    await settle();
    expect(session.told.length).toBe(told === undefined ? 0 : 1);
  });
});
