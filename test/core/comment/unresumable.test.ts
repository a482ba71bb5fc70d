import { expect, test } from "vitest";
import type { TaskState } from "../../../src/core/task/task.ts";
import type { Unfollowed } from "../../../src/core/task/session.ts";
import { LINKED, over } from "../task.ts";
import { comment } from "./session-examples.ts";

test.each<[TaskState, Unfollowed, says: string]>([
  [
    "in_progress",
    "room",
    "This comment isn't updated anymore because the bot made room for another session.",
  ],
  ["in_progress", "time", "the time limit for updates was reached"],
  ["idle", "idle", "This comment isn't updated anymore."],
  ["completed", "over", "To continue, open the session"],
])(
  "the comment on a session that is %s and left (%s) offers no command that can't reach it",
  (state, unfollowed, expected) => {
    const left = { unfollowed, canResume: false, followUntil: null };
    const text = comment(over(LINKED, { state, session: left }));
    expect(text).toContain(expected);
    expect(text).toContain("To continue, open the session: commands here don't reach it anymore.");
    expect(text).not.toMatch(/\/copilot (?:resume|send)/u);
  },
);
