import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { sealAudit } from "../../src/store/audit-seals.ts";
import { createHostingRows } from "../../src/store/hosting-rows.ts";
import type { HostedRow } from "../../src/ports/hosting-rows.ts";
import { lockDataDirectory } from "../../src/store/directory.ts";
import type { OpenedStore } from "./opened.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { ASKED, inserted, moving, record } from "./story.ts";
import { commanded, labeled } from "./trigger.ts";
import { COMPILED } from "../compiled.ts";
import { over } from "../core/task.ts";

const MONA = { requester: { login: "mona-s3cret", id: 42_424_242_424 } };
const script = (name: string) => fileURLToPath(new URL(`../../script/${name}.ts`, import.meta.url));

function run(name: string, store: Pick<OpenedStore, "variables">, ...args: string[]) {
  const argv = ["--disable-warning=ExperimentalWarning", script(name), ...args];
  const cwd = temporaryDirectory();
  const options = { encoding: "utf8", env: { ...COMPILED, ...store.variables }, cwd } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, options);
  return { status, stdout, stderr };
}

/** A session of hers on a worker, and one that waits for it. */
const [BEGUN, WAITING] = [randomUUID(), randomUUID()];

async function insertHosted(
  database: OpenedStore["database"],
  { taskId, ...row }: Pick<HostedRow, "id" | "state" | "worker"> & { readonly taskId: string },
): Promise<void> {
  const request = JSON.stringify({
    taskId,
    sessionId: row.id,
    owner: "mona-s3cret",
    repository: "hello",
    ids: { owner: 42_424_242_424, repository: 2 },
    commit: "0".repeat(40),
    branch: { kind: "fix", number: 8, id: taskId.slice(0, 8) },
    terms: { labels: [], egress: [], sharing: "never", push: "branch" },
  });
  const failure = JSON.stringify({ code: "unknown", message: "s3cret", nothingCreated: true });
  const connected = { client: "a bot", fence: 1, process: null, updatedAt: 1 };
  await database
    .insertInto("hostedSessions")
    .values({ ...row, ...connected, request, failure })
    .execute();
}

/** A database in which Mona requested, wrote, and was named; octocat too. */
async function populated() {
  const store = await openStore();
  const { tasks, database } = store;
  const old = await moving(
    tasks,
    commanded(1, over(MONA, { trigger: { instructions: "my s3cret words" } })),
  );
  await record(tasks, old, {
    settledAt: "2026-01-01T00:00:00.000Z",
    session: { id: BEGUN, progress: { said: "s3cret answer", note: "Sent by mona-s3cret" } },
  });
  const running = await moving(tasks, commanded(2, over(MONA, { subject: { number: 8 } })));
  await record(tasks, running, { session: { id: WAITING } });
  const others = await moving(
    tasks,
    labeled({ subject: { number: 9 }, trigger: { deliveryId: "delivery-9a" } }),
  );
  await record(tasks, others, { session: { progress: { note: "Stopped by Mona-S3cret" } } });
  await inserted(
    tasks,
    commanded(3, {
      subject: { number: 10 },
      place: { ownerId: 42_424_242_424, owner: "mona-s3cret" },
    }),
  );
  await insertHosted(database, { id: BEGUN, taskId: old.id, state: "open", worker: "one" });
  await insertHosted(database, { id: WAITING, taskId: running.id, state: "waiting", worker: null });
  const command = { taskId: others.id, type: "send", takenAt: null, doneAt: null } as const;
  await database
    .insertInto("orders")
    .values([
      {
        ...command,
        id: "o1",
        text: "s3cret message",
        requester: "Mona-s3cret",
        createdAt: "2026-01-01",
      },
      { ...command, id: "o2", text: "go on", requester: "octocat", createdAt: "2026-01-01" },
    ])
    .execute();
  await database
    .insertInto("approvals")
    .values({
      repositoryId: 1,
      subjectNumber: 1,
      commit: "c",
      requester: "mona-s3cret",
      requesterId: 42_424_242_424,
      installationId: 31,
      ownerId: 9_919,
      createdAt: "2026-01-01",
    })
    .execute();
  await store.connectionRows.put({
    userId: 42_424_242_424,
    login: "mona-s3cret",
    host: "github.com",
    kind: "app",
    rights: { plan: "s3cret", cloudSessions: true, remoteControl: true },
    sealed: { token: "v1.s3cret", refreshToken: "v1.s3cret" },
    connectedAt: "2026-01-01",
    expiresAt: null,
  });
  for (const digest of ["v1.s3cret-1", "v1.s3cret-2"]) {
    await store.webSessionRows.insert({
      digest,
      userId: 42_424_242_424,
      login: "mona-s3cret",
      host: "github.com",
      continuedTask: null,
      sealedToken: "v1.s3cret",
      createdAt: "2026-01-01",
      expiresAt: "2026-01-01",
      usedAt: "2026-01-01",
    });
  }
  await sealAudit(database, () => new Date());
  return { store, old, running, others };
}

