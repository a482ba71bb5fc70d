import { describe } from "vitest";
import { APPROVES, COMPLETED, IDLE, NUDGED, REPORTED, asks, says } from "./observations.ts";
import type { Row } from "./story.ts";
import {
  MINUTE,
  SECOND,
  UNLINKED,
  command,
  editMade,
  executed,
  followed,
  passes,
  sees,
  story,
  taken,
} from "./story.ts";

describe("a session is left", () => {
  story("when it's over: at once, however lately its comment was edited", followed(), [
    [says("One."), "record: said One.", "edit"],
    [editMade()],
    [sees(COMPLETED), "record: state completed", "record: unfollowed: over", "report"],
    REPORTED,
    [passes(90 * MINUTE)],
  ]);

  story("only when the edit that is under way has been made", followed(), [
    [says("One."), "record: said One.", "edit"],
    [sees(COMPLETED), "record: state completed"],
    [passes(MINUTE)],
    [editMade(), "record: unfollowed: over", "report"],
    REPORTED,
  ]);

  story(
    "only when GitHub takes the last edit, and people can send it something until then",
    followed(),
    [
      [says("One."), "record: said One.", "edit"],
      [editMade(90 * SECOND)],
      [sees(COMPLETED), "record: state completed"],
      [NUDGED, "take commands"],
      [taken()],
      [passes(89 * SECOND)],
      [passes(1 * SECOND), "record: unfollowed: over", "report"],
    ],
  );

  story("at once when others wait for its process; the comment says so later", followed(), [
    [says("One."), "record: said One.", "edit"],
    [{ type: "displaced" }, "record: unfollowed: room", "let go"],
    [{ type: "session lost" }],
    [editMade(90 * SECOND), "report"],
    REPORTED,
  ]);

  story("when it's idle for long, since it's followed", followed(), [
    [
      {
        type: "observed",
        observations: [{ ...IDLE, id: "before", at: "2026-11-21T11:00:00.000Z" }],
        elsewhere: [],
      },
      "record: state idle",
      "edit",
    ],
    [editMade()],
    [passes(9 * MINUTE)],
    [passes(1 * MINUTE), "record: unfollowed: idle", "report"],
  ]);

  story("when it's idle for long, since it was last at work", followed(), [
    [passes(5 * MINUTE)],
    [sees(IDLE), "record: state idle", "edit"],
    [editMade()],
    [passes(9 * MINUTE)],
    [passes(1 * MINUTE), "record: unfollowed: idle", "report"],
    REPORTED,
  ]);

  story("when its time is up", followed(), [
    [passes(59 * MINUTE)],
    [passes(1 * MINUTE), "record: unfollowed: time", "report"],
    REPORTED,
  ]);

  story("when others need its place", followed(), [
    [{ type: "room needed" }, "record: unfollowed: room", "report"],
    REPORTED,
  ]);

  story("with an eye on its own link, which may still come", followed(UNLINKED), [
    [sees(COMPLETED), "record: state completed", "record: unfollowed: over", "report"],
    [
      { type: "reported", isSettled: true },
      "reopen for commands",
      "leave: session watch, task reported",
    ],
  ]);

  story("when GitHub refuses the last report, which is made later", followed(UNLINKED), [
    [sees(COMPLETED), "record: state completed", "record: unfollowed: over", "report"],
    [
      { type: "reported", isSettled: false },
      "reopen for commands",
      "leave: session detach, task reported",
    ],
  ]);

  story("when the runtime is gone, in the middle of anything", followed(APPROVES), [
    [says("One."), "record: said One.", "edit"],
    [sees(asks("1")), "answer 1: yes"],
    [NUDGED, "take commands"],
    [taken(command("c", "stop")), "execute c: stop"],
    [{ type: "session lost" }, "leave: session detach, task again"],
    // Who follows it next reports that its outcome isn't known.
    [executed("c", { type: "stop", came: "unreachable" })],
    [editMade()],
  ]);

  story("when the bot is stopped, as it is", followed(), [
    [says("One."), "record: said One.", "edit"],
    [{ type: "stopping" }, "leave: session detach, task as it is"],
  ]);
});

describe("when the issue was deleted", () => {
  story("GitHub takes no edit, and the session is followed on", followed(), [
    [says("One."), "record: said One.", "edit"],
    // There's nowhere to comment: the reporter tries again after 15 minutes.
    [editMade(15 * MINUTE)],
    [sees(COMPLETED), "record: state completed"],
    [passes(14 * MINUTE)],
    [passes(1 * MINUTE), "record: unfollowed: over", "report"],
    REPORTED,
  ]);
});

describe("when somebody else has claimed the task, nothing more is done", () => {
  const LOST: Row = [{ type: "claim lost" }, "leave: session detach, task lost"];

  story("and a command that was just taken is left to them", followed(), [
    [NUDGED, "take commands"],
    [
      [taken(command("c", "send", "Go on.")), { type: "claim lost" }],
      "leave: session detach, task lost",
    ],
  ]);

  story("in the middle of an edit", followed(), [
    [says("One."), "record: said One.", "edit"],
    LOST,
    [editMade()],
    [sees(COMPLETED)],
    [passes(90 * MINUTE)],
  ]);

  story("in the middle of the policy's answer", followed(APPROVES), [
    [sees(asks("1")), "answer 1: yes"],
    LOST,
    [sees(asks("2"))],
  ]);

  story("in the middle of the last report", followed(), [
    [sees(COMPLETED), "record: state completed", "record: unfollowed: over", "report"],
    LOST,
    [{ type: "reported", isSettled: true }],
  ]);
});
