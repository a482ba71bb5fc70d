import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Survey } from "../../src/core/access/survey.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import { taskIdOf } from "../../src/store/task-id.ts";
import { failed, layered, over, PROMPTED } from "../core/task.ts";
import { surveyWith } from "../core/survey.ts";
import { openStore } from "../store/opened.ts";
import { ADMITTED, claimed, inserted, record } from "../store/story.ts";
import { commanded, fromPage } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import type { Clock } from "./clocked-bot.ts";
import { away, clockedBot, createClock } from "./clocked-bot.ts";

const FAILED = over(ADMITTED, {
  state: "failed",
  outcome: failed("policy_blocked"),
  settledAt: "2026-11-29T12:00:00.000Z",
});

/** GitHub, when it answers. */
const shows = () => Promise.resolve(surveyWith({}));

/** The task that failed. */
const FAILED_ID = taskIdOf("delivery-1");

/** Two replicas, and a thread in which a task has failed. */
async function replicas(clock: Clock, survey: () => Promise<Survey>) {
  const store = await openStore(undefined, { now: clock.now });
  const { tasks } = store;
  const { id } = await inserted(tasks, commanded(1));
  await record(tasks, await claimed(tasks, id), FAILED);
  const github = { survey, createComment: () => Promise.resolve(1) };
  const same = { store, clock, github, identities: {}, hosts: GITHUB_COM, timeouts: TIMEOUTS };
  const { runner: first } = await clockedBot(same);
  const { runner: second } = await clockedBot(same);
  return { tasks, first, second };
}

/** `/copilot retry` in the thread, or on the failed task's page. */
const inThread = (delivery: number) =>
  commanded(delivery, { trigger: { name: "retry", instructions: FAILED_ID } });
const inThreadUnnamed = (delivery: number) => commanded(delivery, { trigger: { name: "retry" } });
const onPage = (delivery: number): Trigger =>
  layered(fromPage(`delivery-${delivery}`), {
    trigger: { name: "retry", instructions: FAILED_ID },
  });

test("a retry waits for as long as GitHub keeps an older one from being decided", async () => {
  const clock = createClock();
  let isAway = true;
  const survey = () => (isAway ? away() : shows());
  const { tasks, first, second } = await replicas(clock, survey);
  const older = await inserted(tasks, inThread(2));
  expect(await first.receive(older.id)).toMatchObject({ afterMs: 5_000 });
  clock.pass(60_000);
  isAway = false;
  const younger = await inserted(tasks, inThread(3));
  expect(await second.receive(younger.id)).toEqual({ afterMs: 1_000, lane: "receive" });
  // A sweep finds it later, and not each minute until it has been tried too often.
  expect(await tasks.waiting()).toEqual([older.id]);
  clock.pass(1_000);
  expect(await second.receive(younger.id)).toEqual({ afterMs: 1_000, lane: "receive" });
  expect(await first.receive(older.id)).toBe("start");
  clock.pass(1_000);
  expect(await second.receive(younger.id)).toBe("done");
  expect((await tasks.get(younger.id))?.outcome).toEqual({
    type: "answered",
    markdown: `Task \`${FAILED_ID.slice(0, 8)}\` is being retried already, as task \`${older.id.slice(0, 8)}\`.`,
  });
});

test("a retry starts nothing if an older one's session ended while it waited", async () => {
  const clock = createClock();
  const { tasks, first, second } = await replicas(clock, shows);
  const older = await inserted(tasks, inThread(2));
  clock.pass(1);
  const younger = await inserted(tasks, inThread(3));
  expect(await first.receive(older.id)).toBe("start");
  const ended = { state: "completed", settledAt: "2026-11-29T12:00:00.000Z" } as const;
  await record(tasks, await claimed(tasks, older.id), over(PROMPTED, ended));
  expect(await second.receive(younger.id)).toBe("done");
  expect((await tasks.get(younger.id))?.outcome).toEqual({
    type: "answered",
    markdown: `Task \`${FAILED_ID.slice(0, 8)}\` has been retried already, as task \`${older.id.slice(0, 8)}\`.`,
  });
});

test.each([
  ["two comments that name the task", inThread, inThread],
  ["two comments that don't", inThreadUnnamed, inThreadUnnamed],
  ["a comment and the page's button", inThread, onPage],
  ["the page's button and a comment", onPage, inThreadUnnamed],
])(
  "two replicas that decide at the same moment start one session: %s",
  async (_what, one, other) => {
    const surveyed = Promise.withResolvers<Survey>();
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let surveys = 0;
    const survey = () => {
      asked[surveys]?.resolve();
      surveys += 1;
      return surveyed.promise;
    };
    const { tasks, first, second } = await replicas(createClock(), survey);
    // Of the same moment, the one with the smaller id comes first; it's stored when the other has looked for such.
    const [earlier, later] = [2, 3].toSorted((a, b) =>
      taskIdOf(`delivery-${a}`) < taskIdOf(`delivery-${b}`) ? -1 : 1,
    );
    const younger = await inserted(tasks, one(later ?? 0));
    const nexts = [first.receive(younger.id)];
    await asked[0]?.promise;
    const older = await inserted(tasks, other(earlier ?? 0));
    nexts.push(second.receive(older.id));
    await asked[1]?.promise;
    surveyed.resolve(surveyWith({}));
    expect(new Set(await Promise.all(nexts))).toEqual(new Set(["done", "start"]));
    const [mine, its] = [await tasks.get(younger.id), await tasks.get(older.id)];
    const retries = [mine, its].map((task) => task?.decision.retryOf);
    expect(retries.filter((id) => id === FAILED_ID)).toHaveLength(1);
    expect([mine?.outcome?.type, its?.outcome?.type]).toContain("answered");
  },
);
