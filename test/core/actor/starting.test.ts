import { describe } from "vitest";
import type { Failure } from "../../../src/core/task/failure.ts";
import { LINK } from "./observations.ts";
import type { Row } from "./story.ts";
import {
  MINUTE,
  NOTHING_SEEN,
  SECOND,
  command,
  editMade,
  opened,
  passes,
  sees,
  story,
  taken,
} from "./story.ts";

const DELIVERED = { type: "arrived", arrival: "delivered" } as const;
const REFUSED: Failure = { code: "prompt_not_delivered", message: "no", nothingCreated: false };
const STOP = command("s", "stop");

const BEGINS: Row = [NOTHING_SEEN, "record: session ready, session", "deliver"];
const FOLLOWS = ["continue in background", "make room", "take commands"];
/** After a prompt that was under way for long. */
const LATE: readonly Row[] = [
  BEGINS,
  [passes(19 * SECOND)],
  [passes(1 * SECOND), "record: prompt late, documented link", "edit"],
];

describe("a prompt that arrives", () => {
  story("after the session's link: both are written at once", opened(), [
    BEGINS,
    [sees(LINK), "read link"],
    [LINK],
    [DELIVERED, "record: prompt delivered, prompt, session link, followed", ...FOLLOWS],
    [taken(), "edit"],
  ]);

  story("before the link, which is waited for, so that people get no other one", opened(), [
    BEGINS,
    [DELIVERED, "record: prompt delivered, prompt"],
    [passes(4 * SECOND)],
    [sees(LINK), "read link"],
    // It's asked for, so its answer is waited for, too.
    [passes(4 * SECOND)],
    [sees({ type: "working" })],
    [LINK, "record: session link, followed", ...FOLLOWS],
  ]);

  story(
    "while others need the session's place: it's left as soon as the comment shows it",
    opened(),
    [
      BEGINS,
      [{ type: "room needed" }],
      [sees(LINK), "read link"],
      [LINK],
      [DELIVERED, "record: prompt delivered, prompt, session link, followed", ...FOLLOWS],
      [taken(), "record: unfollowed: room", "report"],
    ],
  );

  story("and no link for long: the documented one is shown, and corrected", opened(), [
    BEGINS,
    [DELIVERED, "record: prompt delivered, prompt"],
    [passes(5 * SECOND), "record: documented link, followed", ...FOLLOWS],
    [taken(), "edit"],
    [sees(LINK), "read link"],
    [LINK, "record: session link"],
    // No pace is kept for it.
    [editMade(), "edit"],
  ]);

  story("and a link that isn't to be trusted: it's as if there were none", opened(), [
    BEGINS,
    [sees(LINK), "read link"],
    [{ type: "link", url: null }],
    [DELIVERED, "record: prompt delivered, prompt"],
    [passes(5 * SECOND), "record: documented link, followed", ...FOLLOWS],
  ]);

  story(
    "where sessions aren't followed: it's reported, and only its link is still waited for",
    opened(),
    [
      BEGINS,
      [DELIVERED, "record: prompt delivered, prompt"],
      [passes(5 * SECOND), "record: documented link", "report"],
      [
        { type: "reported", isSettled: true },
        "reopen for commands",
        "leave: session watch, task reported",
      ],
    ],
    { followMs: 0 },
  );
});

describe("a prompt that is under way for long", () => {
  story("is shown, and whoever waits to start a session waits no longer", opened(), [
    ...LATE,
    [editMade(), "continue in background"],
    [sees(LINK), "read link"],
    [LINK, "record: session link", "edit"],
    [editMade()],
    [DELIVERED, "record: prompt delivered, prompt, followed", "make room", "take commands"],
    [taken(), "edit"],
  ]);

  story(
    "is shown sooner where nothing was said yet",
    opened({ shown: { comment: { id: null } } }),
    [BEGINS, [passes(10 * SECOND), "record: prompt late, documented link", "edit"]],
  );

  story("and arrives while the comment is being edited: nothing waits for the edit", opened(), [
    ...LATE,
    [sees({ type: "said", text: "Hello." }, LINK), "read link"],
    [LINK, "record: session link"],
    [DELIVERED, "record: prompt delivered, prompt, followed", ...FOLLOWS],
    [taken(), "record: said Hello."],
    [editMade(), "edit"],
  ]);

  story("and doesn't arrive: the last report waits for the edit", opened(), [
    ...LATE,
    [
      { type: "arrived", arrival: REFUSED },
      "record: prompt not delivered, state failed, outcome failed",
    ],
    [passes(5 * SECOND), "record: "],
    [editMade(), "report"],
    [
      { type: "reported", isSettled: true },
      "reopen for commands",
      "leave: session watch, task reported",
    ],
  ]);
});

describe("a task that is stopped before its prompt was sent", () => {
  story("is reported as stopped, and so is the session", opened(), [
    BEGINS,
    [{ type: "arrived", arrival: "unwanted" }, "find stop"],
    [{ type: "stop found", stop: STOP }, "record: documented link", "report as stopped by writer"],
    [{ type: "reported", isSettled: true }, "leave: session stop, task reported"],
  ]);

  story("while its comment is being edited: the report comes after it", opened(), [
    ...LATE,
    [{ type: "arrived", arrival: "unwanted" }, "find stop"],
    [{ type: "stop found", stop: STOP }, "record: "],
    [editMade(), "report as stopped by writer"],
  ]);

  story("by a command that is done by now: the next attempt finds out", opened(), [
    BEGINS,
    [{ type: "arrived", arrival: "unwanted" }, "find stop"],
    [{ type: "stop found", stop: null }, "leave: session detach, task again"],
  ]);
});

describe("a session that is lost", () => {
  story("before it's known whether the prompt arrived: the next attempt finds out", opened(), [
    BEGINS,
    [{ type: "session lost" }, "leave: session detach, task again"],
    [DELIVERED],
  ]);

  story("of which the prompt's arrival says so", opened(), [
    BEGINS,
    [{ type: "arrived", arrival: "unwatched" }, "leave: session detach, task again"],
  ]);

  story("while its link is waited for: that doesn't come anymore", opened(), [
    BEGINS,
    [DELIVERED, "record: prompt delivered, prompt"],
    [
      { type: "session lost" },
      "record: documented link, followed",
      "continue in background",
      "leave: session detach, task again",
    ],
  ]);

  story("while its link is waited for, and it has no prompt: that's reported", opened(), [
    BEGINS,
    [
      { type: "arrived", arrival: REFUSED },
      "record: prompt not delivered, state failed, outcome failed",
    ],
    [{ type: "session lost" }, "record: documented link", "report"],
  ]);
});

describe("a bot that is being stopped", () => {
  story("lets a prompt that is under way arrive", opened(), [
    BEGINS,
    [{ type: "stopping" }],
    [DELIVERED, "record: prompt delivered, prompt"],
    [
      passes(5 * SECOND),
      "record: documented link, followed",
      "continue in background",
      "leave: session detach, task as it is",
    ],
    [passes(MINUTE)],
  ]);
});
