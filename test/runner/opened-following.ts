import { createHash, randomUUID } from "node:crypto";
import { afterEach, beforeEach, vi } from "vitest";
import type { Task, TaskChanges } from "../../src/core/task.ts";
import { createBackground } from "../../src/runner/background.ts";
import type { Next } from "../../src/runner/ending.ts";
import { createConversation } from "../../src/runner/conversation.ts";
import { createFollowing } from "../../src/runner/following.ts";
import type { CloudSession, GitHub, Patience } from "../../src/runner/ports.ts";
import { createReporter } from "../../src/runner/reporter.ts";
import { createOrderStore } from "../../src/store/orders.ts";
import { LINKED } from "../core/task.ts";
import { openStore } from "../store/opened.ts";
import { commanded } from "../store/trigger.ts";
import { playSession } from "./followed-session.ts";

export const MINUTE = 60_000;

/** The id of the first task. */
export const TASK_ID = "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11";

export const PATIENCE: Patience = {
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

/** For the tests of a file: time passes when the test says so. */
export function useClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
    });
    vi.setSystemTime("2026-11-21T12:00:00Z");
  });
  afterEach(() => void vi.useRealTimers());
}

const now = () => new Date();
const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const never = () => Promise.reject(new Error("not asked here"));

/** GitHub does not do what it is asked, and wants to be left alone for so long. */
class Limited extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super("You have exceeded a secondary rate limit");
    this.seconds = seconds;
  }
}

/** A GitHub that keeps every version of every comment, and is as slow as the test wants it. */
function openGitHub() {
  const edits: string[] = [];
  /** When edits were asked for, in seconds since the start; and how many at once at most. */
  const asked: number[] = [];
  const edge = { refuseFor: 0, isLost: false, inFlight: 0, most: 0, gate: Promise.resolve() };
  const startedAt = Date.now();
  const github: GitHub = {
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    addLabel: never,
    removeLabel: never,
    writeCheckRun: never,
    findComment: () => Promise.resolve(null),
    createComment: never,
    async updateComment(_task, _id, body) {
      asked.push(Math.floor((Date.now() - startedAt) / 1_000));
      edge.inFlight += 1;
      edge.most = Math.max(edge.most, edge.inFlight);
      await edge.gate;
      edge.inFlight -= 1;
      const seconds = edge.refuseFor;
      edge.refuseFor = 0;
      if (seconds > 0) throw new Limited(seconds);
      edits.push(body);
      const { isLost } = edge;
      edge.isLost = false;
      if (isLost) throw new Limited(0);
    },
    troubleOf: (error) =>
      error instanceof Limited
        ? { type: "unreachable", message: error.message, retryAfterSeconds: error.seconds }
        : null,
  };
  return {
    github,
    edits,
    asked,
    mostAtOnce: () => edge.most,
    /** Edits get no answer until what is returned is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      edge.gate = promise;
      return resolve;
    },
    /** The next edit is made, and its answer gets lost. */
    loseNext: () => {
      edge.isLost = true;
    },
    /** The next edit is refused, with the time for which GitHub wants to be left alone. */
    refuseNext: (seconds: number) => {
      edge.refuseFor = seconds;
    },
  };
}

/** A follower on a real store. */
export async function openFollowing() {
  let made = 0;
  const idOf = () => ((made += 1) === 1 ? TASK_ID : randomUUID());
  const { tasks: stored, database } = await openStore(undefined, { now, idOf });
  const renewals = { areBroken: false };
  const tasks: typeof stored = {
    ...stored,
    renew: (task) =>
      renewals.areBroken ? Promise.reject(new Error("no database")) : stored.renew(task),
  };
  const orders = createOrderStore(database, now);
  const { github, ...thread } = openGitHub();
  const lines: string[] = [];
  const log = {
    info() {},
    warn: (_fields: object, line: string) => void lines.push(line),
    error: (_fields: object, line: string) => void lines.push(line),
  };
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
  const background = createBackground(ports, PATIENCE.renewMs);
  let count = 0;

  /** The task of a command, for a start. */
  async function claim(command = 1): Promise<Task> {
    const inserted = await tasks.insert(commanded(command));
    const claimed = await tasks.claim(inserted?.id ?? "", "start");
    if (claimed.type !== "claimed") throw new TypeError("not claimed");
    return claimed.task;
  }

  /** A conversation that nobody stops. */
  function converse(patience = PATIENCE) {
    const ending = { stopped: () => Promise.reject(new Error("nothing is stopped here")) };
    return createConversation({ ports, ending, reporter, background, following, patience });
  }

  async function follow(changes: TaskChanges = {}, played: Partial<CloudSession> = {}) {
    count += 1;
    const claimed = await claim(count);
    const followUntil = new Date(Date.now() + PATIENCE.followMs).toISOString();
    const begun = {
      ...LINKED,
      kind: "triage",
      commentId: 1,
      sessionStartedAt: now().toISOString(),
    };
    const task = await tasks.record(claimed, { ...begun, followUntil, ...changes });
    if (task === null) throw new TypeError("not recorded");
    const session = { ...playSession(`session-${count}`), ...played };
    const { promise: end, resolve, reject } = Promise.withResolvers<Next>();
    // Not every story waits for the end.
    end.catch(() => {});
    background.goOn(task, (lost) => {
      const followed = following.follow(task, session, lost);
      followed.then(resolve, reject);
      return followed;
    });
    await settle();
    return { task, session, end };
  }
  const get = async ({ id }: Task) => (await tasks.get(id)) ?? undefined;
  /** The database takes no renewals until what is returned is called. */
  function breakRenewals() {
    renewals.areBroken = true;
    return () => {
      renewals.areBroken = false;
    };
  }
  const parts = { tasks, orders, following, claim, converse };
  return { ...parts, breakRenewals, follow, stopping, get, looked, lines, ...thread };
}

/** Lets what is due now come to its end; the store answers on later turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await vi.advanceTimersByTimeAsync(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}
