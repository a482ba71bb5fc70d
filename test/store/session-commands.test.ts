import { describe, expect, test } from "vitest";
import type { SessionCommand } from "../../src/core/session/session-command.ts";
import { living } from "./living.ts";

/** A session command to the task `task-1`, by default. */
function command(id: string, changes: Partial<SessionCommand> = {}): SessionCommand {
  return { id, taskId: "task-1", type: "send", text: "Go on.", requester: "octocat", ...changes };
}

const idsOf = (sessionCommands: readonly SessionCommand[]) => sessionCommands.map(({ id }) => id);

describe("a session command", () => {
  test("is taken as it was given, once", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    const taken = await sessionCommands.take("task-1");
    expect(taken).toEqual([expect.objectContaining(command("a"))]);
    expect(await sessionCommands.take("task-1")).toEqual([]);
  });

  test.each(["stop", "send", "approve", "deny", "status", "resume", "pull_request"] as const)(
    "may be of type %s",
    async (type) => {
      const { sessionCommands } = await living();
      await sessionCommands.give(command("a", { type, text: "" }));
      expect(await sessionCommands.take("task-1")).toMatchObject([{ type, text: "" }]);
    },
  );

  test("is text, whatever is in it", async () => {
    const { sessionCommands } = await living();
    const text = `'); DROP TABLE orders; --" ? :id $1\r\n größer 漢字 😀 \u202E`;
    await sessionCommands.give(command("a", { text }));
    expect(await sessionCommands.take("task-1")).toMatchObject([{ text }]);
  });

  test("keeps that it was given on a page", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a", { place: "page" }));
    expect(await sessionCommands.take("task-1")).toMatchObject([{ place: "page" }]);
    expect(await sessionCommands.begun("task-1")).toMatchObject([{ place: "page" }]);
  });

  test("is for its own task", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    await sessionCommands.give(command("b", { taskId: "task-2" }));
    expect(idsOf(await sessionCommands.take("task-1"))).toEqual(["a"]);
    expect(idsOf(await sessionCommands.take("task-2"))).toEqual(["b"]);
    expect(await sessionCommands.take("task-3")).toEqual([]);
  });

  test("that is given while others are taken is left for the next time", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    await sessionCommands.take("task-1");
    await sessionCommands.give(command("b"));
    expect(idsOf(await sessionCommands.take("task-1"))).toEqual(["b"]);
  });
});

test("session commands are taken in the order in which they were given", async () => {
  const { sessionCommands, goTo } = await living();
  for (const [minute, id] of [
    [3, "a"],
    [1, "b"],
    [20, "c"],
    [2, "d"],
  ] as const) {
    goTo(minute);
    await sessionCommands.give(command(id));
  }
  goTo(30);
  expect(idsOf(await sessionCommands.take("task-1"))).toEqual(["b", "d", "a", "c"]);
});

describe("a session command that is given twice", () => {
  test("is there once, as it was given first", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    await sessionCommands.give(command("a", { type: "stop", text: "" }));
    expect(await sessionCommands.take("task-1")).toMatchObject([command("a")]);
  });

  test("is not taken again", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    await sessionCommands.take("task-1");
    await sessionCommands.give(command("a"));
    expect(await sessionCommands.waiting(["task-1"])).toEqual([]);
    expect(await sessionCommands.take("task-1")).toEqual([]);
  });

  test("ten times at once is there once", async () => {
    const { sessionCommands } = await living();
    await Promise.all(Array.from({ length: 10 }, () => sessionCommands.give(command("a"))));
    expect(await sessionCommands.take("task-1")).toHaveLength(1);
  });
});

test("several that take at once get each command once", async () => {
  const { sessionCommands } = await living();
  const ids = Array.from({ length: 20 }, (_, index) => `command-${index}`);
  for (const id of ids) await sessionCommands.give(command(id));
  const taken = await Promise.all(Array.from({ length: 10 }, () => sessionCommands.take("task-1")));
  expect(idsOf(taken.flat()).toSorted()).toEqual(ids.toSorted());
});

describe("the outcome of a session command", () => {
  test("isn't known from when it's taken until its outcome is reported", async () => {
    const { sessionCommands, goTo } = await living();
    for (const [minute, id] of [
      [2, "a"],
      [1, "b"],
      [3, "c"],
    ] as const) {
      goTo(minute);
      await sessionCommands.give(command(id));
    }
    await sessionCommands.give(command("d", { taskId: "task-2" }));
    expect(await sessionCommands.begun("task-1")).toEqual([]);
    await sessionCommands.take("task-1");
    await sessionCommands.take("task-2");
    await sessionCommands.give(command("e"));
    expect(await sessionCommands.begun("task-1")).toMatchObject([
      command("b"),
      command("a"),
      command("c"),
    ]);
    await sessionCommands.done(["a", "c"]);
    expect(idsOf(await sessionCommands.begun("task-1"))).toEqual(["b"]);
    expect(idsOf(await sessionCommands.begun("task-2"))).toEqual(["d"]);
    expect(await sessionCommands.waiting(["task-1"])).toEqual(["task-1"]);
    await sessionCommands.done([]);
    await sessionCommands.done(["a", "b", "c"]);
    expect(await sessionCommands.begun("task-1")).toEqual([]);
    expect(idsOf(await sessionCommands.take("task-1"))).toEqual(["e"]);
  });
});

describe("the command to stop a task", () => {
  test("is the first that is not done, whether it was taken or not", async () => {
    const { sessionCommands, goTo } = await living();
    expect(await sessionCommands.stopOf("task-1")).toBeNull();
    await sessionCommands.give(command("a"));
    await sessionCommands.give(command("b", { type: "stop", text: "", taskId: "task-2" }));
    expect(await sessionCommands.stopOf("task-1")).toBeNull();
    await sessionCommands.give(command("c", { type: "stop", text: "" }));
    goTo(1);
    await sessionCommands.give(command("d", { type: "stop", text: "" }));
    expect(await sessionCommands.stopOf("task-1")).toMatchObject({ id: "c", requester: "octocat" });
    await sessionCommands.take("task-1");
    expect(await sessionCommands.stopOf("task-1")).toMatchObject({ id: "c" });
    await sessionCommands.done(["c"]);
    expect(await sessionCommands.stopOf("task-1")).toMatchObject({ id: "d" });
  });
});

describe("the tasks with commands waiting", () => {
  test("are listed once each, of those in question", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    await sessionCommands.give(command("b"));
    await sessionCommands.give(command("c", { taskId: "task-2" }));
    await sessionCommands.give(command("d", { taskId: "task-3" }));
    await sessionCommands.take("task-2");
    expect(await sessionCommands.waiting(["task-1", "task-2", "task-4"])).toEqual(["task-1"]);
    const all = await sessionCommands.waiting(["task-1", "task-2", "task-3"]);
    expect(all.toSorted()).toEqual(["task-1", "task-3"]);
  });

  test("are none when none is in question", async () => {
    const { sessionCommands } = await living();
    await sessionCommands.give(command("a"));
    expect(await sessionCommands.waiting([])).toEqual([]);
  });
});

test("everything rejects when the database is closed", async () => {
  const store = await living();
  const { sessionCommands } = store;
  await store.close();
  await expect(sessionCommands.give(command("a"))).rejects.toThrow();
  await expect(sessionCommands.take("task-1")).rejects.toThrow();
  await expect(sessionCommands.waiting(["task-1"])).rejects.toThrow();
  await expect(sessionCommands.begun("task-1")).rejects.toThrow();
  await expect(sessionCommands.done(["a"])).rejects.toThrow();
});
