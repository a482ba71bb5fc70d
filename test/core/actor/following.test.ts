import { describe } from "vitest";
import {
  APPROVES,
  CAREFUL,
  IDLE,
  LINK,
  NUDGED,
  WORKING,
  asks,
  push,
  says,
  settles,
} from "./observations.ts";
import {
  MINUTE,
  SECOND,
  UNLINKED,
  codeOf,
  command,
  editMade,
  executed,
  followed,
  passes,
  sees,
  story,
  taken,
} from "./story.ts";

describe("the comment", () => {
  story("is edited at once, then after a pause, and then shows the newest", followed(), [
    [says("One."), "record: said One.", "edit"],
    [editMade()],
    [says("Two."), "record: said Two."],
    [says("Three."), "record: said Three."],
    [passes(14 * SECOND)],
    [passes(1 * SECOND), "edit"],
    [editMade()],
    [passes(9 * MINUTE)],
  ]);

  story("is edited once at a time: what is due meanwhile comes after it", followed(), [
    [says("One."), "record: said One.", "edit"],
    [says("Two."), "record: said Two."],
    [passes(MINUTE)],
    [editMade(), "edit"],
    [editMade()],
  ]);

  story("is edited once for a message of which the store keeps less", followed(), [
    [says("a\0b"), "record: said a\0b", "edit"],
    [editMade()],
    [passes(9 * MINUTE)],
  ]);

  story("isn't edited for what nobody sees", followed(), [
    [sees(WORKING)],
    [sees(WORKING, WORKING)],
    [passes(9 * MINUTE)],
  ]);

  story("waits as long as GitHub asks for, whoever requests the edit", followed(), [
    [says("One."), "record: said One.", "edit"],
    [editMade(90 * SECOND)],
    [says("Two."), "record: said Two."],
    [NUDGED, "take commands"],
    [taken(command("c", "status")), "record: done c"],
    [passes(89 * SECOND)],
    [passes(1 * SECOND), "edit"],
  ]);

  story("gets the link that comes after the session is idle, out of turn", followed(UNLINKED), [
    [sees(IDLE), "record: state idle", "edit"],
    [editMade()],
    [sees(LINK), "read link"],
    [LINK, "record: session link", "edit"],
  ]);

  story("gets the link that comes while it's edited right after that", followed(UNLINKED), [
    [sees(IDLE), "record: state idle", "edit"],
    [sees(LINK), "read link"],
    [LINK, "record: session link"],
    [editMade(), "edit"],
  ]);
});

describe("what the agent asks", () => {
  story("is answered by the policy, and not shown", followed(APPROVES), [
    [sees(asks("1")), "answer 1: yes"],
    [passes(MINUTE)],
    [sees(settles("1"))],
    [{ type: "answered", requestId: "1" }],
  ]);

  story(
    "is shown when the policy's answer didn't reach it, and not answered again",
    followed(APPROVES),
    [
      [sees(asks("1")), "answer 1: yes"],
      [{ type: "answered", requestId: "1" }, "record: state waiting_for_user, 1 asked", "edit"],
      [editMade()],
      [passes(30 * MINUTE)],
    ],
  );

  story("is answered one after the other where two wait together", followed(CAREFUL), [
    [sees(asks("1"), asks("2", push("fix"))), "answer 1: no"],
    [sees(settles("1"))],
    [{ type: "answered", requestId: "1" }, "answer 2: yes"],
    [sees(settles("2"))],
    [{ type: "answered", requestId: "2" }],
  ]);

  story("is left to people where the policy says so", followed(), [
    [sees(asks("1")), "record: state waiting_for_user, 1 asked", "edit"],
    [editMade()],
    [NUDGED, "take commands"],
    [taken(command("c", "approve", codeOf("1", push("main")))), "execute c: answer 1"],
    [sees(settles("1")), "record: state in_progress, 0 asked"],
    [
      executed("c", { type: "answer", came: "approved", words: "" }),
      "record: `writer` approved Copilot's request., done c",
      "edit",
    ],
  ]);

  story("holds up no command while the policy answers", followed(APPROVES), [
    [sees(asks("1")), "answer 1: yes"],
    [NUDGED, "take commands"],
    [taken(command("c", "stop")), "execute c: stop"],
    [executed("c", { type: "stop", came: "aborted" })],
    [sees({ type: "aborted" })],
    [
      { type: "answered", requestId: "1" },
      "record: state cancelled, Stopped by `writer`., done c",
      "edit",
    ],
  ]);
});

describe("an answer to a request", () => {
  const waiting = followed();

  story("that is gone is executed for none of the others", waiting, [
    [sees(asks("1"), asks("2", push("fix"))), "record: state waiting_for_user, 2 asked", "edit"],
    [editMade()],
    [sees(settles("1")), "record: 1 asked"],
    [NUDGED, "take commands"],
    [
      taken(command("c", "approve", codeOf("1", push("main")))),
      "record: The answer from `writer` wasn't used, because it didn't name the request that Copilot was waiting for., done c",
      "edit",
    ],
  ]);

  story("that nobody asked for is executed for none", waiting, [
    [NUDGED, "take commands"],
    [
      taken(command("c", "approve", "abcd")),
      "record: `writer` answered, but Copilot isn't waiting for an answer., done c",
      "edit",
    ],
  ]);

  story("reaches the one that it names where two wait together", waiting, [
    [sees(asks("1"), asks("2", push("fix"))), "record: state waiting_for_user, 2 asked", "edit"],
    [NUDGED, "take commands"],
    [
      taken(
        command("b", "deny", `${codeOf("2", push("fix"))} not yet`),
        command("a", "approve", codeOf("1", push("main"))),
      ),
      "execute b: answer 2",
      "execute a: answer 1",
    ],
  ]);

  story("that a comment can't show whole can only be given in Mission Control", waiting, [
    [
      sees(asks("1", { ...push("main"), withheld: "too_long" })),
      "record: state waiting_for_user, 1 asked",
      "edit",
    ],
    [NUDGED, "take commands"],
    [
      taken(command("c", "approve", codeOf("1", { ...push("main"), withheld: "too_long" }))),
      "record: The whole request can't be shown here, so `writer` can only approve it in Mission Control., done c",
    ],
  ]);
});
