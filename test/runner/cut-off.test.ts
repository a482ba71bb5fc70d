import { describe, expect, test } from "vitest";
import type { PlayedSession } from "./followed-session.ts";
import { openFollowing, settle, TASK_ID, useClock } from "./opened-following.ts";

useClock();

/** Nobody sees its outcome: the session is lost first. */
function lostWith({ lost }: PlayedSession): Promise<"unwatched"> {
  return new Promise((resolve) => lost.addEventListener("abort", () => resolve("unwatched")));
}

describe("a session command whose execution was cut off", () => {
  test.each([
    [
      "send",
      "The bot lost contact with the session, so it doesn't know whether the message from `writer` arrived. Check in Mission Control before you send it again.",
    ],
    [
      "stop",
      "The bot lost contact with the session, so it doesn't know whether the stop by `writer` worked. If Copilot keeps working, stop it again.",
    ],
    [
      "approve",
      "The bot lost contact with the session, so it doesn't know whether the answer from `writer` arrived. If Copilot still asks, answer again.",
    ],
    [
      "deny",
      "The bot lost contact with the session, so it doesn't know whether the answer from `writer` arrived. If Copilot still asks, answer again.",
    ],
  ] as const)("is reported, and not executed again: %s", async (type, note) => {
    const { follow, sessionCommands, edits, get } = await openFollowing();
    const cutOff = { id: "o", taskId: TASK_ID, type, text: "Go on.", requester: "writer" };
    await sessionCommands.give(cutOff);
    await sessionCommands.take(TASK_ID);
    const { session, task } = await follow();
    expect(edits.at(-1)).toContain(`\n\n${note}\n\n`);
    expect(session.calls).toEqual([]);
    expect(await get(task)).toMatchObject({ session: { progress: { note } } });
    expect(await sessionCommands.begun(TASK_ID)).toEqual([]);
  });

  test("is reported by the next process when the runtime dies in the middle of it", async () => {
    const { follow, following, sessionCommands, get, edits } = await openFollowing();
    const { session, task, end } = await follow({}, { say: () => lostWith(session) });
    const words = { id: "o", taskId: task.id, type: "send", text: "Go on." } as const;
    await sessionCommands.give({ ...words, requester: "writer" });
    following.nudge(task.id);
    await settle();
    session.die();
    await settle();
    expect(await end).toEqual({ afterMs: 0 });
    expect(await get(task)).toMatchObject({ session: { progress: { note: null } } });
    expect(edits.join("")).not.toContain("writer");
    expect(await sessionCommands.begun(task.id)).toMatchObject([{ id: "o" }]);
  });

  test("is executed again where it only notifies", async () => {
    const { follow, sessionCommands, edits } = await openFollowing();
    const text = "https://github.com/octo-org/hello/pull/9";
    const news = { id: "o", taskId: TASK_ID, type: "pull_request", text, requester: "x" } as const;
    await sessionCommands.give(news);
    await sessionCommands.take(TASK_ID);
    await follow();
    expect(edits.at(-1)).toContain("[#9]");
    expect(await sessionCommands.begun(TASK_ID)).toEqual([]);
  });
});
