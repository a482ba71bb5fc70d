import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Person } from "../../src/core/identity/connection.ts";
import { answered } from "../../src/core/task/transitions/ending.ts";
import type { Pressed, PressedButton } from "../../src/ports/page-commands.ts";
import { createPageCommands } from "../../src/runner/receive/page-commands.ts";
import { living } from "./living.ts";
import { claimed, inserted } from "./story.ts";
import { labeled } from "./trigger.ts";

const ADA: Person = { id: 36, login: "ada" };

/** Two replicas over one store, and a task; nothing is decided while nobody moves it. */
async function pages({ pageAnswerMs = 0 } = {}) {
  const store = await living();
  let minutes = 0;
  const processed: string[] = [];
  const task = await inserted(store.tasks, labeled());
  const replica = () =>
    createPageCommands({
      tasks: store.tasks,
      process: (taskId, { requesterId }) => void processed.push(`${taskId} ${requesterId}`),
      now: () => new Date(Date.parse(task.createdAt) + minutes * 60_000),
      digest: (text) => createHash("sha256").update(text).digest("hex"),
      log: { info() {} },
      timeouts: { pageAnswerMs },
      stopping: new AbortController().signal,
    });
  let keys = 0;
  /** A form of its own, unless it's given. */
  const form = (changes: Partial<PressedButton> = {}): PressedButton => {
    keys += 1;
    const key = `key-of-the-form-${keys}`;
    return { taskId: task.id, person: ADA, command: "stop", key, ...changes };
  };
  const pass = (passed: number) => (minutes += passed);
  return { ...store, task, first: replica(), second: replica(), form, processed, pass };
}

function idIn(pressed: Pressed): string {
  if (pressed.type !== "given") throw new TypeError(JSON.stringify(pressed));
  return pressed.commandId;
}

describe("a button", () => {
  test("gives a command that is stored, audited, and processed", async () => {
    const { first, form, tasks, task, processed, steps } = await pages();
    const pressed = await first.press(form({ command: "send", text: "Go on." }));
    const commandId = idIn(pressed);
    expect(pressed).toEqual({
      type: "given",
      commandId,
      isRepeated: false,
      outcome: { type: "pending" },
    });
    expect(await tasks.get(commandId)).toMatchObject({
      id: commandId,
      state: "queued",
      requester: ADA,
      trigger: { name: "send", place: "page", instructions: `${task.id} Go on.` },
      subject: task.subject,
    });
    expect(processed).toEqual([`${commandId} ${ADA.id}`]);
    expect((await steps()).at(-1)).toEqual([commandId, "asked", "page"]);
  });

  test("that is pressed several times, through several replicas, gives one command", async () => {
    const { first, second, form, processed, database } = await pages();
    const twice = form();
    const all = await Promise.all([
      ...Array.from({ length: 5 }, () => first.press(twice)),
      ...Array.from({ length: 5 }, () => second.press(twice)),
    ]);
    all.push(await second.press(twice));
    expect(new Set(all.map(idIn)).size).toBe(1);
    expect(all.filter((pressed) => pressed.type === "given" && !pressed.isRepeated)).toHaveLength(
      1,
    );
    expect(processed).toHaveLength(1);
    const rows = await database.selectFrom("tasks").select("id").execute();
    expect(rows).toHaveLength(2);
  });

  test("of a task that isn't there, or that no page has, gives none", async () => {
    const { first, form, processed } = await pages();
    expect(await first.press(form({ taskId: "gone" }))).toEqual({ type: "no_task" });
    expect(await first.press(form({ command: "triage" }))).toEqual({
      type: "malformed",
      field: "command",
    });
    expect(await first.press(form({ command: "send" }))).toEqual({ type: "no_text" });
    expect(processed).toEqual([]);
  });

  test("can be pressed 30 times a minute by one person", async () => {
    const { first, form, processed, pass } = await pages();
    const press = (person = ADA) => first.press(form({ person }));
    for (let count = 0; count < 30; count += 1) await press();
    expect(await press()).toEqual({ type: "too_many" });
    expect(processed).toHaveLength(30);
    expect((await press({ id: 37, login: "grace" })).type).toBe("given");
    pass(1.1);
    expect((await press()).type).toBe("given");
  });

  test("doesn't count when its form is sent again", async () => {
    const { first, form } = await pages();
    const twice = form();
    for (let count = 0; count < 40; count += 1) {
      expect((await first.press(twice)).type).toBe("given");
    }
  });
});

describe("what comes of a command", () => {
  test("is said at once, if it's decided in time", async () => {
    const { first, form, tasks, processed } = await pages({ pageAnswerMs: 60_000 });
    const pressing = first.press(form());
    await expect.poll(() => processed.length).toBe(1);
    const command = await claimed(tasks, processed[0]?.split(" ")[0] ?? "", "receive");
    await tasks.record(command, answered(command, "Not now."));
    expect(await pressing).toMatchObject({ outcome: { type: "not_done", text: "Not now." } });
  });

  test("is said later to its giver alone, and in its repository", async () => {
    const { first, form, task } = await pages();
    const commandId = idIn(await first.press(form()));
    const own = { commandId, personId: ADA.id, repositoryId: task.place.repositoryId };
    expect(await first.outcomeOf(own)).toEqual({ type: "pending" });
    expect(await first.outcomeOf({ ...own, personId: 37 })).toBeNull();
    expect(await first.outcomeOf({ ...own, repositoryId: 1 })).toBeNull();
    expect(await first.outcomeOf({ ...own, commandId: "gone" })).toBeNull();
    const asker = { personId: task.requester.id, commandId: task.id };
    expect(await first.outcomeOf({ ...own, ...asker })).toBeNull();
  });
});
