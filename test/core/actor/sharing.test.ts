import { describe, expect, test } from "vitest";
import { refusalToShare } from "../../../src/core/actor/sharing.ts";
import { answerText } from "../../../src/core/comment/command-answer.ts";
import type { Layer } from "../task.ts";
import { HOSTED, LINKED, over, PROMPTED, STARTED, taskWith } from "../task.ts";
import { NUDGED } from "./observations.ts";
import {
  command,
  executed,
  followed,
  opened,
  passes,
  SECOND,
  sees,
  story,
  taken,
} from "./story.ts";

const URL = "https://github.com/octo-org/hello/tasks/9";
const LINK_SEEN = sees({ type: "link", url: URL });
const UNSEEN = over(HOSTED, { session: { link: null } });
const SEEN = over(HOSTED, {
  session: { link: { url: URL, source: "session" }, hosting: { share: { type: "shared" } } },
});

describe("a session on the administrator's machine", () => {
  story("is followed without a link, and no link is invented", opened(HOSTED, UNSEEN), [
    [{ type: "tick" }, "record: session ready, session", "deliver"],
    [
      { type: "arrived", arrival: "delivered" },
      "record: prompt delivered, prompt, followed",
      "continue in background",
      "make room",
      "take commands",
    ],
  ]);

  story("says that it's starting when its prompt takes long, without a link", opened(HOSTED), [
    [{ type: "tick" }, "record: session ready, session", "deliver"],
    [passes(20 * SECOND), "record: prompt late", "edit"],
  ]);

  story(
    "that is always shared has the link that it reports",
    opened(HOSTED, { session: { hosting: { sharing: "always", share: null } } }),
    [
      [{ type: "tick" }, "record: session ready, session", "deliver"],
      [LINK_SEEN, "read link"],
      [{ type: "arrived", arrival: "delivered" }, "record: prompt delivered, prompt"],
      [
        { type: "link", url: URL },
        "record: session link, followed",
        "continue in background",
        "make room",
        "take commands",
      ],
    ],
  );
});

describe("sharing", () => {
  story("shows the session where it says that it is", followed(UNSEEN), [
    [NUDGED, "take commands"],
    [taken(command("c", "share")), "execute c: share"],
    [
      executed("c", { type: "share", came: "shared", url: URL }),
      "record: session link, `writer` shared this session on GitHub., shared, done c",
      "edit",
    ],
    [LINK_SEEN, "read link"],
    [{ type: "link", url: `${URL}9` }],
  ]);

  story("that is refused says so, and the session continues", followed(UNSEEN), [
    [NUDGED, "take commands"],
    [taken(command("c", "share")), "execute c: share"],
    [
      executed("c", {
        type: "share",
        came: "refused",
        failure: {
          code: "share_refused",
          cause: "share_policy",
          message: "not enabled",
          nothingCreated: true,
        },
      }),
      "record: `writer` asked to share this session, but it can't be shown on GitHub., refused, done c",
      "edit",
    ],
  ]);

  story("that ends takes the link away, also one that is reported late", followed(SEEN), [
    [NUDGED, "take commands"],
    [taken(command("c", "unshare")), "execute c: unshare"],
    [
      executed("c", { type: "unshare", came: "unshared" }),
      "record: no link, `writer` stopped sharing this session. GitHub may still show what happened before that., not_shared, done c",
      "edit",
    ],
    [LINK_SEEN, "read link"],
    [{ type: "link", url: URL }],
  ]);

  story("that nobody confirmed to have ended leaves the link", followed(SEEN), [
    [NUDGED, "take commands"],
    [taken(command("c", "unshare")), "execute c: unshare"],
    [
      executed("c", { type: "unshare", came: "unconfirmed" }),
      "record: `writer` asked to stop sharing this session, but it hasn't confirmed that, so GitHub may still show it., done c",
      "edit",
    ],
  ]);

  story("that was begun by a process that was cut off isn't repeated", followed(UNSEEN), [
    [NUDGED, "take commands"],
    [
      { type: "taken", begun: [command("c", "share")], commands: [] },
      "record: The bot lost contact with the session, so it doesn't know whether the session is shared as `writer` asked. Give the command again., done c",
      "edit",
    ],
  ]);
});

/** What is answered to it; null where it makes sense. */
function answerTo(...layers: readonly Layer[]): string | null {
  const refusal = refusalToShare(taskWith(...layers));
  return refusal === null ? null : answerText(refusal);
}

describe("a command to share, when it's given", () => {
  test("makes sense for a session on a machine", () => {
    expect(answerTo(PROMPTED, HOSTED)).toBeNull();
    expect(answerTo(STARTED, SEEN)).toBeNull();
  });

  test("is answered for a cloud session", () => {
    expect(answerTo(LINKED)).toBe(
      "The session of task `0b4f9bd6` runs in GitHub's cloud, so it's on GitHub anyway: open it from the task's comment. Only a session on the administrator's own machine can be shared, or not.",
    );
  });

  test("is refused where the policy says never, and names the key", () => {
    expect(answerTo(PROMPTED, HOSTED, { session: { hosting: { sharing: "never" } } })).toBe(
      "The session of task `0b4f9bd6` isn't shown on GitHub, because the policy says `share: never` for tasks of its kind. Maintainers can change this for later sessions: `share` in `.github/copilot-tasks.yml`.",
    );
  });
});