/** Times, and words of the bot's own: what makes a webhook known, or counts, and says nothing of anybody. */
const KEPT = new Set(
  `settledAt notBefore identity backend connectBy acknowledgedAt sessionIntentAt sessionStartedAt promptIntentAt seenAt commentIntentAt
  noticeIntentAt refusedSince triggerLabel command commandPlace misplaced viaApp installationId commit policyCommit
  defaultsCommit checkCommit retryOf ownerType notify runningLabel failedLabel shownLabel labelToRemove onClose
  waitingSince atOnce cannotResume permissionsPolicy unfollowed denial cancellation failureCode failureCause failurePassesAt refusalType`.split(
    /\s+/u,
  ),
);
const NUMBERS = new Set(["commandCommentId", "commentId", "noticeId", "checkRunId"]);

/** Everything in the database, as text. */
async function contentOf({ database }: OpenedStore): Promise<string> {
  const tables = [
    "tasks",
    "orders",
    "audit",
    "approvals",
    "installations",
    "audit_seals",
    "connections",
    "web_sessions",
    "hosted_sessions",
  ];
  const all = await Promise.all(
    tables.map((table) => sql`select * from ${sql.table(table)}`.execute(database)),
  );
  return JSON.stringify(all.map(({ rows }) => rows));
}

