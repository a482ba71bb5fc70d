import { describe, expect, it } from "vitest";
import type { Attempt, RedeliveryProgress } from "../../../src/core/webhook/redelivery.ts";
import { planRound } from "../../../src/core/webhook/redelivery.ts";

const START: RedeliveryProgress = { cursor: "", asked: [] };
const EVENTS = ["issues.labeled", "pull_request.synchronize", "pull_request.opened"];

/** The attempt of this minute to deliver this delivery; failed by default. */
function attempt(minute: number, deliveryId: string, changes: Partial<Attempt> = {}): Attempt {
  const at = `2026-11-21T12:${String(minute).padStart(2, "0")}:00Z`;
  return { id: `${minute}`, deliveryId, at, succeeded: false, event: "issues.labeled", ...changes };
}

function plan(attempts: readonly Attempt[], before = START, known: readonly string[] = []) {
  return planRound(attempts, before, { known: new Set(known), events: EVENTS, most: 2 });
}

describe("a round of recovery", () => {
  it("requests what failed, oldest first, and keeps it in view", () => {
    expect(plan([attempt(3, "c", { succeeded: true }), attempt(2, "b"), attempt(1, "a")])).toEqual({
      repeat: ["1", "2"],
      progress: { cursor: "2026-11-21T12:01:00Z", asked: ["a", "b"] },
    });
  });

  it("requests the newest attempt of a delivery, once", () => {
    expect(plan([attempt(2, "a", { id: "99" }), attempt(1, "a")]).repeat).toEqual(["99"]);
  });

  it("leaves alone what arrived in any attempt, what made a task, and other events", () => {
    const attempts = [
      attempt(4, "other", { event: "push." }),
      attempt(3, "known"),
      attempt(2, "arrived", { succeeded: true }),
      attempt(1, "arrived"),
    ];
    expect(plan(attempts, START, ["known"])).toEqual({
      repeat: [],
      progress: { cursor: "2026-11-21T12:04:00Z", asked: [] },
    });
  });

  it("requests nothing twice in a row, and again in the round after", () => {
    const missing = [attempt(1, "a")];
    const first = plan(missing);
    const second = plan(missing, first.progress);
    const third = plan(missing, second.progress);
    expect([first, second, third].map(({ repeat }) => repeat)).toEqual([["1"], [], ["1"]]);
    expect(second.progress.cursor).toBe("2026-11-21T12:01:00Z");
  });

  it("requests no more than the limit, and the rest in the next round", () => {
    const attempts = [attempt(3, "c"), attempt(2, "b"), attempt(1, "a")];
    const first = plan(attempts);
    expect(first.repeat).toEqual(["1", "2"]);
    expect(plan(attempts, first.progress).repeat).toEqual(["3"]);
  });

  it("requests pushes after everything else", () => {
    const pushes = [1, 2, 3].map((minute) => {
      return attempt(minute, `push-${minute}`, { event: "pull_request.synchronize" });
    });
    const opened = attempt(5, "opened", { event: "pull_request.opened" });
    const attempts = [opened, attempt(4, "command"), ...pushes.toReversed()];
    const first = plan(attempts);
    expect(first).toEqual({
      repeat: ["4", "5"],
      progress: { cursor: "2026-11-21T12:01:00Z", asked: ["command", "opened"] },
    });
    expect(plan(pushes.toReversed(), first.progress).repeat).toEqual(["1", "2"]);
  });

  it("gives up on a delivery that has failed again and again", () => {
    const failing = Array.from({ length: 6 }, (_, index) => attempt(6 - index, "a"));
    expect(plan(failing.slice(1)).repeat).toEqual(["5"]);
    expect(plan(failing)).toEqual({
      repeat: [],
      progress: { cursor: "2026-11-21T12:06:00Z", asked: [] },
    });
  });

  it("stays where it is when there was nothing new", () => {
    const before = { cursor: "2026-11-21T12:09:00Z", asked: ["a"] };
    expect(plan([], before).progress).toEqual({ cursor: "2026-11-21T12:09:00Z", asked: [] });
  });
});
