import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { GitHub } from "../../src/ports/github.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import { LostClaim } from "../../src/runner/lease/record.ts";
import { createReactions } from "../../src/runner/receive/reactions.ts";
import { createReporter } from "../../src/runner/report/reporter.ts";
import type { Layer } from "../core/task.ts";
import { over } from "../core/task.ts";
import { openStore } from "../store/opened.ts";
import { ASKED, claimed, inserted, record, STARTED } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { NAMELESS } from "./nameless.ts";

const never = () => Promise.reject(new Error("not asked here"));

/** When GitHub creates the comment of the replica that has lost its claim, as the other one continues. */
type Moment =
  | "before the other looks for it"
  | "once the other has looked for it"
  | "while the other creates its own"
  | "once the other has created its own"
  | "once the other is done";

/** When GitHub's answer comes. */
type Arrival = "at once" | "once the other is done" | "never";

const FAILED = over(ASKED, STARTED, { state: "failed", decision: { kind: "triage" } });

/** What is to be created. */
const KINDS: Readonly<Record<string, Layer>> = {
  comment: FAILED,
  notice: over(FAILED, { decision: { notify: ["failed"] }, shown: { comment: { id: 1 } } }),
};

/** A thread, and the moment at which the first comment in it is created. */
function openThread(moment: Moment, arrival: Arrival) {
  const comments = new Map<number, string>();
  const firstEnded = Promise.withResolvers<void>();
  const otherEnded = Promise.withResolvers<void>();
  let pending: (() => void) | null = null;
  let count = 100;

  function create(body: string): number {
    count += 1;
    comments.set(count, body);
    return count;
  }

  /** The first replica's request is performed now, if this is the moment. */
  async function reach(reached: Moment): Promise<void> {
    if (reached !== moment || pending === null) return;
    pending();
    pending = null;
    if (arrival === "at once") await firstEnded.promise;
  }

  const shared: GitHub = {
    slug: NAMELESS,
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    findComment: never,
    createComment: never,
    writeCheckRun: never,
    updateComment(_task, id, body) {
      if (comments.has(id)) comments.set(id, body);
      return Promise.resolve();
    },
    deleteComment: (_task, id) => Promise.resolve(void comments.delete(id)),
    addLabel: never,
    removeLabel: never,
    whereabouts: never,
    repositoryToken: never,
    submodulesAt: never,
    submoduleToken: never,
    openDraftPull: never,
    troubleOf: ({ message }: Error) =>
      message === "503" ? { type: "unreachable", message } : null,
  };
  const first: GitHub = {
    ...shared,
    async createComment(_task, body) {
      const { promise, resolve } = Promise.withResolvers<number>();
      pending = () => resolve(create(body));
      started.resolve();
      const id = await promise;
      if (arrival !== "at once") await otherEnded.promise;
      if (arrival === "never") throw new Error("503");
      return id;
    },
  };
  const started = Promise.withResolvers<void>();
  const other: GitHub = {
    ...shared,
    async findComment(_task, marker, except) {
      await reach("before the other looks for it");
      const found = [...comments].find(([id, body]) => id !== except && body.startsWith(marker));
      await reach("once the other has looked for it");
      return found?.[0] ?? null;
    },
    async createComment(_task, body) {
      await reach("while the other creates its own");
      const id = create(body);
      await reach("once the other has created its own");
      return id;
    },
  };
  return { comments, first, other, started: started.promise, reach, firstEnded, otherEnded };
}

function reporterOf(tasks: TaskStore, github: GitHub, now: () => Date) {
  const log = { info() {}, warn() {}, error() {} };
  return createReporter({
    ports: { tasks, github, log, now, chance: () => 0, digest: (text) => text },
    reactions: createReactions({ github, log }),
    hosts: GITHUB_COM,
    timeouts: TIMEOUTS,
  });
}

/** One replica is about to create a comment, cannot renew its claim, and another one continues. */
async function play(kind: Layer, moment: Moment, arrival: Arrival) {
  let at = Date.parse("2026-11-29T12:00:00.000Z");
  const now = () => new Date(at);
  const { tasks } = await openStore(undefined, { now });
  const thread = openThread(moment, arrival);
  const { id } = await inserted(tasks, commanded(1));
  const task = await record(tasks, await claimed(tasks, id), kind);
  if (task === null) throw new TypeError("lost");

  const first = reporterOf(tasks, thread.first, now).report(task);
  const ended = first.then(
    () => null,
    (error: unknown) => error,
  );
  void ended.then(() => thread.firstEnded.resolve());
  await thread.started;
  at += 20_000;
  const taken: Task = await claimed(tasks, id);
  expect(await reporterOf(tasks, thread.other, now).report(taken)).toBe("done");
  await thread.reach("once the other is done");
  thread.otherEnded.resolve();
  expect(await ended).toBeInstanceOf(LostClaim);
  return { comments: thread.comments, task: await tasks.get(id) };
}

const MOMENTS: readonly Moment[] = [
  "before the other looks for it",
  "once the other has looked for it",
  "while the other creates its own",
  "once the other has created its own",
  "once the other is done",
];

describe.each(Object.entries(KINDS))(
  "of a %s that a replica without a claim creates, one is left",
  (name, kind) => {
    const stories = MOMENTS.flatMap(
      (moment) =>
        (["at once", "once the other is done", "never"] as const).map(
          (arrival) => [moment, arrival] as const,
        ),
      // Nobody is left then who could know of it.
    ).filter(([moment, arrival]) => !(moment === "once the other is done" && arrival === "never"));

    test.each(stories)("%s; its answer comes %s", async (moment, arrival) => {
      const { comments, task } = await play(kind, moment, arrival);
      expect(comments.size).toBe(1);
      const [[id] = []] = comments;
      expect(name === "comment" ? task?.shown.comment.id : task?.shown.notice.id).toBe(id);
      expect(task?.settledAt).not.toBeNull();
    });
  },
);
