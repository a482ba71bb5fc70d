import { expect, test } from "vitest";
import { playSession } from "./followed-session.ts";
import { openFollowing, PATIENCE, settle, useClock } from "./opened-following.ts";

useClock();

test("an order that comes while the comment is written is carried out where sessions are not followed, too", async () => {
  const { tasks, orders, claim, converse, hold, looked } = await openFollowing();
  const task = await tasks.record(await claim(), { kind: "triage", commentId: 1 });
  if (task === null) throw new TypeError("not recorded");
  const conversation = converse({ ...PATIENCE, followMs: 0 });
  const goOn = hold();
  const begun = conversation.begin(task, playSession("session"), "Look.");
  await settle();
  const stop = { id: "o", taskId: task.id, type: "stop", text: "", requester: "writer" } as const;
  await orders.give(stop);
  goOn();
  await begun;
  expect(looked).toEqual([task.id]);
  expect(await tasks.get(task.id)).toMatchObject({ settledAt: null });
});
