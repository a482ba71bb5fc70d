import { describe, expect, test } from "vitest";
import type { PlayedSession } from "./followed-session.ts";
import { openFollowing, settle, TASK_ID, useClock } from "./opened-following.ts";

useClock();

/** Nobody sees what comes of it: the session is lost first. */
function lostWith({ lost }: PlayedSession): Promise<"unwatched"> {
  return new Promise((resolve) => lost.addEventListener("abort", () => resolve("unwatched")));
}

describe("an order that somebody began to carry out who was cut off", () => {
  test.each([
    [
      "send",
      "It is not known whether what `writer` wrote reached the session: the bot was cut off from it. Look in Mission Control before you write it again.",
    ],
    [
      "stop",
      "It is not known whether `writer` has stopped it: the bot was cut off from it. If it goes on, stop it again.",
    ],
    [
      "approve",
      "It is not known whether the answer of `writer` reached the session: the bot was cut off from it. If the agent still asks, answer again.",
    ],
    [
      "deny",
      "It is not known whether the answer of `writer` reached the session: the bot was cut off from it. If the agent still asks, answer again.",
    ],
  ] as const)("is told, and not carried out again: %s", async (type, note) => {
    const { follow, orders, edits, get } = await openFollowing();
    const cutOff = { id: "o", taskId: TASK_ID, type, text: "Go on.", requester: "writer" };
    await orders.give(cutOff);
    await orders.take(TASK_ID);
    const { session, task } = await follow();
    expect(edits.at(-1)).toContain(`\n\n${note}\n\n`);
    expect(session.told).toEqual([]);
    expect(await get(task)).toMatchObject({ note });
    expect(await orders.begun(TASK_ID)).toEqual([]);
  });

  test("is told by the next when the runtime dies in the middle of it", async () => {
    const { follow, following, orders, get, edits } = await openFollowing();
    const { session, task, end } = await follow({}, { say: () => lostWith(session) });
    const words = { id: "o", taskId: task.id, type: "send", text: "Go on." } as const;
    await orders.give({ ...words, requester: "writer" });
    following.nudge(task.id);
    await settle();
    session.die();
    await settle();
    expect(await end).toEqual({ afterMs: 0 });
    expect(await get(task)).toMatchObject({ note: null });
    expect(edits.join("")).not.toContain("writer");
    expect(await orders.begun(task.id)).toMatchObject([{ id: "o" }]);
  });

  test("is carried out again where it is only news", async () => {
    const { follow, orders, edits } = await openFollowing();
    const text = "https://github.com/octo-org/hello/pull/9";
    const news = { id: "o", taskId: TASK_ID, type: "pull_request", text, requester: "x" } as const;
    await orders.give(news);
    await orders.take(TASK_ID);
    await follow();
    expect(edits.at(-1)).toContain("[#9]");
    expect(await orders.begun(TASK_ID)).toEqual([]);
  });
});
