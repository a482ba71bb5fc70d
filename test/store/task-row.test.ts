import { expect, test } from "vitest";
import type { Failure } from "../../src/core/task/failure.ts";
import type { Task } from "../../src/core/task/task.ts";
import { moved } from "../../src/core/task/thread-place.ts";
import * as deciding from "../../src/core/task/transitions/deciding.ts";
import * as ending from "../../src/core/task/transitions/ending.ts";
import * as following from "../../src/core/task/transitions/following.ts";
import * as showing from "../../src/core/task/transitions/showing.ts";
import * as starting from "../../src/core/task/transitions/starting.ts";
import { changedColumns, columnsOf, newRow } from "../../src/store/task-row.ts";
import { SHELL } from "../core/asking.ts";
import type { Layer } from "../core/task.ts";
import {
  answered,
  canceled,
  changed,
  COMMANDED,
  denied,
  failed,
  LINKED,
  over,
  taskWith,
} from "../core/task.ts";
import { openStore } from "./opened.ts";
import { inserted } from "./story.ts";
import { commanded, fromPage, labeled } from "./trigger.ts";

const AT = "2026-11-21T12:30:00.000Z";
const ADDRESS = "https://github.com/octo-org/hello/pull/8";

const PROGRESS = {
  said: "Done.",
  failure: "Broken.",
  asking: [{ code: "a1b2", asking: SHELL }],
  pulls: [ADDRESS, `${ADDRESS}9`],
  seenAt: AT,
  note: "Stopped.",
};

test.each<[what: string, layer: Layer]>([
  ["is new", {}],
  ["has a link", LINKED],
  ["asks for much", over(LINKED, { session: { progress: PROGRESS, followUntil: AT } })],
  ["has a session that can't be reached again", over(LINKED, { session: { canResume: false } })],
  [
    "has a session with settings",
    over(LINKED, {
      session: { settings: [{ name: "model", value: "gpt-5.4", isTaken: true }] },
    }),
  ],
  ["is notified of", { decision: { notify: ["waiting", "completed"] } }],
  [
    "shows all it can",
    {
      shown: {
        comment: { intentAt: AT, id: 5, digest: "c" },
        notice: { about: "waiting a1b2", intentAt: AT, id: 6, digest: "n" },
        label: "running",
        labelToRemove: "copilot:triage",
        checkRun: { id: 7, digest: "r" },
        refused: { since: AT, count: 3, type: "unreachable", message: "502" },
      },
    },
  ],
  ["waits", { schedule: { notBefore: AT, retries: 2, waitingSince: AT, atOnce: 1 } }],
  ["is denied", { outcome: denied("fork", "No.") }],
  ["is denied without a comment", { outcome: denied("no_permission") }],
  ["has failed", { outcome: failed("unknown", { cause: "budget", passesAt: AT, detail: "x" }) }],
  ["is late", { outcome: failed("start_timed_out", { watchUntil: AT }) }],
  ["is canceled", { outcome: canceled("stopped") }],
  ["is answered", { outcome: answered("Help.") }],
])("a task that %s is read as it was written", async (_what, layer) => {
  const { tasks } = await openStore(undefined, { now: () => new Date(AT) });
  for (const trigger of [labeled(), commanded(2), fromPage("3")]) {
    const task = await inserted(tasks, trigger);
    const written = changed(task, layer);
    expect(await tasks.record(task, written)).toEqual(written);
    expect(await tasks.get(task.id)).toEqual(written);
  }
});

test("every column of the table is written, but those of the claim and the label's hold", async () => {
  const { tasks, database } = await openStore();
  const { id } = await inserted(tasks, labeled());
  const row = await database
    .selectFrom("tasks")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const written = columnsOf(taskWith());
  const others = ["id", "attempt", "leaseUntil", "lane", "createdAt", "updatedAt", "subjectKey"];
  expect(Object.keys(row).toSorted()).toEqual([...Object.keys(written), ...others].toSorted());
});

const SESSION = {
  id: "s",
  repository: "o/r",
  branch: "main",
  canResume: false,
  hosted: null,
};
const SETTINGS = [{ name: "model", value: "gpt-5.4", isTaken: true }] as const;
const FAILURE: Failure = {
  code: "quota_exceeded",
  cause: "budget",
  message: "No.",
  passesAt: AT,
  nothingCreated: false,
};
const JUDGMENT: deciding.Judgment = {
  role: "write",
  policyCommit: "p",
  defaultsCommit: "d",
  admitted: { kind: "fix", identity: "requester", place: { branch: "main", commit: "c" } },
  refusedCommit: null,
};
const TERMS: starting.SessionTerms = {
  backend: "cloud",
  digest: "d",
  leftOut: "A comment.",
  removesTrigger: true,
  labels: { running: "running", failed: "failed" },
  onClose: "stop",
  permissionsPolicy: "ask",
  notify: ["failed"],
  defaultBranch: "main",
  checkCommit: "c",
  qrSecret: "q",
  hosting: {
    terms: { labels: ["gpu"], egress: [], sharing: "always", push: "branch", checkout: [] },
    why: "policy",
    sessionId: "s",
  },
};
const THERE = {
  installationId: 32,
  repositoryId: 6,
  ownerId: 8,
  owner: "octo",
  repository: "world",
  subjectNumber: 9,
};

