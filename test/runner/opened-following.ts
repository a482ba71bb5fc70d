import { createHash, randomUUID } from "node:crypto";
import { afterEach, beforeEach, vi } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Task } from "../../src/core/task/task.ts";
import { createBackground } from "../../src/runner/lease/background.ts";
import { withRetries } from "../../src/runner/lease/retries.ts";
import type { Next } from "../../src/ports/queue.ts";
import { createSessions } from "../../src/runner/session/sessions.ts";
import type { CloudSession } from "../../src/ports/copilot.ts";
import type { GitHub } from "../../src/ports/github.ts";
import type { Timeouts } from "../../src/ports/timeouts.ts";
import { createLinkWatch } from "../../src/runner/session/link-watch.ts";
import { createPolicies } from "../../src/runner/receive/policies.ts";
import { createSteering } from "../../src/runner/session/steering.ts";
import { createReactions } from "../../src/runner/receive/reactions.ts";
import type { Reporter } from "../../src/runner/report/reporter.ts";
import { createReporter } from "../../src/runner/report/reporter.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { createSessionCommands } from "../../src/store/session-commands.ts";
import { openStore } from "../store/opened.ts";
import { commanded } from "../store/trigger.ts";
import { playSession } from "./followed-session.ts";
import { record } from "../store/story.ts";
import type { Layer } from "../core/task.ts";
import { LINKED, over } from "../core/task.ts";
import { NAMELESS } from "./nameless.ts";

export const MINUTE = 60_000;

/** The id of the first task. */
export const TASK_ID = "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11";

export const FOLLOWING_TIMEOUTS: Timeouts = {
  ...TIMEOUTS,
  lateStartMs: 1_000,
  linkGraceMs: 0,
  linkWatchMs: 0,
  startingNoticeMs: 10_000,
  promptNoticeMs: 1_000,
  reportAgainMs: 1_000,
  firstRetryMs: 1_000,
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
export const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const never = () => Promise.reject(new Error("not asked here"));

/** GitHub refuses a request, and asks for a pause this long. */
class Limited extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super("You have exceeded a secondary rate limit");
    this.seconds = seconds;
  }
}

/** Somebody deleted what is to be edited. */
class Gone extends Error {}

/** The tasks' own comments have lower ids. */
const FIRST_NOTICE = 1_000;

/** A GitHub that keeps every version of every comment, and is as slow as the test wants it. */
function openGitHub() {
  const edits: string[] = [];
  /** When edits were requested, in seconds since the start; and how many at once at most. */
  const asked: number[] = [];
  const posts: string[] = [];
  const notices = new Map<number, string>();
  const edge = {
    refuseFor: 0,
    isLost: false,
    isNoticeLost: false,
    inFlight: 0,
    most: 0,
    gate: Promise.resolve(),
  };
  const startedAt = Date.now();
  const github: GitHub = {
    slug: NAMELESS,
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    addLabel: never,
    removeLabel: never,
    writeCheckRun: never,
    findComment: (_task, marker) => {
      const found = [...notices].find(([, body]) => body.startsWith(marker));
      return Promise.resolve(found?.[0] ?? null);
    },
    whereabouts: () => Promise.resolve({ type: "here" }),
    repositoryToken: never,
    submodulesAt: never,
    submoduleToken: never,
    openDraftPull: never,
    createComment(_task, body) {
      posts.push(body);
      notices.set(FIRST_NOTICE + posts.length, body);
      return answer(FIRST_NOTICE + posts.length);
    },
    deleteComment(_task, id) {
      notices.delete(id);
      return answer(undefined);
    },
    async updateComment(_task, id, body) {
      if (id > FIRST_NOTICE) {
        if (!notices.has(id)) throw new Gone();
        notices.set(id, body);
        await answer(undefined);
        return;
      }
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
    troubleOf(error) {
      if (error instanceof Gone) return { type: "gone", message: error.message };
      if (!(error instanceof Limited)) return null;
      return { type: "unreachable", message: error.message, retryAfterSeconds: error.seconds };
    },
  };

  /** The request was performed; its response may get lost. */
  function answer<Value>(value: Value): Promise<Value> {
    const { isNoticeLost } = edge;
    edge.isNoticeLost = false;
    return isNoticeLost ? Promise.reject(new Limited(0)) : Promise.resolve(value);
  }

  return {
    github,
    edits,
    asked,
    /** Every comment that was created, in order. */
    posts,
    /** The comments that were created and are still there, by id. */
    notices,
    /** What is done next to a comment other than the first is done, and the answer gets lost. */
    loseNextNotice: () => {
      edge.isNoticeLost = true;
    },
    mostAtOnce: () => edge.most,
    /** Edits get no answer until what is returned is called. */
    assertLease: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      edge.gate = promise;
      return resolve;
    },
    /** The next edit is made, and its answer gets lost. */
    loseNext: () => {
      edge.isLost = true;
    },
    /** The next edit is refused, with the pause that GitHub asks for. */
    refuseNext: (seconds: number) => {
      edge.refuseFor = seconds;
    },
  };
}

