import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { PgBoss } from "pg-boss";
import { onTestFinished, vi } from "vitest";
import type { Observation } from "../../src/core/session/observation.ts";
import { createHostingJobs } from "../../src/queue/hosting-jobs.ts";
import { createHostingRows } from "../../src/store/hosting-rows.ts";
import { createMachineRows } from "../../src/store/machine-rows.ts";
import { createMail } from "../../src/store/hosting-mail.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { createWorkerRows } from "../../src/store/worker-rows.ts";
import type { HostedOpening, HostedRequest, HostedSession } from "../../src/ports/session-host.ts";
import { openRemoteHost } from "../../src/worker/remote-host.ts";
import { COMPILED } from "../compiled.ts";
import { takeDatabase } from "../store/pooled-database.ts";
import { temporaryDirectory } from "../store/opened.ts";

const PROGRAM = fileURLToPath(new URL("worker-process.ts", import.meta.url));
const BOT_PROGRAM = fileURLToPath(new URL("bot-process.ts", import.meta.url));

/** A process that a test has started. */
export interface TestProcess {
  /** Waits for a line that it writes. */
  line(text: string): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  readonly exited: Promise<unknown>;
  /** It goes on from where it's held. */
  release(): void;
}

/** A database of PostgreSQL's with what the bot and its workers need, replicas of the bot, and workers. */
export async function openWorld() {
  const { url, giveBack } = await takeDatabase();
  const directory = temporaryDirectory();
  const notes = join(directory, "notes");
  const database = openPostgres(url);
  const boss = new PgBoss({ connectionString: url, max: 3, schedule: false, supervise: false });
  boss.on("error", () => {});
  await boss.start();
  const rows = createHostingRows(database);
  const machineRows = createMachineRows(database);
  const mail = createMail(database);
  const workers = createWorkerRows(database);
  const endings: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const ending of endings.toReversed()) await ending();
    await boss.stop({ graceful: false, close: true });
    await sql`drop schema if exists pgboss cascade`.execute(database);
    await database.destroy();
    await giveBack();
  });

  async function replica() {
    const stopping = new AbortController();
    const errors: string[] = [];
    const jobs = createHostingJobs(boss);
    const log = {
      error: (fields: object, text: string) =>
        void errors.push(`${text} ${JSON.stringify(fields)}`),
    };
    const host = await openRemoteHost({
      rows,
      workers,
      mail,
      jobs,
      log,
      stopping: stopping.signal,
    });
    endings.push(() => host.close());
    return { host, stopping, errors, jobs };
  }

  async function worker(
    name: string,
    variables: {
      LABELS?: string;
      PLACES?: string;
      HOLD?: string;
      CUT_OFF_MS?: string;
      ANSWER_MS?: string;
      VERSION?: string;
    } = {},
    address: string = url,
  ): Promise<TestProcess> {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", PROGRAM, address, join(directory, name), name],
      {
        env: { ...COMPILED, PATH: process.env["PATH"], NOTES: notes, ...variables },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    const begun = processOf(child);
    await begun.line("ready");
    return begun;
  }

  /** A replica of the bot in a process of its own, which opens a session and does sends its prompt. */
  async function bot(request: HostedRequest): Promise<TestProcess> {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", BOT_PROGRAM, url, JSON.stringify(request)],
      { env: { ...COMPILED, PATH: process.env["PATH"] }, stdio: ["pipe", "pipe", "inherit"] },
    );
    const begun = processOf(child);
    await begun.line("ready");
    return begun;
  }

  function processOf(child: ChildProcess): TestProcess {
    endings.push(() => end(child, "SIGKILL"));
    return {
      line: linesOf(child),
      exited: once(child, "exit"),
      kill: (signal = "SIGKILL") => end(child, signal),
      release: () => void child.stdin?.write("\n"),
    };
  }

  return {
    url,
    database,
    rows,
    machineRows,
    mail,
    workers,
    replica,
    worker,
    bot,
    /** What the agents' machines have done. */
    noted: () => (existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\n") : []),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

function linesOf(child: ChildProcess) {
  if (child.stdout === null) throw new Error("no standard output");
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    seen.push(line);
    waiting.get(line)?.();
  });
  return (text: string): Promise<void> => {
    if (seen.includes(text)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.set(text, resolve);
    return promise;
  };
}

/** A request for a session of a task of its own. */
export function requested(changes: Partial<HostedRequest> = {}): HostedRequest {
  return {
    taskId: randomUUID(),
    sessionId: randomUUID(),
    owner: "octo-org",
    repository: "hello",
    ids: { owner: 1, repository: 2 },
    commit: "0".repeat(40),
    branch: { kind: "fix", number: 7, id: "abcd" },
    terms: { labels: [], egress: [], sharing: "never", push: "branch", checkout: [] },
    ...changes,
  };
}

export const TOKENS = {
  copilot: { token: "gho_owner", userId: 5, usableUntil: null },
  repository: "ghs_fetch",
  submodules: [
    {
      path: "lib",
      owner: "octo-org",
      repository: "lib",
      repositoryId: 4,
      commit: "0".repeat(40),
      token: "ghs_submodule",
    },
  ],
};

export const tokens = () => Promise.resolve(TOKENS);

/** Nobody takes it back. */
export function patient() {
  return { withdrawn: new AbortController().signal, onTaken: () => {} };
}

/** The session that was opened. */
export function started(opening: HostedOpening): HostedSession {
  if (opening.type !== "started") throw new Error(JSON.stringify(opening));
  return opening.session;
}

/** What was observed of it, and a wait for something in that. */
export function watch(session: HostedSession) {
  const seen: Observation[] = [];
  session.observe((one) => seen.push(one));
  const until = (type: Observation["type"]) =>
    vi.waitUntil(() => seen.some((one) => one.type === type), 60_000);
  return { seen, until, types: () => seen.map(({ type }) => type) };
}
