import { describe, expect, test } from "vitest";
import { SHELL } from "../core/asking.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import { over } from "../core/task.ts";

useClock();

const ALL = {
  decision: { notify: ["waiting", "failed", "completed"], permissionsPolicy: "ask" },
} as const;

const asks = (requestId: string, command = "npm test") =>
  ({ type: "asked", requestId, asking: { ...SHELL, command } }) as const;
const answers = (requestId: string) => ({ type: "answered", requestId }) as const;

const unreachable = () => Promise.resolve("unreachable" as const);

/** A session whose requester gets all notices; the first edit of its comment has been made. */
async function opened(changes = {}) {
  const parts = await openFollowing();
  const followed = await parts.follow(over(ALL, changes));
  await pass(MINUTE);
  return { ...parts, ...followed };
}

describe("a session that waits for somebody", () => {
  test("gets one notice, which goes when it was answered", async () => {
    const { session, task, posts, notices, get } = await opened();
    session.emit(asks("1"));
    await pass(15_000);
    expect(posts).toEqual([expect.stringContaining("\n@octocat, Copilot needs your approval")]);
    await pass(5 * MINUTE);
    expect(posts).toHaveLength(1);
    expect(notices.size).toBe(1);
    session.emit(answers("1"));
    await pass(15_000);
    expect(notices.size).toBe(0);
    expect(await get(task)).toMatchObject({ shown: { notice: { about: null, id: null } } });
  });

  test("gets none for what the policy answers", async () => {
    const { follow, posts } = await openFollowing();
    let answered = 0;
    const answer = (requestId: string) => {
      answered += 1;
      session.emit(answers(requestId));
      return Promise.resolve("answered" as const);
    };
    const { session } = await follow(over(ALL, { decision: { permissionsPolicy: "approve" } }), {
      answer,
    });
    await pass(MINUTE);
    for (let count = 0; count < 20; count += 1) {
      session.emit(asks(`${count}`));
      await pass(5_000);
    }
    expect(answered).toBe(20);
    expect(posts).toEqual([]);
  });

  test("gets one when the answer of the policy didn't reach it", async () => {
    const { follow, posts } = await openFollowing();
    const answer = unreachable;
    const { session } = await follow(over(ALL, { decision: { permissionsPolicy: "approve" } }), {
      answer,
    });
    await pass(MINUTE);
    session.emit(asks("1"));
    await pass(15_000);
    expect(posts).toHaveLength(1);
  });

  test("gets none for what was answered while its comment was being edited", async () => {
    const { session, posts, assertLease } = await opened();
    const runInBackground = assertLease();
    session.emit(asks("1"));
    await pass(15_000);
    session.emit(answers("1"));
    await settle();
    runInBackground();
    await pass(MINUTE);
    expect(posts).toEqual([]);
  });

  test("gets one for all that waits together, and a new one for what is asked after that", async () => {
    const { session, posts, notices } = await opened();
    session.emit(asks("1"));
    await pass(15_000);
    session.emit(asks("2"));
    session.emit(asks("3"));
    await pass(15_000);
    expect(posts).toHaveLength(1);
    expect([...notices.values()]).toEqual([
      expect.stringContaining("More of its requests are waiting."),
    ]);
    session.emit(answers("1"));
    await pass(15_000);
    expect([...notices.values()]).toEqual([
      expect.stringContaining("More of its requests are waiting."),
    ]);
    session.emit(answers("2"));
    session.emit(answers("3"));
    session.emit(asks("4"));
    await pass(MINUTE);
    expect(posts).toHaveLength(2);
    expect(notices.size).toBe(1);
  });

  test("that asks 50 times in a minute and is answered each time gets two at most", async () => {
    const { session, posts, notices } = await opened();
    for (let count = 0; count < 50; count += 1) {
      session.emit(asks(`${count}`));
      await pass(600);
      session.emit(answers(`${count}`));
      await pass(600);
    }
    expect(posts.length).toBeLessThanOrEqual(2);
    await pass(MINUTE);
    expect(notices.size).toBe(0);
  });

  test("gets no second one when somebody deletes it", async () => {
    const { session, posts, notices } = await opened();
    session.emit(asks("1"));
    await pass(15_000);
    notices.clear();
    session.emit(asks("2"));
    await pass(5 * MINUTE);
    expect(posts).toHaveLength(1);
    session.emit(answers("1"));
    await pass(5 * MINUTE);
    expect(posts).toHaveLength(2);
  });
});

test("a notice whose answer got lost is found, and not posted again", async () => {
  const { session, posts, notices, loseNextNotice, task, get } = await opened();
  loseNextNotice();
  session.emit(asks("1"));
  await settle();
  expect(await get(task)).toMatchObject({
    shown: { notice: { about: expect.any(String), id: null } },
  });
  await pass(MINUTE);
  expect(posts).toHaveLength(1);
  expect(await get(task)).toMatchObject({ shown: { notice: { id: 1_001 } } });
  loseNextNotice();
  session.emit(answers("1"));
  await pass(MINUTE);
  expect(notices.size).toBe(0);
  expect(await get(task)).toMatchObject({ shown: { notice: { about: null } } });
});

test("one whose answer got lost, and that isn't needed anymore, is found and deleted", async () => {
  const { session, notices, loseNextNotice } = await opened();
  loseNextNotice();
  session.emit(asks("1"));
  await settle();
  session.emit(answers("1"));
  await pass(MINUTE);
  expect(notices.size).toBe(0);
});

describe("a session that", () => {
  test.each([
    ["failed", { type: "failed", message: "boom" }, "Copilot's session failed"],
    ["has ended", { type: "completed", summary: "Done." }, "Copilot has finished"],
  ] as const)("%s gets one, also right behind another one", async (_how, observed, text) => {
    const { session, posts, notices } = await opened();
    session.emit(asks("1"));
    await pass(15_000);
    session.emit(answers("1"));
    session.emit(observed);
    session.emit({ type: "ended", reason: "routine" });
    await pass(15_000);
    expect(posts).toHaveLength(2);
    expect([...notices.values()]).toEqual([expect.stringContaining(text)]);
  });

  test("was idle for long has ended", async () => {
    const { session, posts } = await opened();
    session.emit({ type: "idle" });
    await pass(9 * MINUTE);
    expect(posts).toEqual([]);
    await pass(2 * MINUTE);
    expect(posts).toEqual([expect.stringContaining("Copilot has finished")]);
  });

  test("failed and continued loses its notice", async () => {
    const { session, notices } = await opened();
    session.emit({ type: "failed", message: "boom" });
    await pass(15_000);
    expect(notices.size).toBe(1);
    session.emit({ type: "working" });
    await pass(15_000);
    expect(notices.size).toBe(0);
  });

  test("ends as the policy doesn't name gets none", async () => {
    const { session, posts } = await opened({ decision: { notify: ["waiting", "failed"] } });
    session.emit({ type: "completed", summary: "Done." });
    await pass(MINUTE);
    expect(posts).toEqual([]);
  });
});
