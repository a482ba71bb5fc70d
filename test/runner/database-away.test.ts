import { describe, expect, test } from "vitest";
import { playSession } from "./followed-session.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import type { Task } from "../../src/core/task/task.ts";

useClock();

function sendTo({ id }: Task) {
  return { id: "o", taskId: id, type: "send", text: "Go on.", requester: "writer" } as const;
}

describe("while the database is away", () => {
  test("a session is followed, and what it did is shown once the database is back", async () => {
    const { follow, breakDatabase, get, edits, lines } = await openFollowing();
    const { task, session, end } = await follow();
    const repair = breakDatabase();
    session.emit({ type: "completed", summary: "All is well." });
    await pass(10 * MINUTE);
    expect(session.calls).toEqual([]);
    repair();
    await pass(5_000);
    expect(await end).toBe("done");
    expect(edits.at(-1)).toContain("All is well.");
    expect(await get(task)).toMatchObject({ state: "completed", attempt: 1 });
    const own = lines.filter((line) => line.startsWith("database call"));
    expect(own).toEqual(["database call failed: trying again"]);
  });

  test("the id of a session that has just opened isn't lost", async () => {
    const { claim, converse, breakDatabase, get } = await openFollowing();
    const task = await claim();
    const repair = breakDatabase();
    const begun = converse().begin(task, playSession("session"), "Fix it.");
    await pass(MINUTE);
    repair();
    await pass(5_000);
    expect(await begun).toBe("done");
    expect(await get(task)).toMatchObject({
      session: { id: "session", prompt: { deliveredAt: expect.any(String) } },
    });
  });

  test("a session is followed that began to be just then", async () => {
    const { follow, breakClaims, get } = await openFollowing();
    const restore = breakClaims();
    const { task, session, end } = await follow();
    await pass(5_000);
    restore();
    session.emit({ type: "completed", summary: "All is well." });
    await pass(5_000);
    expect(await end).toBe("done");
    expect(await get(task)).toMatchObject({ state: "completed", attempt: 1 });
  });

  test("what's next for a task is done, even though its claim can't be given back", async () => {
    const { follow, breakClaims, enqueued } = await openFollowing();
    const { task, session, end } = await follow();
    breakClaims();
    session.die();
    await pass(5_000);
    expect(await end).toEqual({ afterMs: 0 });
    expect(enqueued).toEqual([task.id]);
  });

  test("a command waits, and is executed once", async () => {
    const { follow, following, breakDatabase, sessionCommands } = await openFollowing();
    const { task, session } = await follow();
    await sessionCommands.give(sendTo(task));
    const repair = breakDatabase();
    following.nudge(task.id);
    await pass(MINUTE);
    expect(session.calls).toEqual([]);
    repair();
    await pass(5_000);
    expect(session.calls).toEqual(["say: Go on."]);
  });

  test("a process whose task is taken meanwhile lets go of the session, and writes nothing", async () => {
    const { follow, breakDatabase, stored, get } = await openFollowing();
    const { task, session, end } = await follow();
    const repair = breakDatabase();
    session.emit({ type: "said", text: "Almost there." });
    await pass(MINUTE);
    await stored.claim(task.id, "start");
    const row = await get(task);
    repair();
    await pass(5_000);
    await expect(end).rejects.toThrow("was claimed by somebody else");
    expect(session.calls).toEqual(["detach"]);
    expect(await get(task)).toEqual(row);
  });

  test("a bot that is stopped doesn't wait for it", async () => {
    const { follow, breakDatabase, stopping } = await openFollowing();
    const { session, end } = await follow();
    breakDatabase();
    session.emit({ type: "said", text: "Almost there." });
    await settle();
    stopping.abort();
    await expect(end).rejects.toThrow("no database");
    expect(session.calls).toEqual(["detach"]);
  });

  test("it's given up after an hour", async () => {
    const { follow, breakDatabase, lines } = await openFollowing();
    const { session, end } = await follow();
    breakDatabase();
    session.emit({ type: "said", text: "Almost there." });
    await pass(61 * MINUTE);
    await expect(end).rejects.toThrow("no database");
    expect(lines).toContain("background work failed");
  });
});

describe("a command that was given while its task was being settled", () => {
  test("has the task opened again, also when the process was killed before it enqueued", async () => {
    const { follow, following, sessionCommands, enqueued, get } = await openFollowing();
    const { session, task, end } = await follow();
    session.emit({ type: "completed", summary: null });
    expect(await end).toBe("done");
    // As it is when the process is killed right here.
    await sessionCommands.give(sendTo(task));
    await following.openForLeftCommands();
    expect(enqueued).toEqual([task.id]);
    expect(await get(task)).toMatchObject({ settledAt: null });
  });

  test("is left alone when it's older than a day: nobody expects it anymore", async () => {
    const { follow, following, sessionCommands, enqueued } = await openFollowing();
    const { session, task, end } = await follow();
    session.emit({ type: "completed", summary: null });
    await end;
    await sessionCommands.give(sendTo(task));
    await pass(25 * 60 * MINUTE);
    await following.openForLeftCommands();
    expect(enqueued).toEqual([]);
  });
});

test("what fails once the session has been left is logged", async () => {
  const { follow, lines } = await openFollowing();
  const { promise, reject } = Promise.withResolvers<null>();
  const { session, end } = await follow({}, { link: () => promise });
  session.emit({ type: "link", url: "https://github.com/octo-org/hello/tasks/1" });
  await settle();
  session.die();
  await settle();
  expect(await end).toEqual({ afterMs: 0 });
  reject(new TypeError("a defect"));
  await settle();
  expect(lines).toContain("work on a session that was left failed");
});
