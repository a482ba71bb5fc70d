import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { GitHub } from "../../src/ports/github.ts";
import { createReactions } from "../../src/runner/receive/reactions.ts";
import { createReporter } from "../../src/runner/report/reporter.ts";
import { openStore } from "../store/opened.ts";
import { ASKED, moving, record, STARTED } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { over } from "../core/task.ts";
import { NAMELESS } from "./nameless.ts";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-11-29T12:00:00.000Z");

const never = () => Promise.reject(new Error("not asked here"));
const refuse = () => Promise.reject(new Error("503"));

/** A reporter on a clock of the test's own, and a GitHub that edits comments and refuses what is given. */
async function openReporter(refused: Partial<GitHub>) {
  let at = START;
  const now = () => new Date(at);
  const { tasks } = await openStore(undefined, { now });
  const github: GitHub = {
    slug: NAMELESS,
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    findComment: () => Promise.resolve(null),
    writeCheckRun: never,
    createComment: never,
    deleteComment: never,
    updateComment: () => Promise.resolve(),
    addLabel: never,
    removeLabel: never,
    whereabouts: never,
    repositoryToken: never,
    submodulesAt: never,
    submoduleToken: never,
    openDraftPull: never,
    troubleOf({ message }: Error) {
      if (message === "404") return { type: "gone", message };
      return message === "503" ? { type: "unreachable", message } : null;
    },
    ...refused,
  };
  const log = { info() {}, warn() {}, error() {} };
  const reporter = createReporter({
    ports: { tasks, github, log, now, chance: () => 0, digest: (text) => text },
    reactions: createReactions({ github, log }),
    hosts: GITHUB_COM,
    timeouts: { reportAgainMs: 30_000, noticeEveryMs: 1_000, giveUpMs: 24 * HOUR_MS },
  });
  return { tasks, reporter, wait: (ms: number) => (at += ms) };
}

test.each([
  ["a notice", { createComment: refuse }, { decision: { notify: ["failed"] } }],
  ["a label", { addLabel: refuse }, { decision: { labels: { failed: "copilot-failed" } } }],
  ["a check run", { writeCheckRun: refuse }, { decision: { checkCommit: "1".repeat(40) } }],
] as const)(
  "%s that GitHub refuses beside an up-to-date comment is tried ever more rarely, for 24 hours",
  async (_what, refused, changes) => {
    const { tasks, reporter, wait } = await openReporter(refused);
    const failed = over(ASKED, STARTED, {
      state: "failed",
      decision: { kind: "triage" },
      shown: { comment: { id: 1 } },
    });
    const task = await record(tasks, await moving(tasks, commanded(1)), over(failed, changes));
    if (task === null) throw new TypeError("lost");

    const pauses: number[] = [];
    for (let tries = 0; tries < 200; tries += 1) {
      const current = await tasks.get(task.id);
      if (current === null) throw new TypeError("gone");
      const next = await reporter.report(current);
      if (typeof next !== "object") break;
      pauses.push(next.afterMs / 1_000);
      wait(next.afterMs);
    }

    expect(pauses.slice(0, 6)).toEqual([30, 60, 120, 240, 480, 900]);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBe(24 * 3_600);
    expect((await tasks.get(task.id))?.settledAt).not.toBeNull();
  },
);

test("one answer of 404 after an outage doesn't end a task whose subject GitHub doesn't show", async () => {
  const answers = [...Array.from({ length: 6 }, () => "503"), "404", "404"];
  const { tasks, reporter, wait } = await openReporter({
    createComment: () => Promise.reject(new Error(answers.shift())),
    whereabouts: () => Promise.resolve({ type: "unseen" }),
  });
  const failed = over(ASKED, STARTED, { state: "failed", decision: { kind: "triage" } });
  const task = await record(tasks, await moving(tasks, commanded(1)), failed);
  if (task === null) throw new TypeError("lost");

  const left: number[] = [];
  for (let current = await tasks.get(task.id); current?.settledAt === null;) {
    const next = await reporter.report(current);
    if (typeof next === "object") wait(next.afterMs);
    left.push(answers.length);
    current = await tasks.get(task.id);
  }

  expect(left).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  expect((await tasks.get(task.id))?.outcome).toEqual({ type: "canceled", why: "subject_gone" });
});
