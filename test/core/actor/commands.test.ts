import { describe } from "vitest";
import { COMPLETED, NUDGED, REPORTED, says } from "./observations.ts";
import {
  MINUTE,
  command,
  editMade,
  executed,
  followed,
  passes,
  sees,
  story,
  taken,
} from "./story.ts";

describe("a command", () => {
  story("whose outcome comes with what was seen of it is shown with that", followed(), [
    [NUDGED, "take commands"],
    [taken(command("c", "stop")), "execute c: stop"],
    [
      [sees({ type: "aborted" }), executed("c", { type: "stop", came: "aborted" })],
      "record: state cancelled, Stopped by `writer`., done c",
      "edit",
    ],
  ]);

  story("to stop is executed at once while the comment is edited", followed(), [
    [says("One."), "record: said One.", "edit"],
    [NUDGED, "take commands"],
    [taken(command("c", "stop")), "execute c: stop"],
    [executed("c", { type: "stop", came: "aborted" }), "record: Stopped by `writer`., done c"],
    [editMade(), "edit"],
  ]);

  story("that comes while others are being taken is looked for after them", followed(), [
    [NUDGED, "take commands"],
    [NUDGED],
    [taken(), "take commands"],
  ]);

  story("that somebody began who was cut off is reported, and not executed", followed(), [
    [NUDGED, "take commands"],
    [
      { type: "taken", begun: [command("c", "send", "Go on.")], commands: [] },
      "record: The bot lost contact with the session, so it doesn't know whether the message from `writer` arrived. Check in Mission Control before you send it again., done c",
      "edit",
    ],
  ]);

  story("that this process has begun isn't taken for one that was cut off", followed(), [
    [NUDGED, "take commands"],
    [taken(command("c", "stop")), "execute c: stop"],
    [NUDGED, "take commands"],
    [{ type: "taken", begun: [command("c", "stop")], commands: [] }],
  ]);

  story(
    "that is only news is taken again after a crash, and once by the same process",
    followed(),
    [
      [NUDGED, "take commands"],
      [
        {
          type: "taken",
          begun: [command("c", "pull_request", "https://github.com/octo-org/hello/pull/9")],
          commands: [],
        },
        "record: pull request, done c",
        "edit",
      ],
    ],
  );

  story("gives a session that had ended something to do", followed(), [
    [says("One."), "record: said One.", "edit"],
    [sees(COMPLETED), "record: state completed"],
    [NUDGED, "take commands"],
    [taken(command("c", "send", "And the tests?")), "execute c: send"],
    [
      executed("c", { type: "send", came: "delivered" }),
      "record: state in_progress, `writer` sent a message, and Copilot received it., done c",
    ],
    [editMade(), "edit"],
  ]);

  story("that nobody confirms isn't repeated, and the comment says so", followed(), [
    [NUDGED, "take commands"],
    [taken(command("c", "send", "And the tests?")), "execute c: send"],
    [
      executed("c", { type: "send", came: "unconfirmed" }),
      "record: Copilot hasn't confirmed the message from `writer`, which may still arrive. Check in Mission Control before you send it again., done c",
      "edit",
    ],
  ]);

  story("that is being executed keeps the session from being left", followed(), [
    [NUDGED, "take commands"],
    [taken(command("c", "send", "Wait!")), "execute c: send"],
    [sees(COMPLETED), "record: state completed", "edit"],
    [editMade()],
    [passes(90 * MINUTE)],
    [
      executed("c", { type: "send", came: "not_delivered" }),
      "record: The message from `writer` wasn't delivered. Send it again, or write it in Mission Control., done c",
      "record: unfollowed: over",
      "report",
    ],
  ]);

  story("of the one who closed the issue stops the session", followed(), [
    [NUDGED, "take commands"],
    [taken(command("c", "stop", "", "closer")), "execute c: stop"],
    [sees({ type: "aborted" }), "record: state cancelled", "edit"],
    [executed("c", { type: "stop", came: "aborted" }), "record: Stopped by `closer`., done c"],
    [editMade(), "edit"],
    [editMade()],
    [passes(10 * MINUTE), "record: unfollowed: idle", "report"],
    REPORTED,
  ]);
});
