import { expect, test } from "vitest";
import { hostsOf } from "../../src/core/github/hosts.ts";
import type { Role } from "../../src/core/github/role.ts";
import { surveyWith } from "../core/survey.ts";
import { inserted } from "../store/story.ts";
import { fromPage } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { clockedBot, createClock } from "./clocked-bot.ts";

/** A bot whose GitHub says that whoever asks has this role. */
async function botFor(role: Role) {
  const seen = { surveys: 0, comments: 0, confused: 0 };
  const { runner, store } = await clockedBot({
    clock: createClock(),
    github: {
      survey() {
        seen.surveys += 1;
        return Promise.resolve(surveyWith({ role }));
      },
      createComment: () => Promise.resolve((seen.comments += 1)),
      react: (_task, reaction) =>
        Promise.resolve(void (seen.confused += Number(reaction === "confused"))),
    },
    identities: {},
    hosts: hostsOf({ GHE_PROTOCOL: "https" }),
    timeouts: TIMEOUTS,
  });
  /** Somebody presses a button, and the bot does all that there's to do for it. */
  const press = async (delivery: number) => {
    const { id } = await inserted(store.tasks, fromPage(`page-${delivery}`));
    expect(await runner.receive(id)).toBe("done");
    return store.tasks.get(id);
  };
  return { press, seen };
}

const SENTENCE =
  "You need write access to this repository to do this. A repository administrator can give you access, or maintainers can change `permissions` in `.github/copilot-tasks.yml`.";

// A triager's command in the thread gets a comment, a reader's a reaction.
test.each(["triage", "read"] as const)(
  "what somebody with the role %s may not do on a page is refused there, without a word in the thread",
  async (role) => {
    const { press, seen } = await botFor(role);
    const task = await press(1);
    expect(task).toMatchObject({
      settledAt: expect.any(String),
      outcome: { type: "denied", reason: "no_permission", text: SENTENCE },
    });
    expect(seen).toEqual({ surveys: 1, comments: 0, confused: 0 });
  },
);

test("of somebody who is refused again and again, GitHub isn't asked anymore", async () => {
  const { press, seen } = await botFor("triage");
  for (let delivery = 1; delivery <= 12; delivery += 1) {
    expect((await press(delivery))?.outcome).toMatchObject({ reason: "no_permission" });
  }
  expect(seen.surveys).toBe(10);
});
