import { describe, expect, test } from "vitest";
import type { Order } from "../../src/core/order.ts";
import { living } from "./living.ts";

/** An order to the task `task-1`, where the changes do not say otherwise. */
function order(id: string, changes: Partial<Order> = {}): Order {
  return { id, taskId: "task-1", type: "send", text: "Go on.", requester: "octocat", ...changes };
}

const idsOf = (orders: readonly Order[]) => orders.map(({ id }) => id);

describe("an order", () => {
  test("is taken as it was given, once", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    const taken = await orders.take("task-1");
    expect(taken).toEqual([expect.objectContaining(order("a"))]);
    expect(await orders.take("task-1")).toEqual([]);
  });

  test.each(["stop", "send", "approve", "deny", "status", "resume", "pull_request"] as const)(
    "may be of type %s",
    async (type) => {
      const { orders } = await living();
      await orders.give(order("a", { type, text: "" }));
      expect(await orders.take("task-1")).toMatchObject([{ type, text: "" }]);
    },
  );

  test("is text, whatever is in it", async () => {
    const { orders } = await living();
    const text = `'); DROP TABLE orders; --" ? :id $1\r\n größer 漢字 😀 \u202E`;
    await orders.give(order("a", { text }));
    expect(await orders.take("task-1")).toMatchObject([{ text }]);
  });

  test("is for its own task", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    await orders.give(order("b", { taskId: "task-2" }));
    expect(idsOf(await orders.take("task-1"))).toEqual(["a"]);
    expect(idsOf(await orders.take("task-2"))).toEqual(["b"]);
    expect(await orders.take("task-3")).toEqual([]);
  });

  test("that is given while others are taken is left for the next look", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    await orders.take("task-1");
    await orders.give(order("b"));
    expect(idsOf(await orders.take("task-1"))).toEqual(["b"]);
  });
});

test("orders are taken in the order in which they were given", async () => {
  const { orders, goTo } = await living();
  for (const [minute, id] of [
    [3, "a"],
    [1, "b"],
    [20, "c"],
    [2, "d"],
  ] as const) {
    goTo(minute);
    await orders.give(order(id));
  }
  goTo(30);
  expect(idsOf(await orders.take("task-1"))).toEqual(["b", "d", "a", "c"]);
});

describe("an order that is given twice", () => {
  test("is there once, as it was given first", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    await orders.give(order("a", { type: "stop", text: "" }));
    expect(await orders.take("task-1")).toMatchObject([order("a")]);
  });

  test("is not taken again", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    await orders.take("task-1");
    await orders.give(order("a"));
    expect(await orders.waiting(["task-1"])).toEqual([]);
    expect(await orders.take("task-1")).toEqual([]);
  });

  test("ten times at once is there once", async () => {
    const { orders } = await living();
    await Promise.all(Array.from({ length: 10 }, () => orders.give(order("a"))));
    expect(await orders.take("task-1")).toHaveLength(1);
  });
});

test("who take at once get each order once", async () => {
  const { orders } = await living();
  const ids = Array.from({ length: 20 }, (_, index) => `order-${index}`);
  for (const id of ids) await orders.give(order(id));
  const taken = await Promise.all(Array.from({ length: 10 }, () => orders.take("task-1")));
  expect(idsOf(taken.flat()).toSorted()).toEqual(ids.toSorted());
});

describe("what came of an order", () => {
  test("is not known from when it is taken until that is told", async () => {
    const { orders, goTo } = await living();
    for (const [minute, id] of [
      [2, "a"],
      [1, "b"],
      [3, "c"],
    ] as const) {
      goTo(minute);
      await orders.give(order(id));
    }
    await orders.give(order("d", { taskId: "task-2" }));
    expect(await orders.begun("task-1")).toEqual([]);
    await orders.take("task-1");
    await orders.take("task-2");
    await orders.give(order("e"));
    expect(await orders.begun("task-1")).toMatchObject([order("b"), order("a"), order("c")]);
    await orders.done(["a", "c"]);
    expect(idsOf(await orders.begun("task-1"))).toEqual(["b"]);
    expect(idsOf(await orders.begun("task-2"))).toEqual(["d"]);
    expect(await orders.waiting(["task-1"])).toEqual(["task-1"]);
    await orders.done([]);
    await orders.done(["a", "b", "c"]);
    expect(await orders.begun("task-1")).toEqual([]);
    expect(idsOf(await orders.take("task-1"))).toEqual(["e"]);
  });
});

describe("the order to stop a task", () => {
  test("is the first that is not done, whether it was taken or not", async () => {
    const { orders, goTo } = await living();
    expect(await orders.stopOf("task-1")).toBeNull();
    await orders.give(order("a"));
    await orders.give(order("b", { type: "stop", text: "", taskId: "task-2" }));
    expect(await orders.stopOf("task-1")).toBeNull();
    await orders.give(order("c", { type: "stop", text: "" }));
    goTo(1);
    await orders.give(order("d", { type: "stop", text: "" }));
    expect(await orders.stopOf("task-1")).toMatchObject({ id: "c", requester: "octocat" });
    await orders.take("task-1");
    expect(await orders.stopOf("task-1")).toMatchObject({ id: "c" });
    await orders.done(["c"]);
    expect(await orders.stopOf("task-1")).toMatchObject({ id: "d" });
  });
});

describe("the tasks with orders waiting", () => {
  test("are told once each, of those that are asked about", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    await orders.give(order("b"));
    await orders.give(order("c", { taskId: "task-2" }));
    await orders.give(order("d", { taskId: "task-3" }));
    await orders.take("task-2");
    expect(await orders.waiting(["task-1", "task-2", "task-4"])).toEqual(["task-1"]);
    const all = await orders.waiting(["task-1", "task-2", "task-3"]);
    expect(all.toSorted()).toEqual(["task-1", "task-3"]);
  });

  test("are none when none is asked about", async () => {
    const { orders } = await living();
    await orders.give(order("a"));
    expect(await orders.waiting([])).toEqual([]);
  });
});

test("everything rejects when the database is closed", async () => {
  const store = await living();
  const { orders } = store;
  await store.close();
  await expect(orders.give(order("a"))).rejects.toThrow();
  await expect(orders.take("task-1")).rejects.toThrow();
  await expect(orders.waiting(["task-1"])).rejects.toThrow();
  await expect(orders.begun("task-1")).rejects.toThrow();
  await expect(orders.done(["a"])).rejects.toThrow();
});
