import { describe, expect, test } from "vitest";
import { createReception } from "../../src/http/reception.ts";
import type { Subjects } from "../../src/ports/events.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import { payloadOf } from "../core/payloads.ts";
import { openStore } from "../store/opened.ts";
import { ADMITTED, ASKED, inserted, moving, record, STARTED } from "../store/story.ts";
import type { Layer } from "../core/task.ts";
import { over } from "../core/task.ts";
import { triaged } from "../store/subject-events.ts";
import { commanded, labeled } from "../store/trigger.ts";
import { deliver, signatureOf } from "./client.ts";
import { startServer } from "./started.ts";

type Changes = Readonly<Record<string, unknown>>;

/** Issue 7 and pull request 7 of octo-org/hello, its label and its branch. */
const HERE = { "repository.id": 1_296_269 };
const MINUTE_LATER = "2026-11-21T12:01:00Z";
const ISSUE = { ...HERE, "issue.number": 7, "issue.updated_at": MINUTE_LATER };
const PULL = { ...HERE, "pull_request.number": 7, "pull_request.updated_at": MINUTE_LATER };
const LABEL = { "label.name": "copilot:triage" };

const EXAMPLES: Readonly<Record<string, readonly [example: string, changes: Changes]>> = {
  // There is no example of an issue that is closed, and the only deletions are of tags.
  "issues.closed": ["issues.reopened", { action: "closed", ...ISSUE }],
  "pull_request.closed": ["pull_request.closed", PULL],
  "issues.unlabeled": ["issues.unlabeled", { ...ISSUE, ...LABEL }],
  "pull_request.unlabeled": ["pull_request.unlabeled", { ...PULL, ...LABEL }],
  "delete.": ["delete.undefined", { ...HERE, ref: "main", ref_type: "branch" }],
  "pull_request.opened": [
    "pull_request.opened",
    { ...HERE, "pull_request.head.repo.id": 1_296_269, "pull_request.head.ref": "copilot/fix-7" },
  ],
};

function payloadAbout(event: string, more: Changes = {}): unknown {
  const [example = "", changes = {}] = EXAMPLES[event] ?? [];
  return payloadOf(example, { ...changes, ...more });
}

/** The delivery of an end. */
function ending(event: string, more: Changes = {}) {
  const [name = ""] = event.split(".");
  return { event: name, body: JSON.stringify(payloadAbout(event, more)), deliveryId: "closing-1" };
}

async function admitted(tasks: TaskStore, number: number, changes: Layer = {}) {
  const task = await moving(tasks, triaged(number));
  const recorded = await record(tasks, task, ADMITTED, changes);
  if (recorded === null) throw new TypeError("lost");
  return recorded;
}

const applied = (canceled: number) => ({ status: 202, body: { result: "applied", canceled } });
const IGNORED = { status: 202, body: { result: "ignored", reason: "other_event" } };

describe("a webhook that ends tasks", () => {
  test.each([
    ["issues.closed", "subject_closed"],
    ["pull_request.closed", "subject_closed"],
    ["issues.unlabeled", "label_removed"],
    ["pull_request.unlabeled", "label_removed"],
    ["delete.", "branch_deleted"],
  ])("%s has canceled the tasks when it's answered, and the log says so", async (event, change) => {
    const server = await startServer();
    const { id } = await admitted(server.tasks, 1);
    const about = ending(event);
    expect(await deliver(server.webhooks, about)).toEqual(applied(1));
    expect(server.rows()).toMatchObject([{ state: "cancelled" }]);
    expect(await server.tasks.get(id)).toMatchObject({
      outcome: { type: "canceled", why: change },
    });
    const line = server.log.find((text) => text.includes("subject event applied")) ?? "";
    const fields = { deliveryId: "closing-1", event: about.event, change, canceled: 1, steered: 0 };
    expect(JSON.parse(line)).toMatchObject(fields);
    expect(server.enqueued).toEqual([]);
    // As GitHub redelivers it on request.
    await admitted(server.tasks, 2);
    expect(await deliver(server.webhooks, about)).toEqual(applied(0));
    expect(await server.tasks.waiting()).toEqual([]);
    expect(server.rows()).toMatchObject([{ state: "cancelled" }, { state: "queued" }]);
  });

  test.each(["issues.closed", "pull_request.closed", "delete."])(
    "%s leaves the task of a command to be answered",
    async (event) => {
      const server = await startServer();
      const comment = await moving(server.tasks, commanded(1));
      await record(server.tasks, comment, ADMITTED);
      await admitted(server.tasks, 2);
      expect(await deliver(server.webhooks, ending(event))).toEqual(applied(2));
      expect(server.enqueuedAgain).toEqual([comment.id]);
      expect(await server.tasks.waiting()).toEqual([comment.id]);
      expect(await deliver(server.webhooks, ending(event))).toEqual(applied(0));
      expect(server.enqueuedAgain).toEqual([comment.id]);
    },
  );

  test.each([
    ["issues.closed", "issue"],
    ["pull_request.closed", "pull_request"],
    ["issues.unlabeled", "issue"],
    ["pull_request.unlabeled", "pull_request"],
  ])("%s that comes late ends nothing that was requested since", async (event, subject) => {
    const server = await startServer();
    await admitted(server.tasks, 1);
    const late = ending(event, { [`${subject}.updated_at`]: "2026-11-21T11:59:59Z" });
    expect(await deliver(server.webhooks, late)).toEqual(applied(0));
    expect(server.rows()).toMatchObject([{ state: "queued" }]);
    const again = { ...ending(event), deliveryId: "closing-2" };
    expect(await deliver(server.webhooks, again)).toEqual(applied(1));
  });

  test.each(Object.keys(EXAMPLES))("%s is applied where there is no task", async (event) => {
    const server = await startServer();
    expect(await deliver(server.webhooks, ending(event))).toEqual(applied(0));
    expect(server.rows()).toEqual([]);
  });

  test("a pull request from a fork is kept only for the check of its policy file", async () => {
    const server = await startServer();
    await admitted(server.tasks, 1);
    const forked = ending("pull_request.opened", { "pull_request.head.repo.id": 5 });
    expect(await deliver(server.webhooks, forked)).toEqual({
      status: 202,
      body: { result: "applied" },
    });
    expect(server.rows()).toMatchObject([{ state: "queued" }]);
  });

  test.each([
    ["a label that a bot removes", "issues.unlabeled", { "sender.type": "Bot" }],
    ["a tag that is deleted", "delete.", { ref_type: "tag" }],
    ["an issue that is locked", "issues.closed", { action: "locked" }],
  ])("is ignored when it ends nothing: %s", async (_what, event, changes) => {
    const server = await startServer();
    await admitted(server.tasks, 1);
    expect(await deliver(server.webhooks, ending(event, changes))).toEqual(IGNORED);
    expect(server.rows()).toMatchObject([{ state: "queued" }]);
  });

  test("is not applied with a wrong signature", async () => {
    const server = await startServer();
    await admitted(server.tasks, 1);
    const headers = { "x-hub-signature-256": signatureOf("x") };
    const answer = await deliver(server.webhooks, { ...ending("issues.closed"), headers });
    expect(answer).toMatchObject({ status: 401 });
    expect(server.rows()).toMatchObject([{ state: "queued" }]);
  });

  test.each([
    ["issues.closed", "issue.number"],
    ["pull_request.closed", "pull_request.number"],
    ["issues.unlabeled", "sender.login"],
    ["delete.", "repository.id"],
    ["pull_request.opened", "pull_request.html_url"],
  ])("%s is not applied with a wrong %s, whose value isn't repeated", async (event, path) => {
    const server = await startServer();
    await admitted(server.tasks, 1);
    const error = `Unexpected values in these fields: ${path}.`;
    const answer = await deliver(server.webhooks, ending(event, { [path]: "7; drop table tasks" }));
    expect(answer).toEqual({ status: 400, body: { error } });
    expect(server.log.join("")).not.toContain("drop table");
    expect(server.rows()).toMatchObject([{ state: "queued" }]);
  });
});