/** Changes that between them set every column. */
const CHANGES: readonly ((task: Task) => Task)[] = [
  (task) => deciding.judged(task, JUDGMENT),
  (task) => deciding.acknowledged(task, AT),
  (task) => deciding.retrying(changed(task, COMMANDED), task, { more: "Go.", isTrusted: false }),
  (task) => starting.waitingForConnection(task, AT),
  (task) => starting.waitingForPlace(task, AT, 1),
  (task) => starting.sessionRequested(task, AT, TERMS),
  (task) => starting.sessionOpened(task, AT, { ...SESSION, settings: SETTINGS }),
  (task) => starting.promptDelivered(task, AT),
  (task) => starting.linked(task, { url: ADDRESS, source: "session" }),
  (task) => starting.late(task, FAILURE, AT),
  (task) => following.followed(task, AT),
  (task) => following.progressed(task, { ...PROGRESS, state: "idle" }, AT),
  (task) => following.unfollowed(task, "idle"),
  (task) => showing.commentIntended(task, AT),
  (task) => showing.commentWritten(task, 1, "d"),
  (task) => showing.noticeIntended(task, "waiting", AT),
  (task) => showing.noticePosted(task, 1, "d"),
  (task) => showing.labelShown(task, "running"),
  (task) => showing.checkRunWritten(task, { id: 7, digest: "r" }),
  (task) => showing.refusedByGitHub(task, { at: AT, type: "forbidden", message: "Sorry." }),
  (task) => moved(starting.sessionRequested(task, AT, TERMS), THERE),
  (task) => ending.denied(task, { reason: "fork", text: "No." }),
  (task) => ending.answered(task, "Help."),
  (task) => ending.canceled(task, "stopped"),
  (task) => ending.retryScheduled(task, FAILURE, AT),
  (task) => ending.settled(task, AT),
];

test("a change of a task sets every column that a new row doesn't have", () => {
  const task = taskWith({ decision: { kind: null } });
  const nothing = new Map<string, unknown>(Object.entries(columnsOf(task)));
  const set = new Set(Object.keys(newRow(task)));
  for (const change of CHANGES) {
    for (const [column, value] of Object.entries(changedColumns(task, change(task)))) {
      if (value !== nothing.get(column)) set.add(column);
    }
  }
  expect([...nothing.keys()].filter((column) => !set.has(column))).toEqual([]);
});

test("only what has changed is written", () => {
  const before = taskWith(LINKED);
  expect(changedColumns(before, before)).toEqual({});
  const noted = changed(before, { session: { progress: { note: "Stopped." } } });
  expect(changedColumns(before, noted)).toEqual({ note: "Stopped." });
});

test("a newer outcome leaves nothing of an older one", () => {
  const late = taskWith({ outcome: failed("start_timed_out", { watchUntil: AT }) });
  expect(changedColumns(late, changed(late, { outcome: canceled("stopped") }))).toEqual({
    denial: null,
    denialText: null,
    answer: null,
    cancellation: "stopped",
    failureCode: null,
    failureCause: null,
    failurePassesAt: null,
    failureDetail: null,
    watchUntil: null,
    subjectKey: null,
  });
});

test("a refusal is written whole: it may have been over in the meantime", () => {
  const refused = { since: AT, count: 1, type: "forbidden", message: "Sorry." } as const;
  const before = taskWith({ shown: { refused } });
  expect(changedColumns(before, changed(before, { shown: { refused: { count: 2 } } }))).toEqual({
    refusedSince: AT,
    refusals: 2,
    refusalType: "forbidden",
    refusalMessage: "Sorry.",
  });
});

test.each<[what: string, layer: Layer]>([
  ["has its prompt", { session: { prompt: { deliveredAt: AT } } }],
  ["has failed", { outcome: failed("unknown") }],
  ["was denied", { outcome: denied("fork") }],
  ["is settled", { settledAt: AT }],
  ["is in another repository", { place: { repositoryId: 5 } }],
])("a task that %s leaves its label free to be added again", (_what, layer) => {
  const before = taskWith();
  expect(changedColumns(before, changed(before, layer))).toMatchObject({ subjectKey: null });
});

test.each<[what: string, layer: Layer]>([
  ["whose agent is late", { outcome: failed("start_timed_out", { watchUntil: AT }) }],
  ["that will be tried again", { schedule: { retries: 1, notBefore: AT } }],
  ["whose session was asked for", { session: { intentAt: AT } }],
])("a task %s holds its label", (_what, layer) => {
  const before = taskWith();
  expect(changedColumns(before, changed(before, layer))).not.toHaveProperty("subjectKey");
});
