import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Lane, Task } from "../../src/core/task/task.ts";
import type { Next } from "../../src/ports/queue.ts";
import { surveyWith } from "../core/survey.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { away, clockedBot, createClock, HOUR_MS, never } from "./clocked-bot.ts";

/** What GitHub answers, by the hours that have passed. */
interface Played {
  readonly survey: (hours: number) => Partial<Parameters<typeof surveyWith>[0]> | "503";
  readonly text?: () => Promise<string>;
  readonly createComment?: (hours: number) => "503" | "written";
}

/** Handles one task until nothing is left to do; gives its hours. */
async function handle(played: Played): Promise<{ task: Task | null; hours: number }> {
  const clock = createClock();
  const { hours } = clock;
  const { runner, store } = await clockedBot({
    clock,
    github: {
      survey() {
        const answer = played.survey(hours());
        return answer === "503" ? away() : Promise.resolve(surveyWith(answer));
      },
      text: () => played.text?.() ?? never(),
      createComment: () =>
        played.createComment?.(hours()) === "written" ? Promise.resolve(1) : away(),
    },
    // The account of all sessions is always known.
    identities: {},
    hosts: GITHUB_COM,
    timeouts: { ...TIMEOUTS, giveUpMs: 24 * HOUR_MS },
  });
  const { id } = await inserted(store.tasks, commanded(1));
  let lane: Lane = "receive";
  for (let next: Next = { afterMs: 0 }; next !== "done";) {
    clock.pass(typeof next === "object" ? next.afterMs : 0);
    next = await runner[lane](id);
    if (next === "start") lane = "start";
  }
  return { task: await store.tasks.get(id), hours: hours() };
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const text = "prompts: { triage: { path: .github/triage.md } }";
const WITH_TEMPLATE = {
  policy: { repository: { commit: COMMIT, file: { blob: COMMIT, text } }, organization: null },
};

test("the time for which a comment is tried begins when GitHub refuses it, not when it refused what came before", async () => {
  const { task, hours } = await handle({
    survey: (passed) => (passed < 20 ? "503" : { archived: true }),
    createComment: (passed) => (passed < 30 ? "503" : "written"),
  });
  expect(task?.outcome).toMatchObject({ type: "denied", reason: "repository_archived" });
  expect(task?.shown.comment.id).toBe(1);
  expect(Math.floor(hours)).toBe(30);
});

test.each<[string, Played]>([
  ["the survey", { survey: () => "503" }],
  ["the template", { survey: () => WITH_TEMPLATE, text: () => Promise.reject(new Error("503")) }],
])(
  "%s that GitHub refuses is asked for for 24 hours, though it answers what's asked before",
  async (_what, played) => {
    const { task, hours } = await handle({ ...played, createComment: () => "written" });
    expect(task?.outcome).toMatchObject({ type: "failed", code: "github_unreachable" });
    expect(hours).toBe(24);
  },
);
