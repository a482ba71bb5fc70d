import { expect, test } from "vitest";
import type { GitHub } from "../../src/runner/ports.ts";
import { createReporter } from "../../src/runner/reporter.ts";
import { openStore } from "../store/opened.ts";
import { ASKED, moving } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";

const LABEL = "copilot-at-work";
const RUNS = { ...ASKED, kind: "triage", runningLabel: LABEL } as const;

const never = () => Promise.reject(new Error("not asked here"));

/** A reporter whose GitHub notes what becomes of labels; `meanwhile` happens before one is taken off. */
async function openReporter(meanwhile: (tasks: Tasks) => Promise<unknown>) {
  const { tasks } = await openStore();
  const done: string[] = [];
  const github: GitHub = {
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    findComment: never,
    writeCheckRun: never,
    createComment: () => Promise.resolve(1),
    updateComment: () => Promise.resolve(),
    addLabel: (_task, label) => Promise.resolve(void done.push(`add ${label}`)),
    async removeLabel(_task, label) {
      await meanwhile(tasks);
      done.push(`remove ${label}`);
    },
    troubleOf: () => null,
  };
  const log = { info() {}, warn() {}, error() {} };
  const ports = { tasks, github, log, now: () => new Date(), digest: (text: string) => text };
  const reporter = createReporter(ports, "https://github.com", { reportAgainMs: 1_000 });
  return { tasks, reporter, done };
}

type Tasks = Awaited<ReturnType<typeof openStore>>["tasks"];

async function ended(tasks: Tasks) {
  const task = await moving(tasks, commanded(1));
  const over = { ...RUNS, state: "completed", shownLabel: LABEL } as const;
  const recorded = await tasks.record(task, over);
  if (recorded === null) throw new TypeError("lost");
  return recorded;
}

test("a task that begins while another takes the running label off gets it back", async () => {
  const begin = async (tasks: Tasks) =>
    tasks.record(await moving(tasks, commanded(2)), { ...RUNS, shownLabel: LABEL });
  const { tasks, reporter, done } = await openReporter(begin);
  expect(await reporter.report(await ended(tasks))).toBe("done");
  expect(done).toEqual([`remove ${LABEL}`, `add ${LABEL}`]);
});

test("of two that end at once, one at least takes the running label off", async () => {
  const { tasks, reporter, done } = await openReporter(() => Promise.resolve());
  const task = await ended(tasks);
  const other = await tasks.record(await moving(tasks, commanded(2)), {
    ...RUNS,
    state: "failed",
    shownLabel: LABEL,
  });
  expect(await reporter.report(task)).toBe("done");
  expect(done).toEqual([`remove ${LABEL}`]);
  expect(other).not.toBeNull();
});
