import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { formatted } from "../../script/lib/audit-formats.ts";
import { filterOf, readAuditOptions } from "../../script/lib/audit-options.ts";
import { verified } from "../../script/lib/verified-audit.ts";
import { readAudit } from "../../src/store/audit.ts";
import { erasePersonFromAudit } from "../../src/store/audit-erasure.ts";
import { lockDataDirectory } from "../../src/store/directory.ts";
import type { OpenedStore } from "./opened.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { COMPILED } from "../compiled.ts";
import { ADMITTED, inserted, insertMany, moving, record } from "./story.ts";
import { commanded, labeled } from "./trigger.ts";
import { denied } from "../core/task.ts";

const SCRIPT = fileURLToPath(new URL("../../script/audit.ts", import.meta.url));
const PROGRAM = ["--disable-warning=ExperimentalWarning", SCRIPT];

type Variables = Readonly<Record<string, string>>;

const IS_POSTGRES = process.env["TEST_STORE"] === "postgres";

/** Runs the script with these variables and no others of the bot's. */
function audit(variables: Variables, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], {
    encoding: "utf8",
    env: { ...COMPILED, ...variables },
    // Where no .env and no data are.
    cwd: temporaryDirectory(),
  });
  return { status, stdout, stderr };
}

/** What the script prints with these arguments, without a process of its own. */
async function printed(database: OpenedStore["database"], ...args: string[]): Promise<string> {
  const options = readAuditOptions(Date.now(), args);
  return formatted(await readAudit(database, filterOf(options)), options.format);
}

async function linesOf(...[database, ...args]: Parameters<typeof printed>): Promise<unknown[]> {
  return parsed(await printed(database, "--format", "jsonl", ...args));
}

const scriptLines = (variables: Variables) => parsed(audit(variables, "--format", "jsonl").stdout);

