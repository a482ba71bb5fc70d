import { createHash, randomUUID } from "node:crypto";
import { afterEach, beforeEach, vi } from "vitest";
import type { Task, TaskChanges } from "../../src/core/task.ts";
import { createFollowing } from "../../src/runner/following.ts";
import type { CloudSession, GitHub, Patience } from "../../src/runner/ports.ts";
import { createReporter } from "../../src/runner/reporter.ts";
import { createOrderStore } from "../../src/store/orders.ts";
import { LINKED } from "../core/task.ts";
import { openStore } from "../store/opened.ts";
import { commanded } from "../store/trigger.ts";
import { playSession } from "./followed-session.ts";

/** A minute in milliseconds. */
export const MINUTE = 60_000;

const PATIENCE: Patience = {
  busyMs: 1_000,
  renewMs: 3_000,
  lateStartMs: 1_000,
  linkGraceMs: 0,
  linkWatchMs: 0,
  promptNoticeMs: 1_000,
  reportAgainMs: 1_000,
  firstRetryMs: 1_000,
  followMs: 60 * MINUTE,
  followAgainMs: 60 * MINUTE,
  idleMs: 10 * MINUTE,
  editEveryMs: 15_000,
  mostFollowed: 2,
};

/** The id of the first task. */
export const TASK_ID = "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11";

const now = () => new Date();
const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const never = () => Promise.reject(new Error("not asked here"));

/** Each test of the file begins at noon, on a clock of its own. */
export function useClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    vi.setSystemTime("2026-11-21T12:00:00Z");
  });
  afterEach(() => vi.useRealTimers());
}

/** A follower on a real store, and a GitHub that keeps every version of every comment. */
export async function openFollowing() {
  let made = 0;
  const newId = () => ((made += 1) === 1 ? TASK_ID : randomUUID());
  const { tasks, database } = await openStore(undefined, { now, newId });
  const orders = createOrderStore(database, now);
  const edits: string[] = [];
  const github: GitHub = {
    survey: never,
    roleOf: never,
    isInTeam: never,
    branch: never,
    text: never,
    react: never,
    addLabel: never,
    removeLabel: never,
    writeCheckRun: never,
    findComment: () => Promise.resolve(null),
    createComment: never,
    updateComment(_task, _id, body) {
      edits.push(body);
      return Promise.resolve();
    },
    troubleOf: () => null,
  };
  const log = { info() {}, warn() {}, error() {} };
  const stopping = new AbortController();
  const reporter = createReporter(
    { tasks, github, log, now, digest },
    "https://github.com",
    PATIENCE,
  );
  const looked: string[] = [];
  const lookAgain = (taskId: string) => void looked.push(taskId);
  const ports = { tasks, orders, log, now, stopping: stopping.signal, lookAgain };
  const following = createFollowing(ports, reporter, PATIENCE);
  let count = 0;

  async function follow(changes: TaskChanges = {}, played: Partial<CloudSession> = {}) {
    count += 1;
    const inserted = await tasks.insert(commanded(count));
    const claim = await tasks.claim(inserted?.id ?? "", "start");
    if (claim.type !== "claimed") throw new TypeError("not claimed");
    const followUntil = new Date(Date.now() + PATIENCE.followMs).toISOString();
    const begun = {
      ...LINKED,
      kind: "triage",
      commentId: 1,
      sessionStartedAt: now().toISOString(),
    };
    const task = await tasks.record(claim.task, { ...begun, followUntil, ...changes });
    if (task === null) throw new TypeError("not recorded");
    const session = { ...playSession(`session-${count}`), ...played };
    const end = following.follow(task, session);
    await settle();
    return { task, session, end };
  }
  const get = async ({ id }: Task) => (await tasks.get(id)) ?? undefined;
  return { follow, following, orders, edits, stopping, get, looked };
}

/** Lets what is due now come to its end; the store answers on later turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await vi.advanceTimersByTimeAsync(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets time pass, and what is due in it come to its end. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}
