import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Opening } from "../../src/ports/copilot.ts";
import { subjectWith, surveyWith } from "../core/survey.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { away, clockedBot, createClock } from "./clocked-bot.ts";

const IN_AN_HOUR: Opening = {
  type: "failed",
  failure: {
    code: "rate_limited",
    message: "429",
    nothingCreated: true,
    retryAfterSeconds: 3_600,
  },
};

/** Pauses until a failed start is tried again, in seconds, while GitHub takes no comment for so many tries. */
async function pauses(refusals: number) {
  const clock = createClock();
  const bodies: string[] = [];
  let left = refusals;
  const { runner, store } = await clockedBot({
    clock,
    github: {
      survey: () => Promise.resolve(surveyWith({ subject: subjectWith({}) })),
      createComment(_task, body) {
        left -= 1;
        return left < 0 ? Promise.resolve(bodies.push(body)) : away();
      },
    },
    identities: {},
    copilot: { open: () => Promise.resolve(IN_AN_HOUR) },
    hosts: GITHUB_COM,
    timeouts: TIMEOUTS,
  });
  const { id } = await inserted(store.tasks, commanded(1));
  expect(await runner.receive(id)).toBe("start");
  const waited: number[] = [];
  let next = await runner.start(id);
  while (typeof next === "object" && bodies.length === 0) {
    waited.push(next.afterMs / 1_000);
    clock.pass(next.afterMs);
    next = await runner.receive(id);
  }
  await runner.stop();
  return { waited, next, bodies };
}

test.each([
  [0, [10], 3_590],
  [1, [10, 30], 3_560],
  [3, [10, 30, 60, 120], 3_380],
])(
  "people learn of a failed start as soon as GitHub takes a comment again, after %i refusals",
  async (refusals, waited, rest) => {
    const played = await pauses(refusals);
    expect(played.waited).toEqual(waited);
    expect(played.bodies).toEqual([expect.stringContaining("I'm trying again")]);
    expect(played.next).toEqual({ afterMs: rest * 1_000 });
  },
);
