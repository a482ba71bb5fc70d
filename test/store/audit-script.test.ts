import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { ADMITTED, inserted, insertMany, moving } from "./story.ts";
import { commanded, labelled } from "./trigger.ts";

const SCRIPT = fileURLToPath(new URL("../../script/audit.ts", import.meta.url));
const PROGRAM = ["--disable-warning=ExperimentalWarning", SCRIPT];

type Variables = Readonly<Record<string, string>>;

/** Runs the script with these variables and no others. */
function audit(variables: Variables, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], {
    encoding: "utf8",
    env: variables,
    // Where no .env and no data are.
    cwd: temporaryDirectory(),
  });
  return { status, stdout, stderr };
}

function linesOf(variables: Variables, ...args: string[]): unknown[] {
  const { status, stdout, stderr } = audit(variables, "--format", "jsonl", ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/** An audit of three entries: a label that is refused, and a command. */
async function audited() {
  let now = Date.parse("2026-11-20T23:59:58.000Z");
  const ids = ["0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11", "c0ffee00-1f0c-4b3a-9a43-2f8d3c0c5a11"];
  const store = await openStore(undefined, {
    now: () => new Date(now),
    idOf: () => ids.shift() ?? "",
  });
  const refused = await moving(store.tasks, labelled());
  now += 1_000;
  await store.tasks.record(refused, { requesterRole: "read", denial: "no_permission" });
  now += 1_000;
  await inserted(store.tasks, commanded(2, { subjectNumber: 12, requester: "mona" }));
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
      "AT                        STEP    REASON         REQUESTER  ROLE  SUBJECT            TRIGGER          KIND  TASK",
      "2026-11-20T23:59:58.000Z  asked   -              octocat    -     octo-org/hello#7   copilot:triage   -     0b4f9bd6",
      "2026-11-20T23:59:59.000Z  denied  no_permission  octocat    read  octo-org/hello#7   copilot:triage   -     0b4f9bd6",
      "2026-11-21T00:00:00.000Z  asked   -              mona       -     octo-org/hello#12  /copilot triage  -     c0ffee00",
      "",
    ]);
  });

  test("as JSON lines, with every field", async () => {
    const { variables } = await audited();
    const lines = linesOf(variables);
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
    });
  });

  test("as CSV, in which nothing is a formula", async () => {
    const { tasks, variables } = await openStore(undefined, { idOf: () => "c0ffee00" });
    await inserted(tasks, labelled({ triggerLabel: '=cmd("x"),\n' }));
    const { stdout } = audit(variables, "--format", "csv");
    const [head = "", row = "", ...rest] = stdout.split("\n");
    expect(head.split(",").slice(0, 6)).toEqual([
      "id",
      "at",
      "taskId",
      "step",
      "reason",
      "requester",
    ]);
    expect(head.split(",")).toHaveLength(22);
    expect(row).toContain(`,"'=cmd(""x""),",,`);
    expect(rest).toEqual([""]);
  });

  test("of nothing yet", async () => {
    const { variables } = await openStore();
    expect(audit(variables).stdout).toMatch(/^AT +STEP .*\n$/u);
    expect(audit(variables, "--format", "jsonl").stdout).toBe("");
    expect(audit(variables, "--format", "csv").stdout).toMatch(/^id,at,.*\n$/u);
  });

  test.each(["table", "jsonl", "csv"])(
    "without anything that a terminal obeys: %s",
    async (format) => {
      const { tasks, variables } = await openStore();
      const label = "\u001B[31mred\u001B]0;title\u0007\u009B2J\u202E\r\n\u2028end 漢字";
      await inserted(tasks, labelled({ triggerLabel: label }));
      const { stdout } = audit(variables, "--format", format);
      expect(stdout).toContain("end 漢字");
      expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
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
    const { variables } = await audited();
    expect(steps(linesOf(variables, ...args))).toEqual(shown);
  });

  test("by how long ago it was", async () => {
    const { tasks, variables } = await openStore();
    await inserted(tasks, labelled());
    expect(linesOf(variables, "--since", "1h")).toHaveLength(1);
    expect(linesOf(variables, "--until", "1h")).toHaveLength(0);
    expect(linesOf(variables, "--since", "7d", "--until", "0h")).toHaveLength(1);
  });

  test("and is the newest hundred otherwise", async () => {
    const { tasks, variables } = await openStore();
    await insertMany(tasks, 120);
    expect(linesOf(variables)).toHaveLength(100);
    expect(linesOf(variables, "--limit", "1000")).toHaveLength(120);
  });
});

describe("a wrong argument is told, and the audit is not read", () => {
  test.each([
    [["--format", "xml"], "--format must be one of table, jsonl, csv."],
    [["--since", "yesterday"], "--since must be a time such as"],
    [["--until", "2026-02-30"], "--until must be a time such as"],
    [["--since", "2026-11-21T12:00"], "--since must be a time such as"],
    [["--repository", "hello"], "--repository must be a repository, as octo-org/hello is one."],
    [["--requester", "a b"], "--requester must be a login, as octocat is one."],
    [["--step", "x"], "--step must be one of asked, allowed, denied,"],
    [["--reason", "a b"], "--reason must be a code, as policy_blocked is one."],
    [["--subject", "#7"], "--subject must be a whole number"],
    [["--task", "%"], "--task must be a task's id, or how one begins."],
    [["--limit", "0"], "--limit must be a whole number from 1 to 1000000."],
    [["--limit"], "--limit"],
    [["--bogus"], "--bogus"],
    [["more"], "more"],
  ])("%o", (args, sentence) => {
    const { status, stdout, stderr } = audit({ DATA_DIR: "/nowhere" }, ...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr).toContain("script/audit --help tells what there is.");
  });

  test("but the help is given", () => {
    const { status, stdout, stderr } = audit({}, "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: script\/audit /u);
  });
});

describe("the audit on SQLite", () => {
  test("is read while the bot is at work, and when it is not", async () => {
    const directory = temporaryDirectory();
    const lock = lockDataDirectory(directory);
    const store = await openStore(join(directory, "tasks.db"));
    const { tasks } = store;
    const mine = await moving(tasks, commanded(1));
    expect(linesOf({ DATA_DIR: directory })).toHaveLength(1);
    await tasks.record(mine, ADMITTED);
    expect(linesOf({ DATA_DIR: directory, DATABASE_URL: " " })).toHaveLength(2);
    await store.close();
    lock.release();
    expect(linesOf({ DATA_DIR: directory })).toHaveLength(2);
  });

  test.each(["", "This is no database. ".repeat(100)])("is not there: %j", (content) => {
    const directory = temporaryDirectory();
    if (content !== "") writeFileSync(join(directory, "tasks.db"), content);
    const { status, stdout, stderr } = audit({ DATA_DIR: directory });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(`The audit cannot be read: ${join(directory, "tasks.db")}`);
  });
});

test("a PostgreSQL that is not there is told without the password", () => {
  const DATABASE_URL = "postgres://bot:hunter2@127.0.0.1:9/bot";
  const { status, stderr } = audit({ DATABASE_URL });
  expect(status).toBe(1);
  expect(stderr).toContain("The audit cannot be read: connect ECONNREFUSED 127.0.0.1:9");
  expect(stderr).not.toContain("hunter2");
});

test("whoever reads only the beginning is no failure", async () => {
  const { tasks, variables } = await openStore();
  await insertMany(tasks, 300);
  const args = [...PROGRAM, "--format", "jsonl", "--limit", "300"];
  const child = spawn(process.execPath, args, {
    env: variables,
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
