import { describe, expect, test } from "vitest";
import { effectsOf } from "../../../src/core/webhook/subject-effects.ts";
import type { SubjectChange, SubjectEvent } from "../../../src/core/webhook/subject-event.ts";
import type { Layer } from "../task.ts";
import { ADMITTED, ASKED, COMMANDED, LINKED, over, taskWith } from "../task.ts";

const CHANGED_AT = "2026-11-21T12:00:05.000Z";
const BEFORE = "2026-11-21T12:00:04.000Z";
const AFTER = "2026-11-21T12:00:06.000Z";
const CLOSED = { type: "subject_closed", subjectNumber: 7, at: CHANGED_AT } as const;
const PULL_URL = "https://github.com/octo-org/hello/pull/8";
const OPENED = { type: "pull_request_opened", branch: "copilot/fix-7", url: PULL_URL } as const;

function eventOf(change: SubjectChange): SubjectEvent {
  const from = { deliveryId: "delivery-9", repositoryId: 1_296_269, by: "hubot" };
  return { type: "subject_event", ...from, change };
}

const queued = (changes: Layer = {}) => taskWith(ADMITTED, { trigger: { at: BEFORE } }, changes);
const running = (changes: Layer = {}) =>
  queued(over(ASKED, LINKED, { decision: { onClose: "stop" } }, changes));

describe("a task that waits to start", () => {
  test.each<[what: string, triggeredAt: string, count: number]>([
    ["before", BEFORE, 1],
    ["in the second of the close, which takes precedence", CHANGED_AT, 1],
    ["since", AFTER, 0],
  ])("is canceled when it was requested %s", (_what, triggeredAt, count) => {
    const { cancellation, canceled, sessionCommands } = effectsOf(eventOf(CLOSED), [
      queued({ trigger: { at: triggeredAt } }),
    ]);
    expect([cancellation, canceled.length, sessionCommands]).toEqual(["subject_closed", count, []]);
  });

  test("is canceled with its branch, whenever it was requested", () => {
    const task = queued({ trigger: { at: AFTER } });
    const { canceled } = effectsOf(eventOf({ type: "branch_deleted", branch: "main" }), [task]);
    expect(canceled).toEqual([task]);
  });

  test("continues when a pull request is opened", () => {
    const effects = effectsOf(eventOf(OPENED), [queued({ session: { branch: OPENED.branch } })]);
    const nothing = { cancellation: null, canceled: [], unanswered: [], sessionCommands: [] };
    expect(effects).toEqual(nothing);
  });

  test("gets an answer if a command requested it, or if it has a comment", () => {
    const ofCommand = queued(
      over(COMMANDED, { id: "command", subject: { type: "issue", number: 7 } }),
    );
    const commented = queued({ id: "commented", shown: { comment: { id: 5 } } });
    const { canceled, unanswered } = effectsOf(eventOf(CLOSED), [queued(), ofCommand, commented]);
    expect(canceled).toHaveLength(3);
    expect(unanswered).toEqual([ofCommand, commented]);
  });
});

describe("a session", () => {
  test("is stopped where its policy says so", () => {
    const stop = running({ id: "stop" });
    const { canceled, sessionCommands } = effectsOf(eventOf(CLOSED), [
      stop,
      running({ decision: { onClose: "keep" } }),
    ]);
    const sessionCommand = { id: "delivery-9 stop", taskId: "stop", type: "stop", text: "" };
    expect([canceled, sessionCommands]).toEqual([[], [{ ...sessionCommand, requester: "hubot" }]]);
  });

  test("continues when it was requested since", () => {
    expect(
      effectsOf(eventOf(CLOSED), [running({ trigger: { at: AFTER } })]).sessionCommands,
    ).toEqual([]);
  });

  test("gets to know of the pull request from its own branch alone", () => {
    const own = running({
      id: "own",
      session: { branch: OPENED.branch },
      decision: { branch: "main" },
    });
    const shared = running({
      session: { branch: OPENED.branch },
      decision: { branch: OPENED.branch },
    });
    const { sessionCommands } = effectsOf(eventOf(OPENED), [own, shared]);
    expect(sessionCommands).toMatchObject([
      { taskId: "own", type: "pull_request", text: PULL_URL },
    ]);
  });
});