describe("script/erase-person", () => {
  test("shows what it would erase, and changes nothing", async () => {
    const { store } = await populated();
    const before = await contentOf(store);
    const { status, stdout, stderr } = run("erase-person", store, "Mona-S3cret");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(`Account 42424242424 (mona-s3cret):
  tasks: 3 (2 unfinished)
  messages and commands to tasks: 1
  audit entries: 3
  approvals of forks: 1
  connections of a Copilot: 1
  sign-ins on the pages: 2
  notes in other people's tasks: 1
Nothing was changed. Add --erase to erase this.
`);
    expect(await contentOf(store)).toBe(before);
  });

  test("leaves nothing of a person, and everything of others, and the audit whole", async () => {
    const { store, old, running, others } = await populated();
    expect(run("erase-person", store, "42424242424", "--erase")).toMatchObject({
      status: 0,
      stderr: "",
    });

    expect(await contentOf(store)).not.toMatch(/s3cret|42424242424/iu);
    expect(await store.tasks.get(old.id)).toBeNull();
    expect(await store.tasks.get(others.id)).toMatchObject({
      requester: { login: "octocat" },
      session: { progress: { note: null } },
    });
    const commands = await store.database.selectFrom("orders").select("id").execute();
    expect(commands).toEqual([{ id: "o2" }]);
    // Its worker still has the files of one of her sessions.
    const sessions = await createHostingRows(store.database).ofWorker("one");
    expect(sessions).toMatchObject([
      { id: BEGUN, state: "removing", request: { taskId: old.id, owner: "removed" } },
    ]);
    expect(await store.database.selectFrom("hostedSessions").select("id").execute()).toHaveLength(
      1,
    );
    expect(run("audit", store, "--verify").status).toBe(0);
    // Who moves the task has lost it, and its webhook is still known.
    expect(
      await record(store.tasks, running, { session: { progress: { note: "late" } } }),
    ).toBeNull();
    expect(await store.tasks.waiting()).not.toContain(running.id);
    expect(
      await store.tasks.insert(commanded(2, over(MONA, { subject: { number: 8 } }))),
    ).toBeNull();
  });

  test("empties every field of a task that hasn't been deleted, but for keys", async () => {
    const { store, running } = await populated();
    const row = await store.database
      .selectFrom("tasks")
      .selectAll()
      .where("id", "=", running.id)
      .executeTakeFirstOrThrow();
    const fields = Object.entries(row)
      .filter(([field, value]) => value === null && !KEPT.has(field))
      .map(([field]) => [field, NUMBERS.has(field) ? 42_424_242_424 : "s3cret"] as const);
    await store.database
      .updateTable("tasks")
      .set(Object.fromEntries(fields))
      .where("id", "=", running.id)
      .execute();
    expect(run("erase-person", store, "42424242424", "--erase")).toMatchObject({
      status: 0,
      stderr: "",
    });
    const empty = Object.fromEntries(fields.map(([field]) => [field, null]));
    const erased = store.database.selectFrom("tasks").selectAll().where("id", "=", running.id);
    expect(await erased.executeTakeFirst()).toMatchObject(empty);
  });

  test("ends what the bot still does for a task: nobody finds it, and no late link opens it", async () => {
    const { store, running } = await populated();
    const now = new Date().toISOString();
    const delivered = { session: { prompt: { deliveredAt: now }, startedAt: now } } as const;
    const linked = over(delivered, { session: { link: { source: "documented" } } });
    await record(store.tasks, running, over(ASKED, linked, { decision: { kind: "triage" } }));
    expect(run("erase-person", store, "42424242424", "--erase")).toMatchObject({
      status: 0,
      stderr: "",
    });
    const link = "https://github.com/copilot/tasks/s3cret";
    expect(await store.tasks.correctLink(running.id, link)).toBe(false);
    expect(await store.tasks.reopen(running.id, { followUntil: now })).toBeNull();
    const thread = { repositoryId: 1_296_269, subjectNumber: 8 };
    expect((await store.tasks.newest(thread)).ofAll).toBeNull();
  });

  test("finds a person of whom only the connection is known, and erases it at once", async () => {
    const store = await openStore();
    const { connectionRows: rows } = store;
    const row = { login: "Mona", host: "github.com", kind: "personal", expiresAt: null } as const;
    const rights = { plan: null, cloudSessions: null, remoteControl: null };
    const rest = {
      rights,
      connectedAt: "2026-01-01",
      sealed: { token: "v1.a", refreshToken: null },
    };
    await rows.put({ ...row, ...rest, userId: 7 });
    await rows.put({ ...row, ...rest, userId: 8, login: "octocat" });
    expect(run("erase-person", store, "mona").stdout).toContain("Account 7 (Mona):");
    expect(run("erase-person", store, "7", "--erase").status).toBe(0);
    expect(await rows.find(7)).toBeNull();
    expect(await rows.find(8)).not.toBeNull();
  });

  test("can be run again", async () => {
    const { store } = await populated();
    run("erase-person", store, "mona-s3cret", "--erase");
    const again = run("erase-person", store, "mona-s3cret", "--erase");
    expect(again).toEqual({
      status: 0,
      stdout: "The database has nothing about mona-s3cret.\n",
      stderr: "",
    });
    expect(run("erase-person", store, "42424242424", "--erase").status).toBe(0);
  });

  test("asks for the id where a login was passed on", async () => {
    const { store } = await populated();
    await inserted(
      store.tasks,
      commanded(9, over(MONA, { requester: { id: 77 }, subject: { number: 11 } })),
    );
    const { status, stderr } = run("erase-person", store, "mona-s3cret", "--erase");
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "Nobody was erased: several accounts had the login mona-s3cret: 77, 42424242424. Use one of these ids.\n",
    });
    expect(await contentOf(store)).toMatch(/s3cret words/u);
  });

  test("works while the bot is at work, and leaves nothing in SQLite's files", async () => {
    const { store } = await populated();
    if (store.file === "") return;
    const lock = lockDataDirectory(dirname(store.file));
    onTestFinished(() => lock.release());
    expect(run("erase-person", store, "42424242424", "--erase").status).toBe(0);
    for (const end of ["", "-wal"]) {
      expect(readFileSync(store.file + end).toString("latin1")).not.toMatch(/s3cret/iu);
    }
  });

  test.each([[[]], [["a", "b"]], [["a b"]], [["--bogus", "a"]]])("refuses %j", (args) => {
    const { status, stdout, stderr } = run("erase-person", { variables: {} }, ...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^script\/erase-person: [^\n]+\n$/u);
  });
});
