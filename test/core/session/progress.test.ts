import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Observation } from "../../../src/core/session/observation.ts";
import { progressOf } from "../../../src/core/session/progress.ts";

const question = { type: "question", question: "Which?", choices: [], freeform: true } as const;

let count = 0;
type Observed = Observation extends infer Seen
  ? Seen extends Observation
    ? Omit<Seen, "id" | "at">
    : never
  : never;

/** Observations one second apart, each with an id of its own. */
function seen(...all: readonly Observed[]): Observation[] {
  return all.map((observed, index) => {
    count += 1;
    const at = `2026-11-21T12:00:${String(index).padStart(2, "0")}.000Z`;
    return Object.assign({ id: `event-${count}`, at }, observed);
  });
}

const asked = (requestId: string) => ({ type: "asked", requestId, asking: question }) as const;
const answered = (requestId: string) => ({ type: "answered", requestId }) as const;
const type = (name: "working" | "idle" | "aborted") => ({ type: name });

describe("the state of a session", () => {
  test.each([
    ["is in progress before anything is seen", [], "in_progress"],
    ["is in progress while the agent works", [type("working")], "in_progress"],
    ["is idle when nothing is to be done", [type("working"), type("idle")], "idle"],
    ["is in progress again after that", [type("idle"), type("working")], "in_progress"],
    ["waits for people who are asked", [asked("1")], "waiting_for_user"],
    [
      "waits, whatever else happens",
      [asked("1"), type("idle"), type("working")],
      "waiting_for_user",
    ],
    ["waits for the second answer", [asked("1"), asked("2"), answered("1")], "waiting_for_user"],
    ["goes on after the answer", [asked("1"), answered("1")], "in_progress"],
    ["is not moved by an answer that nobody waits for", [type("idle"), answered("1")], "idle"],
    ["is completed", [type("working"), { type: "completed", summary: null }], "completed"],
    ["stays completed", [{ type: "completed", summary: null }, type("idle")], "completed"],
    ["is failed", [{ type: "failed", message: "boom" }, type("idle")], "failed"],
    [
      "is in progress when the agent goes on",
      [{ type: "failed", message: "" }, type("working")],
      "in_progress",
    ],
    ["is canceled by an abort", [asked("1"), type("aborted"), type("idle")], "cancelled"],
    [
      "is completed when the worker leaves in order",
      [{ type: "ended", reason: "routine" }],
      "completed",
    ],
    ["is failed when it breaks off", [{ type: "ended", reason: "error" }], "failed"],
    [
      "stays canceled when the worker leaves",
      [type("aborted"), { type: "ended", reason: "routine" }],
      "cancelled",
    ],
  ] as const)("%s", (_what, observed, state) => {
    expect(progressOf(seen(...observed)).state).toBe(state);
  });

  test("shows since when", () => {
    expect(progressOf(seen(type("working"), type("idle"), type("idle"))).since).toBe(
      "2026-11-21T12:00:01.000Z",
    );
  });
});

test("the last words are the agent's, and the summary is the very last", () => {
  const messages = seen({ type: "said", text: "a" }, { type: "said", text: "b" });
  expect(progressOf(messages).said).toBe("b");
  const completed = seen({ type: "said", text: "a" }, { type: "completed", summary: "done" });
  expect(progressOf(completed)).toMatchObject({ said: "done", over: true });
});

test("each pull request is listed once", () => {
  const url = "https://github.com/octo-org/hello/pull/8";
  const twice = seen({ type: "pull_request", url }, { type: "pull_request", url });
  expect(progressOf(twice).pulls).toEqual([url]);
  const other = "http://GitHub.com/Octo-Org/hello/pull/8";
  const asWritten = seen({ type: "pull_request", url }, { type: "pull_request", url: other });
  expect(progressOf(asWritten).pulls).toEqual([url]);
});

test("order of arrival and repetition change nothing", () => {
  const observed = fc.constantFrom<Observed[]>(
    type("working"),
    { type: "said", text: "a" },
    { type: "said", text: "b" },
    type("idle"),
    { type: "completed", summary: "c" },
    { type: "failed", message: "d" },
    type("aborted"),
    asked("1"),
    asked("2"),
    answered("1"),
    answered("2"),
  );
  const story = fc.array(observed, { maxLength: 20 }).map((all) => seen(...all));
  const shuffled = story.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, arrived]) => {
      expect(progressOf(arrived)).toEqual(progressOf(all));
    }),
  );
});
