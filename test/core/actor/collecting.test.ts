import { describe } from "vitest";
import type { ActorInput } from "../../../src/core/actor/input.ts";
import type { Publication } from "../../../src/core/task/hosting.ts";
import { HOSTED } from "../task.ts";
import { IDLE, WORKING } from "./observations.ts";
import { editMade, followed, MINUTE, opened, passes, SECOND, sees, story } from "./story.ts";

const PUSHED: Publication = {
  type: "pushed",
  branch: "copilot/fix-1-5f9c",
  commit: "c",
  pull: null,
};
const FAILED: Publication = { type: "failed", detail: "no answer" };

function collected(publication?: Publication): ActorInput {
  return { type: "collected", change: publication === undefined ? {} : { publication } };
}

describe("what an agent on an own machine has done is taken out", () => {
  story("whenever it rests, once", followed(HOSTED), [
    [sees(IDLE), "record: state idle", "collect"],
    [collected(PUSHED), "record: publication pushed", "edit"],
    [editMade()],
    [passes(MINUTE)],
    [sees(WORKING), "record: state in_progress", "edit"],
    [editMade()],
    [sees(IDLE), "record: state idle", "collect"],
    [collected(PUSHED)],
    [passes(15 * SECOND), "edit"],
  ]);

  story("again after a minute, while GitHub doesn't take it", followed(HOSTED), [
    [sees(IDLE), "record: state idle", "collect"],
    [collected(FAILED), "record: publication failed", "edit"],
    [editMade()],
    [passes(59 * SECOND)],
    [passes(1 * SECOND), "collect"],
    [collected(PUSHED), "record: publication pushed", "edit"],
  ]);

  story("before the session is left", followed(HOSTED), [
    [sees({ type: "completed", summary: null }), "record: state completed", "collect"],
    [passes(MINUTE), "edit"],
    [editMade()],
    [collected(PUSHED), "record: publication pushed", "record: unfollowed: over", "report"],
  ]);

  story("but not when somebody has stopped it", followed(HOSTED), [
    [sees({ type: "aborted" }), "record: state cancelled", "edit"],
    [editMade()],
    [passes(MINUTE)],
  ]);

  story("but not of a session in the cloud", followed(), [
    [sees(IDLE), "record: state idle", "edit"],
    [editMade()],
    [passes(MINUTE)],
  ]);
});

describe("an agent on an own machine, which would end, is followed", () => {
  story("while it's at work, though the time is over", followed(HOSTED), [
    [sees(WORKING)],
    [passes(90 * MINUTE)],
    [sees(IDLE), "record: state idle", "collect"],
    [collected(), "record: unfollowed: time", "report"],
  ]);

  story("while it's at work, though others need its place", followed(HOSTED), [
    [sees(WORKING)],
    [{ type: "room needed" }],
    [sees(IDLE), "record: state idle", "collect"],
    [collected(), "record: unfollowed: room", "report"],
  ]);

  story(
    "also where no cloud session is",
    opened(HOSTED),
    [
      [{ type: "tick" }, "record: session ready, session", "deliver"],
      [
        { type: "arrived", arrival: "delivered" },
        "record: prompt delivered, prompt, followed",
        "continue in background",
        "make room",
        "take commands",
      ],
    ],
    { followMs: 0 },
  );
});