function parsed(text: string): unknown[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/** An audit of three entries: a label that is refused, and a command. */
async function audited() {
  let now = Date.parse("2026-11-20T23:59:58.000Z");
  const ids = ["0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11", "c0ffee00-1f0c-4b3a-9a43-2f8d3c0c5a11"];
  const store = await openStore(undefined, {
    now: () => new Date(now),
    idOf: () => ids.shift() ?? "",
  });
  const refused = await moving(store.tasks, labeled());
  now += 1_000;
  await record(store.tasks, refused, {
    requester: { role: "read" },
    outcome: denied("no_permission"),
  });
  now += 1_000;
  await inserted(
    store.tasks,
    commanded(2, { subject: { number: 12 }, requester: { login: "mona" } }),
  );
  return store;
}

const steps = (lines: unknown[]) =>
  lines.map((line) =>
    typeof line === "object" && line !== null && "step" in line ? line.step : line,
  );

describe("the audit is printed", () => {
  test("as a table, oldest first", async () => {
    const { variables } = await audited();
    const { status, stdout, stderr } = audit(variables);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "AT                        STEP    REASON         REQUESTER  ROLE  SUBJECT            TRIGGER          KIND  COPILOT OF  TASK",
      "2026-11-20T23:59:58.000Z  asked   -              octocat    -     octo-org/hello#7   copilot:triage   -     -           0b4f9bd6",
      "2026-11-20T23:59:59.000Z  denied  no_permission  octocat    read  octo-org/hello#7   copilot:triage   -     -           0b4f9bd6",
      "2026-11-21T00:00:00.000Z  asked   -              mona       -     octo-org/hello#12  /copilot triage  -     -           c0ffee00",
      "",
    ]);
  });

  test("with whose Copilot was charged", async () => {
    const { tasks, database } = await openStore();
    for (const [number, identity] of ([null, "bot", "requester"] as const).entries()) {
      const task = await moving(tasks, commanded(number + 1));
      await record(tasks, task, { ...ADMITTED, decision: { ...ADMITTED.decision, identity } });
    }
    await erasePersonFromAudit(database, 583_231, () => new Date());
    const text = await printed(database, "--step", "allowed");
    expect(text.split("\n").map((line) => line.split(/  +/u).at(-2))).toEqual([
      "COPILOT OF",
      "(bot)",
      "(bot)",
      "(erased)",
      undefined,
    ]);
  });

  test("as JSON lines, with every field", async () => {
    const { database } = await audited();
    const lines = await linesOf(database);
    expect(steps(lines)).toEqual(["asked", "denied", "asked"]);
    expect(lines[1]).toEqual({
      id: expect.any(Number),
      at: "2026-11-20T23:59:59.000Z",
      taskId: "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11",
      step: "denied",
      reason: "no_permission",
      requester: "octocat",
      requesterId: 583_231,
      requesterRole: "read",
      installationId: 31,
      ownerId: 9_919,
      owner: "octo-org",
      repositoryId: 1_296_269,
      repository: "hello",
      subjectType: "issue",
      subjectNumber: 7,
      triggerLabel: "copilot:triage",
      command: null,
      kind: null,
      promptDigest: null,
      policyCommit: null,
      defaultsCommit: null,
      sessionId: null,
      identity: null,
    });
  });

  test("as CSV, in which nothing is a formula", async () => {
    const { tasks, database } = await openStore(undefined, { idOf: () => "c0ffee00" });
    await inserted(tasks, labeled({ trigger: { name: '=cmd("x"),\n' } }));
    const [head = "", row = "", ...rest] = (await printed(database, "--format", "csv")).split("\n");
    expect(head).toMatch(/^id,at,taskId,step,reason,requester,/u);
    expect(head.split(",")).toHaveLength(23);
    expect(row).toContain(`,"'=cmd(""x""),",,`);
    expect(rest).toEqual([""]);
  });

  test("of nothing yet", async () => {
    const { database } = await openStore();
    expect(await printed(database)).toMatch(/^AT +STEP .*\n$/u);
    expect(await printed(database, "--format", "jsonl")).toBe("");
    expect(await printed(database, "--format", "csv")).toMatch(/^id,at,.*\n$/u);
  });

  test.each(["table", "jsonl", "csv"])(
    "without control characters for a terminal: %s",
    async (format) => {
      const { tasks, database } = await openStore();
      const label = "\u001B[31mred\u001B]0;title\u0007\u009B2J\u202E\r\n\u2028end 漢字";
      await inserted(tasks, labeled({ trigger: { name: label } }));
      const text = await printed(database, "--format", format);
      expect(text).toContain("end 漢字");
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    },
  );
});

describe("what is printed can be chosen", () => {
  test.each([
    [
      ["--since", "2026-11-20T23:59:59Z"],
      ["denied", "asked"],
    ],
    [["--since", "2026-11-21"], ["asked"]],
    [["--since", "2026-11-21T01:00+01:00"], ["asked"]],
    [
      ["--until", "2026-11-20"],
      ["asked", "denied"],
    ],
    [["--until", "2026-11-20T23:59:59.000Z"], ["asked"]],
    [
      ["--repository", "Octo-Org/Hello"],
      ["asked", "denied", "asked"],
    ],
    [["--repository", "octo-org/other"], []],
    [["--requester", "Mona"], ["asked"]],
    [
      ["--step", "asked"],
      ["asked", "asked"],
    ],
    [["--reason", "no_permission"], ["denied"]],
    [["--subject", "12"], ["asked"]],
    [
      ["--task", "0B4F"],
      ["asked", "denied"],
    ],
    [
      ["--limit", "2"],
      ["denied", "asked"],
    ],
    [["--step", "asked", "--requester", "octocat", "--limit", "1"], ["asked"]],
  ])("%o", async (args, shown) => {
    const { database } = await audited();
    expect(steps(await linesOf(database, ...args))).toEqual(shown);
  });

  test("by how long ago it was", async () => {
    const { tasks, database } = await openStore();
    await inserted(tasks, labeled());
    expect(await linesOf(database, "--since", "1h")).toHaveLength(1);
    expect(await linesOf(database, "--until", "1h")).toHaveLength(0);
    expect(await linesOf(database, "--since", "7d", "--until", "0h")).toHaveLength(1);
  });

  test("and is the newest hundred otherwise", async () => {
    const { tasks, database } = await openStore();
    await insertMany(tasks, 120);
    expect(await linesOf(database)).toHaveLength(100);
    expect(await linesOf(database, "--limit", "1000")).toHaveLength(120);
  });
});

