import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { GitHub } from "../../src/ports/github.ts";
import { createReactions } from "../../src/runner/receive/reactions.ts";
import { createReporter } from "../../src/runner/report/reporter.ts";
import { openStore } from "../store/opened.ts";
import { ASKED, moving, record } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { over } from "../core/task.ts";
import { NAMELESS } from "./nameless.ts";

const LABEL = "copilot-at-work";
const RUNS = over(ASKED, { decision: { kind: "triage", labels: { running: LABEL } } });

const never = () => Promise.reject(new Error("not asked here"));

/** A reporter whose GitHub records changes of labels; `meanwhile` happens before one is removed. */
async function openReporter(meanwhile: (tasks: Tasks) => Promise<unknown>) {
  const { tasks } = await openStore();
  const done: string[] = [];
  const github: GitHub = {
    slug: NAMELESS,
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    findComment: never,
    writeCheckRun: never,
    createComment: () => Promise.resolve(1),
    deleteComment: never,
    updateComment: () => Promise.resolve(),
    addLabel: (_task, label) => Promise.resolve(void done.push(`add ${label}`)),
    async removeLabel(_task, label) {
      await meanwhile(tasks);
      done.push(`remove ${label}`);
    },
    whereabouts: never,
    repositoryToken: never,
    submodulesAt: never,
    submoduleToken: never,
    openDraftPull: never,
    troubleOf: () => null,
  };
  const log = { info() {}, warn() {}, error() {} };
  const pure = { now: () => new Date(), chance: () => 0, digest: (text: string) => text };
  const reporter = createReporter({
    ports: { tasks, github, log, ...pure },
    reactions: createReactions({ github, log }),
    hosts: GITHUB_COM,
    timeouts: { reportAgainMs: 1_000, noticeEveryMs: 1_000, giveUpMs: 60_000 },
  });
  return { tasks, reporter, done };
}

type Tasks = Awaited<ReturnType<typeof openStore>>["tasks"];

async function ended(tasks: Tasks) {
  const task = await moving(tasks, commanded(1));
  const completed = over(RUNS, { state: "completed", shown: { label: LABEL } });
  const recorded = await record(tasks, task, completed);
  if (recorded === null) throw new TypeError("lost");
  return recorded;
}

test("a task that begins while another removes the running label gets it back", async () => {
  const begin = async (tasks: Tasks) =>
    record(tasks, await moving(tasks, commanded(2)), over(RUNS, { shown: { label: LABEL } }));
  const { tasks, reporter, done } = await openReporter(begin);
  expect(await reporter.report(await ended(tasks))).toBe("done");
  expect(done).toEqual([`remove ${LABEL}`, `add ${LABEL}`]);
});

test("of two that end at once, at least one removes the running label", async () => {
  const { tasks, reporter, done } = await openReporter(() => Promise.resolve());
  const task = await ended(tasks);
  const other = await record(
    tasks,
    await moving(tasks, commanded(2)),
    over(RUNS, { state: "failed", shown: { label: LABEL } }),
  );
  expect(await reporter.report(task)).toBe("done");
  expect(done).toEqual([`remove ${LABEL}`]);
  expect(other).not.toBeNull();
});
