import { describe, expect, test } from "vitest";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import { openStore } from "./opened.ts";
import { labeled } from "./trigger.ts";

describe("what is enqueued with a task", () => {
  test("is enqueued in its transaction, and for no duplicate", async () => {
    const enqueued: string[] = [];
    const { tasks } = await openStore(undefined, {
      enqueue: async (transaction, inserted) => {
        const taskIds = inserted.map(({ id }) => id);
        const rows = await transaction
          .selectFrom("tasks")
          .select("id")
          .where("id", "in", taskIds)
          .execute();
        enqueued.push(...rows.map(({ id }) => id));
      },
    });
    const task = await tasks.insert(labeled());
    expect(await tasks.insert(labeled())).toBeNull();
    expect(enqueued).toEqual([task?.id]);
  });

  test("takes the task with it when it fails", async () => {
    const { tasks } = await openStore(undefined, {
      enqueue: () => Promise.reject(new Error("no queue")),
    });
    await expect(tasks.insert(labeled())).rejects.toThrow("no queue");
    expect(await tasks.waiting()).toEqual([]);
  });
});

function several(count: number): Trigger[] {
  return Array.from({ length: count }, (_, index) =>
    labeled({
      trigger: { deliveryId: `d${index}`, eventKey: `e${index}` },
      subject: { number: 100 + index },
    }),
  );
}

describe("one delivery that arrives several times at once", () => {
  test("is one task, new to one of them, audited and enqueued once", async () => {
    const enqueued: string[] = [];
    const { tasks, database } = await openStore(undefined, {
      enqueue: (_transaction, inserted) =>
        Promise.resolve(void enqueued.push(...inserted.map(({ id }) => id))),
    });
    const all = [
      labeled(),
      labeled(),
      ...several(2),
      labeled(),
      labeled({ trigger: { eventKey: "e" } }),
    ];
    const made = await Promise.all(all.map((trigger) => tasks.insert(trigger)));
    expect(made.map((task) => task?.trigger.deliveryId ?? null)).toEqual([
      "delivery-1",
      null,
      "d0",
      "d1",
      null,
      null,
    ]);
    expect(made[0]).toEqual(await tasks.get(made[0]?.id ?? ""));
    const audited = await database.selectFrom("audit").select("taskId").orderBy("id").execute();
    expect(audited.map(({ taskId }) => taskId)).toEqual(enqueued);
    expect(enqueued).toEqual([made[0]?.id, made[2]?.id, made[3]?.id]);
  });
});

describe("tasks that are requested at the same time", () => {
  test("are all there, each with what it says", async () => {
    const { tasks } = await openStore();
    const triggers = several(100);
    const inserted = await Promise.all(triggers.map((trigger) => tasks.insert(trigger)));
    for (const [index, task] of inserted.entries()) {
      expect(task).toMatchObject({ trigger: { deliveryId: `d${index}`, eventKey: `e${index}` } });
      expect(await tasks.get(task?.id ?? "")).toEqual(task);
    }
  });

  test("are there without the one that cannot be written", async () => {
    const { tasks, database } = await openStore(undefined, {
      enqueue: async (transaction, inserted) => {
        const taskIds = inserted.map(({ id }) => id);
        const rows = await transaction
          .selectFrom("tasks")
          .select("deliveryId")
          .where("id", "in", taskIds)
          .execute();
        if (rows.some(({ deliveryId }) => deliveryId === "d3")) throw new Error("no queue");
      },
    });
    const results = await Promise.allSettled(several(6).map((trigger) => tasks.insert(trigger)));
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(await tasks.waiting()).toHaveLength(5);
    const { count } = await database
      .selectFrom("audit")
      .select((row) => row.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    expect(count).toBe(5);
  });
});