describe("the audit is verified", () => {
  test("and is whole", async () => {
    const { variables, database, sealAudit, tasks } = await audited();
    await sealAudit();
    await erasePersonFromAudit(database, 583_231, () => new Date("2026-11-21T00:00:00.000Z"));
    await inserted(tasks, commanded(3));
    const { status, stdout, stderr } = audit(variables, "--verify");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const digest = /[0-9a-f]{64}/u.exec(stdout)?.[0] ?? "";
    expect(stdout.replace(digest, "DIGEST")).toMatchInlineSnapshot(`
      "The audit is whole.
      Entries: 3 no longer say who asked: that person was erased.
      Entries: 1 have no seal yet: the bot seals new ones every 30 seconds.

      INSTALLATION  SEALED  ERASED  DELETED  NEWEST DIGEST
      31            3       3       0        DIGEST
      "
    `);
    expect(await verified(database, digest)).toMatchObject({ isWhole: true });
    const other = audit(variables, "--verify", "--head", "0".repeat(64));
    expect(other.status).toBe(2);
    expect(other.stdout).toContain(
      `THE AUDIT WAS CHANGED.\nNo chain has the digest ${"0".repeat(64)}: entries were taken away or rewritten.\n`,
    );
    expect(await printed(database)).toContain("denied  no_permission  (erased)");
  });

  test("and was changed by hand", async () => {
    const { database, sealAudit, file } = await audited();
    await sealAudit();
    const dropped = `drop trigger audit_append_only${file === "" ? " on audit" : ""}`;
    await sql.raw(dropped).execute(database);
    await sql`update audit set reason = 'fork' where step = 'denied'`.execute(database);
    const { isWhole, text } = await verified(database, undefined);
    expect(isWhole).toBe(false);
    expect(text.split("\n").slice(0, 2)).toEqual([
      "THE AUDIT WAS CHANGED.",
      "Entry 2 was changed after it was sealed (installation 31).",
    ]);
  });
});

describe.skipIf(IS_POSTGRES)("the audit on SQLite", () => {
  test("is read while the bot is at work, and when it is not", async () => {
    const directory = temporaryDirectory();
    const lock = lockDataDirectory(directory);
    const store = await openStore(join(directory, "tasks.db"));
    const { tasks } = store;
    const mine = await moving(tasks, commanded(1));
    expect(scriptLines({ DATA_DIR: directory })).toHaveLength(1);
    await record(tasks, mine, ADMITTED);
    expect(scriptLines({ DATA_DIR: directory, DATABASE_URL: " " })).toHaveLength(2);
    await store.close();
    lock.release();
    expect(scriptLines({ DATA_DIR: directory })).toHaveLength(2);
  });

  test("is no database", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "tasks.db"), "This is no database. ".repeat(100));
    const { status, stdout, stderr } = audit({ DATA_DIR: directory });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(`Can't read the audit: ${join(directory, "tasks.db")}`);
  });
});

test("a PostgreSQL that is not there is named without the password", () => {
  const DATABASE_URL = "postgres://bot:hunter2@127.0.0.1:9/bot";
  const { status, stderr } = audit({ DATABASE_URL });
  expect(status).toBe(1);
  expect(stderr).toContain("Can't read the audit: connect ECONNREFUSED 127.0.0.1:9");
  expect(stderr).not.toContain("hunter2");
});

test("reading only the beginning isn't a failure", async () => {
  const { tasks, variables } = await openStore();
  await insertMany(tasks, 300);
  const args = [...PROGRAM, "--format", "jsonl", "--limit", "300"];
  const child = spawn(process.execPath, args, {
    env: { ...COMPILED, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once("exit", resolve);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.destroy();
  expect({ status: await promise, stderr }).toEqual({ status: 0, stderr: "" });
});
