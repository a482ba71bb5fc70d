import { expect, test } from "vitest";
import { createConversation } from "../../src/runner/conversation.ts";
import { commanded } from "../store/trigger.ts";
import { playSession } from "./followed-session.ts";
import { openFollowing, PATIENCE, settle, useClock } from "./opened-following.ts";

useClock();

test("an order that comes while the comment is written is carried out where sessions are not followed, too", async () => {
  const { tasks, orders, log, following, background, reporter, hold, looked } =
    await openFollowing();
  const inserted = await tasks.insert(commanded(1));
  const claim = await tasks.claim(inserted?.id ?? "", "start");
  if (claim.type !== "claimed") throw new TypeError("not claimed");
  const task = await tasks.record(claim.task, { kind: "triage", commentId: 1 });
  if (task === null) throw new TypeError("not recorded");
  const conversation = createConversation({
    ports: { tasks, orders, log, now: () => new Date() },
    ending: { stopped: () => Promise.reject(new Error("nothing is stopped here")) },
    reporter,
    background,
    following,
    patience: { ...PATIENCE, followMs: 0 },
  });
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
