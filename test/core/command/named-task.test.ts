import { describe, expect, test } from "vitest";
import { namedTask } from "../../../src/core/command/named-task.ts";
import { answerText } from "../../../src/core/comment/command-answer.ts";
import { waitingForConnection } from "../../../src/core/task/transitions/starting.ts";
import { STARTED, taskWith } from "../task.ts";

const ID = "7c5c39ce-1b2c-4d5e-8f90-0a1b2c3d4e5f";

describe("a task is named by", () => {
  test.each([
    ["eight digits", "7c5c39ce", "7c5c39ce"],
    ["eight digits of letters", "deadbeef", "deadbeef"],
    ["eight digits of numbers", "00000000", "00000000"],
    ["capitals", "7C5C39CE", "7c5c39ce"],
    ["a hyphen more", "7c5c39ce-", "7c5c39ce"],
    ["more of its id", "7c5c39ce-1b2c-4d", "7c5c39ce-1b2c-4d"],
    ["its whole id", ID, ID],
    ["its whole id without hyphens", ID.replaceAll("-", ""), ID],
    ["code", "`7c5c39ce`", "7c5c39ce"],
    ["bold", "**7c5c39ce**", "7c5c39ce"],
    ["quotation marks", "“7c5c39ce”", "7c5c39ce"],
    ["a number sign", "#7c5c39ce", "7c5c39ce"],
    ["parentheses and a full stop", "(7c5c39ce).", "7c5c39ce"],
    ["full-width digits", "７ｃ５ｃ３９ｃｅ", "7c5c39ce"],
    ["digits with something invisible", "\u200B7c5c\u00AD39ce\u200F", "7c5c39ce"],
  ])("%s", (_how, written, id) => {
    for (const command of ["stop", "status", "resume"] as const) {
      expect(namedTask(command, written).id).toBe(id);
    }
    for (const command of ["send", "approve", "deny", "retry"] as const) {
      expect(namedTask(command, written)).toEqual({ id, text: "" });
      expect(namedTask(command, `${written} the rest\nof it`)).toEqual({
        id,
        text: "the rest\nof it",
      });
    }
  });
});

describe("no task is named by", () => {
  test.each([
    ["nothing", ""],
    ["words", "look at the cache"],
    ["an id behind words", "please see 7c5c39ce"],
    ["a short commit", "1a2b3c4 broke it"],
    ["a whole commit", "0123456789abcdef0123456789abcdef01234567 broke it"],
    ["nine digits", "7c5c39ce1 broke it"],
    ["a number", "404 is what it answers"],
    ["a longer word", "7c5c39ceX broke it"],
    ["a path", "7c5c39ce/notes.md says it"],
    ["digits of other letters", "7c5c39cg broke it"],
  ])("%s, in a text", (_what, text) => {
    for (const command of ["send", "approve", "deny", "retry"] as const) {
      expect(namedTask(command, text)).toEqual({ id: null, text });
    }
  });

  test.each(["", "please", "now, it is on the wrong branch", "#12", "at 10:00", "v1.0.80"])(
    "%j, behind a command without text",
    (text) => {
      expect(namedTask("stop", text)).toEqual({ id: null, text });
    },
  );
});

describe("behind a command without text, a task is named by", () => {
  test.each([
    ["an id that is too short", "7c5c39c", "7c5c39c"],
    ["an id that is too long", "7c5c39ce1b", "7c5c39ce1b"],
    ["a number", "12345678901", "12345678901"],
    ["an id behind words", "task 7c5c39ce, please", "7c5c39ce"],
  ])("%s", (_what, text, id) => {
    expect(namedTask("stop", text).id).toBe(id);
  });
});

describe("a command that isn't executed is answered", () => {
  const triage = taskWith(STARTED, { id: ID });
  const fix = taskWith(STARTED, {
    id: ID.replace("7", "8"),
    decision: { kind: "fix" },
    state: "waiting_for_user",
  });
  const help = taskWith({
    id: ID.replace("7", "9"),
    decision: { kind: null },
    state: "completed",
  });

  test("with the tasks there are", () => {
    const answer = answerText({
      type: "not_named",
      command: "stop",
      id: "00000000",
      found: [],
      listed: [triage, fix, waitingForConnection(taskWith({ id: ID }), "2026-11-24T12:00:00Z")],
    });
    expect(answer).toMatchInlineSnapshot(`
      "There's no task \`00000000\` in this thread. Nothing was changed. These are the tasks here:

      - \`7c5c39ce\`: triage, in progress
      - \`8c5c39ce\`: fix, waiting for an answer
      - \`7c5c39ce\`: triage, waiting for its requester to connect Copilot"
    `);
  });

  test("where there are none", () => {
    expect(
      answerText({ type: "not_named", command: "stop", id: "00000000", found: [], listed: [] }),
    ).toMatchInlineSnapshot(
      `"There's no task \`00000000\` in this thread. Nothing was changed. No task has been started here."`,
    );
  });

  test("with how to send a message that begins with eight digits", () => {
    expect(
      answerText({
        type: "not_named",
        command: "send",
        id: "deadbeef",
        found: [],
        listed: [triage],
      }),
    ).toMatchInlineSnapshot(`
      "There's no task \`deadbeef\` in this thread. Nothing was changed. These are the tasks here:

      - \`7c5c39ce\`: triage, in progress

      If \`deadbeef\` is part of your message, name the task first: \`/copilot send 7c5c39ce …\`"
    `);
  });

  test("where more than one is meant", () => {
    const twin = { ...fix, id: ID.replace("5f", "60") };
    expect(
      answerText({
        type: "not_named",
        command: "retry",
        id: "7c5c39ce",
        found: [twin, triage],
        listed: [twin, triage],
      }),
    ).toMatchInlineSnapshot(`
      "More than one task in this thread begins with \`7c5c39ce\`. Nothing was changed. Use the whole id:

      - \`7c5c39ce-1b2c-4d5e-8f90-0a1b2c3d4e60\`: fix, waiting for an answer
      - \`7c5c39ce-1b2c-4d5e-8f90-0a1b2c3d4e5f\`: triage, in progress"
    `);
  });

  test("where what is named is an answer of the bot's own", () => {
    expect(
      answerText({
        type: "not_named",
        command: "resume",
        id: "9c5c39ce",
        found: [help],
        listed: [triage],
      }),
    ).toMatchInlineSnapshot(`
        "Task \`9c5c39ce\` never started a session, so \`/copilot resume\` can't be used on it. Nothing was changed. These are the tasks here:

        - \`7c5c39ce\`: triage, in progress"
      `);
  });

  test("without formatting of what was written", () => {
    const answer = answerText({
      type: "not_named",
      command: "stop",
      id: "0`@team`<b>",
      found: [],
      listed: [],
    });
    expect(answer).toContain("`` 0`@team`<b> ``");
  });
});