/** The reception over a store, as in the bot, with what it makes others do. */
async function reception(applySubjectEvent?: Subjects["applySubjectEvent"]) {
  const { tasks, subjects, installations } = await openStore();
  const nudged: string[] = [];
  const log: string[] = [];
  const note = (fields: object, message: string) => {
    log.push(`${message} ${JSON.stringify(fields)}`);
  };
  const receive = createReception({
    appId: 4_711,
    slug: () => null,
    policyChecks: { insert: () => Promise.resolve() },
    labelings: { requestAfterMerge: () => Promise.resolve(false) },
    notBefore: () => 0,
    tasks,
    installations,
    subjects: applySubjectEvent === undefined ? subjects : { applySubjectEvent },
    disconnect: () => Promise.resolve(false),
    nudge: (taskId) => nudged.push(taskId),
    processAgain: () => {},
    process: () => {},
    log: { info: note, warn: note, error: note },
  });
  const receiveEnd = async (event: string, deliveryId = "closing-1") => {
    const [name = ""] = event.split(".");
    const { status, body } = await receive({ name, deliveryId, payload: payloadAbout(event) });
    return { status, body };
  };
  return { tasks, nudged, log, receiveEnd };
}

describe("there is news for a session", () => {
  const RUNNING = over(ASKED, STARTED, {
    session: { branch: "copilot/fix-7", prompt: { deliveredAt: "2026-11-21T12:00:04.000Z" } },
  });

  test.each(["issues.closed", "issues.unlabeled", "delete."])(
    "that is to stop, after %s",
    async (event) => {
      const { tasks, nudged, log, receiveEnd } = await reception();
      const { id } = await admitted(tasks, 1, over(RUNNING, { decision: { onClose: "stop" } }));
      await admitted(tasks, 2, over(RUNNING, { decision: { onClose: "keep" } }));
      await admitted(tasks, 3);
      expect(await receiveEnd(event)).toEqual(applied(1));
      expect(nudged).toEqual([id]);
      expect(log.join("\n")).toContain('"canceled":1,"steered":1');
      expect(await receiveEnd(event)).toEqual(applied(0));
      expect(nudged).toEqual([id]);
    },
  );

  test("whose pull request is opened", async () => {
    const { tasks, nudged, receiveEnd } = await reception();
    const { id } = await admitted(tasks, 1, RUNNING);
    await admitted(tasks, 2, over(RUNNING, { session: { branch: "copilot/fix-8" } }));
    expect(await receiveEnd("pull_request.opened")).toEqual(applied(0));
    expect(nudged).toEqual([id]);
  });
});

test("an end that cannot be stored is to be delivered again", async () => {
  let broken = true;
  const opened = await openStore();
  const { subjects, tasks } = opened;
  const { nudged, log, receiveEnd } = await reception((closing) =>
    broken
      ? Promise.reject(new Error("SQLITE_FULL: /var/lib/bot/tasks.db"))
      : subjects.applySubjectEvent(closing),
  );
  await inserted(tasks, labeled());
  expect(await receiveEnd("issues.closed")).toEqual({
    status: 503,
    body: { error: "The bot can't store this event now. Redeliver it later." },
  });
  expect(log.join("\n")).toContain("webhook not stored");
  expect(nudged).toEqual([]);
  broken = false;
  expect(await receiveEnd("issues.closed")).toEqual(applied(1));
});
