import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { nextStep } from "../../src/core/task/next-step.ts";
import { readAudit } from "../../src/store/audit.ts";
import { changed, failed } from "../core/task.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { labeled } from "./trigger.ts";

/** What a bot of 2026-11-25 has written: a task in every state that it knew. */
const DUMP = new URL("fixtures/tasks-2026-11-25.sql", import.meta.url);

async function openOlder() {
  const file = join(temporaryDirectory(), "tasks.db");
  const older = new DatabaseSync(file);
  older.exec(readFileSync(DUMP, "utf8"));
  older.close();
  return openStore(file, { now: () => new Date("2026-11-25T12:10:00.000Z") });
}

test("the tasks of an older bot are read as they were written, and continue where they were", async () => {
  const { database, tasks } = await openOlder();
  const rows = await database.selectFrom("tasks").select("id").orderBy("createdAt").execute();
  const read = await Promise.all(rows.map(({ id }) => tasks.get(id)));
  const shown = read.map((task) => {
    if (task === null) throw new TypeError("not read");
    const outcome = task.outcome === null ? "no outcome" : Object.values(task.outcome).join(" ");
    return [task.id, task.trigger.type, task.state, nextStep(task), outcome].join(" | ");
  });
  expect(shown).toMatchInlineSnapshot(`
    [
      "queued-label | label | queued | receive | no outcome",
      "queued-command | command | queued | receive | no outcome",
      "retrying | command | queued | receive | no outcome",
      "creating | command | in_progress | interrupted | no outcome",
      "opened | command | in_progress | resume | no outcome",
      "followed | command | waiting_for_user | follow | no outcome",
      "unfollowed | command | idle | nothing | no outcome",
      "late | command | timed_out | report | failed start_timed_out   No. 2026-11-25T12:03:00.000Z",
      "failed | command | failed | nothing | failed policy_blocked   Blocked ",
      "unanswered-prompt | command | failed | report | failed prompt_not_delivered   x ",
      "denied | command | failed | report | denied fork_without_ok No.",
      "stranger | command | failed | nothing | denied no_permission ",
      "stopped | command | cancelled | nothing | canceled stopped",
      "denied-then-removed | command | cancelled | report | canceled repository_removed",
      "answered | command | completed | nothing | answered | what |",
      "passed-on | command | completed | nothing | no outcome",
      "retry | command | in_progress | interrupted | no outcome",
      "silenced | command | completed | nothing | failed github_unreachable   502 ",
    ]
  `);
});

test("what an older bot wrote into the audit has today's words", async () => {
  const { database } = await openOlder();
  const entries = await readAudit(database, { step: "canceled", limit: 10 });
  expect(entries.map(({ taskId, step, reason }) => [taskId, step, reason])).toEqual([
    ["stopped", "canceled", "stopped"],
    ["denied-then-removed", "canceled", "repository_removed"],
  ]);
});

test("what an older bot kept as texts and lines is read as lists", async () => {
  const { tasks } = await openOlder();
  const followed = await tasks.get("followed");
  expect(followed?.session).toMatchInlineSnapshot(`
    {
      "backend": null,
      "branch": "main",
      "canResume": true,
      "followUntil": "2026-11-25T13:00:00.000Z",
      "hosting": null,
      "id": "session-1",
      "intentAt": "2026-11-25T12:00:05.000Z",
      "link": {
        "source": "documented",
        "url": "https://github.com/copilot/tasks/session-1",
      },
      "progress": {
        "asking": [
          {
            "asking": {
              "choices": [
                "a",
              ],
              "freeform": true,
              "question": "Which?",
              "type": "question",
            },
            "code": "a1b2",
          },
        ],
        "failure": null,
        "note": "\`hubot\` has stopped it.",
        "pulls": [
          "https://github.com/octo-org/hello/pull/8",
          "https://github.com/octo-org/hello/pull/9",
        ],
        "said": "Done.",
        "seenAt": "2026-11-25T12:00:05.000Z",
      },
      "prompt": {
        "deliveredAt": "2026-11-25T12:00:05.000Z",
        "digest": "3333333333333333333333333333333333333333333333333333333333333333",
        "intentAt": "2026-11-25T12:00:05.000Z",
        "leftOut": null,
      },
      "repository": "octo-org/hello",
      "settings": [],
      "startedAt": "2026-11-25T12:00:05.000Z",
      "unfollowed": null,
    }
  `);
  expect(followed?.shown).toMatchInlineSnapshot(`
    {
      "checkRun": null,
      "comment": {
        "digest": "4444444444444444444444444444444444444444444444444444444444444444",
        "id": 5,
        "intentAt": "2026-11-25T12:00:05.000Z",
      },
      "label": "copilot-running",
      "labelToRemove": null,
      "notice": {
        "about": null,
        "digest": null,
        "id": null,
        "intentAt": null,
      },
      "refused": null,
    }
  `);
  expect(followed?.decision).toMatchInlineSnapshot(`
    {
      "acknowledgedAt": "2026-11-25T12:00:05.000Z",
      "branch": "main",
      "checkCommit": null,
      "commit": "0000000000000000000000000000000000000000",
      "defaultBranch": "main",
      "defaultsCommit": null,
      "identity": null,
      "kind": "triage",
      "labels": {
        "failed": null,
        "running": "copilot-running",
      },
      "notify": [],
      "onClose": "stop",
      "permissionsPolicy": "ask",
      "policyCommit": "1111111111111111111111111111111111111111",
      "qrSecret": null,
      "retryOf": null,
    }
  `);
});

test("a task of an older bot is changed, and its label can start a task again as before", async () => {
  const { tasks } = await openOlder();
  const again = labeled({ trigger: { deliveryId: "again", eventKey: "label:again" } });
  expect(await tasks.insert(again)).toBeNull();
  const claim = await tasks.claim("queued-label", "start");
  if (claim.type !== "claimed") throw new TypeError("not claimed");
  const ended = changed(claim.task, { state: "failed", outcome: failed("unknown") });
  expect(await tasks.record(claim.task, ended)).toMatchObject({ outcome: failed("unknown") });
  expect(await tasks.insert(again)).not.toBeNull();
});

test("of two outcomes, which older bots could write, the later remains alone once it changes", async () => {
  const { database, tasks } = await openOlder();
  const claim = await tasks.claim("denied-then-removed", "start");
  if (claim.type !== "claimed") throw new TypeError("not claimed");
  expect(claim.task.outcome).toEqual({ type: "canceled", why: "repository_removed" });
  await tasks.record(claim.task, changed(claim.task, { outcome: null }));
  const row = database.selectFrom("tasks").select(["denial", "denialText", "cancellation"]);
  expect(await row.where("id", "=", "denied-then-removed").executeTakeFirstOrThrow()).toEqual({
    denial: null,
    denialText: null,
    cancellation: null,
  });
});
