import { expect, test } from "vitest";
import { openStore } from "./opened.ts";
import { ADMITTED, moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";
import { over } from "../core/task.ts";

const NONE = { count: 0, oldest: null };

const refusedSince = (minute: number) => ({
  shown: {
    refused: {
      since: `2026-11-29T12:0${minute}:00.000Z`,
      count: minute,
      type: "ip_not_allowed" as const,
      message: `No ${minute}`,
    },
  },
});

test("what GitHub refuses is counted, with what has waited for longest", async () => {
  const { tasks } = await openStore();
  expect(await tasks.undelivered(null)).toEqual(NONE);
  const [first, second, settled, fine] = [
    await moving(tasks, commanded(1)),
    await moving(tasks, commanded(2, { place: { repository: "other", repositoryId: 5 } })),
    await moving(tasks, commanded(3)),
    await moving(tasks, commanded(4)),
  ];
  await record(tasks, first, refusedSince(2));
  const waiting = await record(tasks, second, refusedSince(1));
  await record(tasks, settled, { ...refusedSince(0), settledAt: "2026-11-29T12:05:00.000Z" });
  await record(tasks, fine, ADMITTED);

  const oldest = { since: "2026-11-29T12:01:00.000Z", type: "ip_not_allowed", message: "No 1" };
  expect(await tasks.undelivered(null)).toEqual({ count: 2, oldest });
  const hello = { owner: "octo-org", repository: "hello" };
  expect(await tasks.undelivered(hello)).toEqual({
    count: 1,
    oldest: { since: "2026-11-29T12:02:00.000Z", type: "ip_not_allowed", message: "No 2" },
  });

  if (waiting === null) throw new TypeError("lost");
  const granted = { shown: { refused: null } };
  await record(tasks, waiting, granted);
  expect(await tasks.undelivered(null)).toMatchObject({ count: 1 });
});

test("a task that pauses isn't processed before its time", async () => {
  let now = Date.parse("2026-11-29T12:00:00.000Z");
  const { tasks } = await openStore(undefined, { now: () => new Date(now) });
  const task = await moving(tasks, commanded(1));
  await record(
    tasks,
    task,
    over(refusedSince(0), { schedule: { notBefore: "2026-11-29T12:10:00.000Z" } }),
  );
  await tasks.release(task);
  now += 540_000;
  expect(await tasks.waiting()).toEqual([]);
  now += 120_000;
  expect(await tasks.waiting()).toEqual([task.id]);
});
