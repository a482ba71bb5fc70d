import { expect, test } from "vitest";
import { playSession } from "./followed-session.ts";
import { openFollowing, FOLLOWING_TIMEOUTS, settle, useClock } from "./opened-following.ts";
import { record } from "../store/story.ts";

useClock();

test("a session command that comes while the comment is written is executed where sessions aren't followed, too", async () => {
  const { tasks, sessionCommands, claim, converse, assertLease, enqueued } = await openFollowing();
  const task = await record(tasks, await claim(), {
    decision: { kind: "triage" },
    shown: { comment: { id: 1 } },
  });
  if (task === null) throw new TypeError("not recorded");
  const conversation = converse({ ...FOLLOWING_TIMEOUTS, followMs: 0 });
  const runInBackground = assertLease();
  const begun = conversation.begin(task, playSession("session"), "Look.");
  await settle();
  const stop = { id: "o", taskId: task.id, type: "stop", text: "", requester: "writer" } as const;
  await sessionCommands.give(stop);
  runInBackground();
  await begun;
  expect(enqueued).toEqual([task.id]);
  expect(await tasks.get(task.id)).toMatchObject({ settledAt: null });
});