/** A follower on a real store. */
export async function openFollowing(survey: GitHub["survey"] = never) {
  let made = 0;
  const idOf = () => ((made += 1) === 1 ? TASK_ID : randomUUID());
  const { tasks: stored, database } = await openStore(undefined, { now, idOf });
  const broken = new Set<"claims" | "everything">();
  const failing = <T>(call: () => Promise<T>, isBroken = broken.has("everything")) =>
    isBroken ? Promise.reject(new Error("no database")) : call();
  const tasks: typeof stored = {
    ...stored,
    record: (before, after) => failing(() => stored.record(before, after)),
    reopen: (id, reopening) => failing(() => stored.reopen(id, reopening)),
    renew: (task) => failing(() => stored.renew(task), broken.size > 0),
    renewWithoutSlot: (task) => failing(() => stored.renewWithoutSlot(task), broken.size > 0),
    release: (task) => failing(() => stored.release(task), broken.size > 0),
  };
  const sessionCommands = createSessionCommands(database, now);
  const commandsAsFound: typeof sessionCommands = {
    ...sessionCommands,
    take: (id) => failing(() => sessionCommands.take(id)),
    begun: (id) => failing(() => sessionCommands.begun(id)),
    done: (ids) => failing(() => sessionCommands.done(ids)),
    waiting: (ids) => failing(() => sessionCommands.waiting(ids)),
  };
  const { github, ...thread } = openGitHub();
  const lines: string[] = [];
  const log = {
    info() {},
    warn: (_fields: object, line: string) => void lines.push(line),
    error: (_fields: object, line: string) => void lines.push(line),
  };
  const stopping = new AbortController();
  const enqueued: string[] = [];
  const processAgain = (taskId: string) => void enqueued.push(taskId);
  const given = { tasks, log, now, digest, stopping: stopping.signal, processAgain };
  const identities = { isConnected: () => Promise.resolve(true), identityFor: never };
  const ports = withRetries({ ...given, sessionCommands: commandsAsFound, identities });
  const rendered: Task[] = [];
  const shown = createReporter({
    ports: { ...ports, github, chance: () => 0 },
    reactions: createReactions({ github, log }),
    hosts: GITHUB_COM,
    timeouts: FOLLOWING_TIMEOUTS,
  });
  const reporter: Reporter = {
    ...shown,
    dueAt(task) {
      rendered.push(task);
      return shown.dueAt(task);
    },
  };
  const links = createLinkWatch({
    ports: {
      ...ports,
      copilot: { backend: "cloud", attach: never, open: never, hasRoom: never, endUnused: never },
    },
    timeouts: FOLLOWING_TIMEOUTS,
    attach: never,
  });
  const background = createBackground(given, FOLLOWING_TIMEOUTS.renewMs);
  const outcomes = { stopped: () => Promise.reject(new Error("nothing is stopped here")) };
  const policies = createPolicies(github, GITHUB_COM.web);
  const common = {
    ports: { ...ports, github: { ...github, survey } },
    outcomes,
    steering: createSteering({ ...ports, github: { ...github, survey } }, policies, 2_000),
    reporter,
    background,
    links,
    hosts: GITHUB_COM,
    maxFollowed: 2,
  };
  const following = createSessions({ ...common, timeouts: FOLLOWING_TIMEOUTS });
  let count = 0;

  /** The task of a command, for a start. */
  async function claim(command = 1): Promise<Task> {
    const inserted = await tasks.insert(commanded(command));
    const claimed = await tasks.claim(inserted?.id ?? "", "start");
    if (claimed.type !== "claimed") throw new TypeError("not claimed");
    return claimed.task;
  }

  /** Sessions that nobody stops. */
  function converse(timeouts = FOLLOWING_TIMEOUTS) {
    return createSessions({ ...common, timeouts });
  }

  async function follow(changes: Layer = {}, played: Partial<CloudSession> = {}) {
    count += 1;
    const claimed = await claim(count);
    const followUntil = new Date(Date.now() + FOLLOWING_TIMEOUTS.followMs).toISOString();
    const begun = over(LINKED, {
      decision: { kind: "triage" },
      shown: { comment: { id: 1 } },
      session: { startedAt: now().toISOString() },
    });
    const task = await record(tasks, claimed, over(begun, changes, { session: { followUntil } }));
    if (task === null) throw new TypeError("not recorded");
    const session = { ...playSession(`session-${count}`), ...played };
    const { promise: end, resolve, reject } = Promise.withResolvers<Next>();
    // Not every story waits for the end.
    end.catch(() => {});
    background.runInBackground(task, (lost) => {
      const followed = following.follow(task, session, lost);
      followed.then(resolve, reject);
      return followed;
    });
    await settle();
    return { task, session, end };
  }
  const get = async ({ id }: Task) => (await tasks.get(id)) ?? undefined;
  /** The database takes nothing about claims, or nothing at all, until what is returned is called. */
  function breakDatabase(what: "claims" | "everything" = "everything") {
    broken.add(what);
    return () => void broken.delete(what);
  }
  const breakClaims = () => breakDatabase("claims");
  const parts = { tasks, stored, sessionCommands, following, claim, converse, rendered };
  return {
    ...parts,
    breakClaims,
    breakDatabase,
    follow,
    stopping,
    get,
    enqueued,
    lines,
    ...thread,
  };
}

/** Lets what is due now come to its end; the store answers on later turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await vi.advanceTimersByTimeAsync(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function pass(ms: number): Promise<void> {
  // What happens now is taken in before time passes.
  await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}
