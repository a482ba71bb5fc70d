import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { meaningOf } from "../../../src/core/actor/command-action.ts";
import { namedTask } from "../../../src/core/command/named-task.ts";
import type { CommandForm } from "../../../src/core/page/command.ts";
import { pageTrigger, readCommandForm } from "../../../src/core/page/command.ts";
import { isSessionCommand, SESSION_COMMANDS } from "../../../src/core/command/table.ts";
import { progressOf } from "../../../src/core/session/progress.ts";
import { SHELL } from "../asking.ts";
import { taskWith } from "../task.ts";

const KEY = "0123456789abcdef";
const AT = "2026-11-30T12:00:00.000Z";
const ADA = { id: 36, login: "ada" };
const target = taskWith({ place: { movedFrom: "octo-org/old#1" } });

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function triggerOf(form: Omit<CommandForm, "key"> & Partial<CommandForm>, person = ADA) {
  const command = readCommandForm({ key: KEY, ...form });
  if (command.type !== "command") throw new TypeError(JSON.stringify(command));
  return pageTrigger({ target, person, command, at: AT }, digest);
}

const idOf = (...given: Parameters<typeof triggerOf>) => triggerOf(...given).trigger.deliveryId;

/** What the bot reads in the command, as if it stood in the thread. */
function meantBy(form: Omit<CommandForm, "key">) {
  const { trigger } = triggerOf(form);
  if (trigger.type !== "command" || !isSessionCommand(trigger.name))
    throw new TypeError("no command");
  return namedTask(trigger.name, trigger.instructions);
}

describe("a button's form is", () => {
  test.each<[what: string, form: Partial<CommandForm>, read: object]>([
    ["a command without words", { command: "stop" }, { name: "stop", words: "" }],
    ["a message", { command: "send", text: " Go on.\r\nPlease. " }, { words: "Go on.\nPlease." }],
    ["an answer", { command: "approve", request: "a1b2" }, { words: "a1b2" }],
    ["a denial", { command: "deny", request: "a1b2", text: "No." }, { words: "a1b2 No." }],
    ["a retry", { command: "retry", text: "with a test" }, { words: "with a test" }],
    ["a look", { command: "status", text: "  " }, { words: "" }],
  ])("%s", (_what, form, read) => {
    expect(readCommandForm({ command: "", key: KEY, ...form })).toMatchObject({
      type: "command",
      ...read,
    });
  });

  test.each(Object.keys(SESSION_COMMANDS))("there for each command to a task: %s", (command) => {
    const isAnswer = command === "approve" || command === "deny";
    const form = { command, ...(isAnswer ? { request: "a1b2" } : {}), key: KEY };
    expect(readCommandForm(command === "send" ? { ...form, text: "Go." } : form).type).toBe(
      "command",
    );
  });

  test.each<[what: string, form: Partial<CommandForm>, field: keyof CommandForm]>([
    ["of no command", { command: "" }, "command"],
    ["of a command about the bot", { command: "help" }, "command"],
    ["of a command that starts a task", { command: "triage" }, "command"],
    ["of what every object has", { command: "constructor" }, "command"],
    ["without a key", { command: "stop", key: "" }, "key"],
    ["with a key that could be guessed", { command: "stop", key: "1" }, "key"],
    ["an answer to nothing", { command: "approve" }, "request"],
    ["an answer to no code", { command: "deny", request: "a1b2 c3d4" }, "request"],
    ["a stop of a request", { command: "stop", request: "a1b2" }, "request"],
    ["a stop with words", { command: "stop", text: "00000000" }, "text"],
  ])("not one %s", (_what, form, field) => {
    expect(readCommandForm({ command: "", key: KEY, ...form })).toEqual({
      type: "malformed",
      field,
    });
  });

  test("nothing to send without words", () => {
    expect(readCommandForm({ command: "send", text: " \n", key: KEY })).toEqual({
      type: "no_text",
    });
  });

  test("too long, and nothing is cut off", () => {
    const send = (length: number) =>
      readCommandForm({ command: "send", text: "\r\n".repeat(2) + "x".repeat(length), key: KEY });
    expect(send(4_000).type).toBe("command");
    expect(send(4_001)).toEqual({ type: "too_long", most: 4_000 });
    const text = "x".repeat(3_996);
    const deny = { command: "deny", request: "a1b2", text, key: KEY };
    expect(readCommandForm(deny)).toEqual({ type: "too_long", most: 3_995 });
  });
});

describe("a command from a page", () => {
  test("is that person's, in the task's thread, and has no comment", () => {
    const { trigger, ...rest } = triggerOf({ command: "stop" });
    const { movedFrom: _movedFrom, ...place } = target.place;
    expect(rest).toEqual({ type: "trigger", requester: ADA, place, subject: target.subject });
    expect(trigger).toEqual({
      type: "command",
      name: "stop",
      place: "page",
      misplaced: null,
      viaApp: null,
      instructions: target.id,
      deliveryId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-/u),
      eventKey: `page:${trigger.deliveryId}`,
      at: AT,
    });
  });

  test.each(["Go on.", "0b4f9bd6 broke it", "/copilot stop", "- one\n- two", "00000000"])(
    "names its task, whatever its words are: %s",
    (text) => {
      expect(meantBy({ command: "send", text })).toEqual({ id: target.id, text });
      expect(meantBy({ command: "retry", text })).toEqual({ id: target.id, text });
    },
  );

  test("answers the request that the person saw", () => {
    const { text } = meantBy({ command: "approve", request: "a1b2", text: "c3d4 it is" });
    const asked = { type: "asked", id: "o", at: AT, requestId: "r1", asking: SHELL } as const;
    const command = {
      id: "o",
      taskId: target.id,
      type: "approve",
      text,
      requester: "ada",
    } as const;
    const meaning = (code: string) => meaningOf(command, progressOf([asked]), () => code);
    expect(meaning("a1b2")).toMatchObject({
      action: { requestId: "r1", approved: true, words: "c3d4 it is" },
    });
    expect(meaning("c3d4")).toMatchObject({ outcome: { came: "not_asked" } });
  });
});

test("a form that is sent twice is one command; other words, another person, or another form are another", () => {
  const send = { command: "send", text: "Go on." };
  const once = idOf(send);
  expect(idOf(send)).toBe(once);
  const others = [
    idOf({ ...send, text: "Stop that." }),
    idOf({ ...send, key: "another-key-of-a-form" }),
    idOf({ command: "retry", text: "Go on." }),
    idOf(send, { id: 37, login: "ada" }),
  ];
  expect(new Set([once, ...others]).size).toBe(5);
});
