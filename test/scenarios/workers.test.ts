import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { liftLimits, WITH_DEFAULTS } from "../../sandbox/github/limits.ts";
import { copilotAccount, organization } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { COMPILED } from "../compiled.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { USER } from "../isolation/isolations.ts";
import type { TestDatabase } from "../store/test-database.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { kindsOf, tracesOf } from "../tracing/kinds.ts";
import { startReceiver } from "../tracing/receiver.ts";
import { botComments, RUNTIME } from "./world.ts";

const PROGRAM = fileURLToPath(new URL("../../script/worker.ts", import.meta.url));
const POLICY = `
runs_on: { default: self-hosted }
limits: { requester: { hour: null } }
`;
const SANDBOXES: Readonly<Record<string, string>> =
  USER === null ? {} : { SANDBOX_USER: `${USER.uid}:${USER.gid}` };
const own = { owner: organization, repo: "own" };

let database: TestDatabase;
let github: LoopbackGitHub;
let missionControl: MissionControl;
let endings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  missionControl = await startMissionControl();
  github = await startGitHub({ repositories: [...WITH_DEFAULTS, { name: "own" }] });
  await liftLimits(github);
  for (const { permissions } of [github.app, github.installation]) {
    permissions["contents"] = "write";
    permissions["pull_requests"] = "write";
  }
  await github.git.commit(own, {
    files: { "README.md": "Helo\n", ".github/copilot-tasks.yml": POLICY },
    message: "Say hello",
  });
  endings = [];
});

afterEach(async () => {
  for (const end of endings.toReversed()) await end();
  await github.close();
  await missionControl.close();
  await database.drop();
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "copilot-task-bot-worker-"));
  endings.push(() => Promise.resolve(rmSync(path, { recursive: true, force: true })));
  return path;
}

async function startReplica(settings: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
  const bot = await startBot(
    {
      ...github.environment,
      ...missionControl.environment,
      ...RUNTIME,
      DATA_DIR: directory(),
      DATABASE_URL: database.url,
      FOLLOW_MINUTES: "60",
      COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
      SELF_HOSTED: "on",
      SELF_HOSTED_REPOSITORIES: "octo-org/*",
      SELF_HOSTED_SESSIONS: "0",
      ...SANDBOXES,
      WAITS: JSON.stringify({ editEveryMs: 200, sessionCommandsEveryMs: 500 }),
      ...settings,
    },
    UNPACED_BOT,
  );
  endings.push(() => bot.stop());
  return bot;
}

/** Started as an administrator starts it, with nothing of the bot's but its database. */
async function startWorkerProgram(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
) {
  const { GHE_HOST = "", GHE_PROTOCOL = "" } = github.environment;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
    env: {
      ...COMPILED,
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      GHE_HOST,
      GHE_PROTOCOL,
      ...missionControl.environment,
      ...RUNTIME,
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      SELF_HOSTED_REPOSITORIES: "octo-org/*",
      WORKER_NAME: "builder",
      ...SANDBOXES,
      ...settings,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const log: string[] = [];
  lines.on("line", (line) => log.push(line));
  const isReady = () => log.some((line) => line.includes("this machine takes sessions"));
  while (!isReady()) await Promise.race([once(lines, "line"), exited]);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  endings.push(() =>
    child.exitCode === null && child.signalCode === null ? end("SIGTERM") : Promise.resolve(),
  );
  return { log, kill: () => end("SIGKILL") };
}

const bash = (command: string) => ({ tool: "bash", arguments: { command, description: "work" } });

async function ask() {
  missionControl.play({
    prompt: "A typo in the README",
    turns: [
      { calls: [bash("sed -i s/Helo/Hello/ README.md && git commit -qam 'Fix the typo'")] },
      { says: "I've fixed the typo." },
    ],
  });
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(own, { title: "A typo in the README" });
  await octocat.label(issue, "copilot:fix");
  const place = { ...own, number: issue.number };
  // A notice may say it before the task's own comment does.
  const shown = (words: string) =>
    botComments(
      { github },
      place,
      (body) => body.startsWith("<!-- copilot-task:") && body.includes(words),
    );
  return { octocat, issue, place, shown };
}

const APPROVE = /`(\/copilot approve [0-9a-f]{8} [0-9a-f]{4})/u;

describe.skipIf(!hasBubblewrap)("a task on a worker", () => {
  it("goes on when the replica that follows it is killed, and ends in a draft pull request", async () => {
    const receiver = await startReceiver();
    const traced = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=s3cret-key",
      OTEL_BSP_SCHEDULE_DELAY: "100",
    };
    const first = await startReplica(traced);
    github.deliverTo(`${first.url}/api/github/webhooks`);
    const worker = await startWorkerProgram(directory(), traced);
    const { octocat, issue, shown } = await ask();
    const [asking = ""] = await shown("/copilot approve");
    expect(asking).toContain("Runs on the administrator's machine `builder`, isolated");
    const second = await startReplica(traced);
    github.deliverTo(`${second.url}/api/github/webhooks`);
    await receiver.until((spans) => spans.some(({ name }) => name === "machine open"));
    await first.kill();
    await second.logged("session followed again");
    await octocat.comment(issue, APPROVE.exec(asking)?.[1] ?? "");
    const [done = ""] = await shown("/pull/");
    expect(done).toContain("I've fixed the typo.");
    const branches = Object.keys(github.git.branches(own)).filter((name) =>
      name.startsWith("copilot/"),
    );
    expect(branches).toHaveLength(1);
    expect(github.git.files(own, branches[0] ?? "")["README.md"]).toBe("Hello\n");

    await receiver.until((spans) => spans.some(({ name }) => name === "machine push"));
    const kinds = kindsOf(receiver.spans).map((kind) => kind.replace(/^.*> start task/u, "start"));
    expect(kinds).toEqual(
      expect.arrayContaining([
        "start > machine open",
        "start > machine open > machine wait",
        "start > copilot prompt",
        "task queued > worker open",
        "task queued > worker open > checkout",
        "task queued > worker open > sandbox",
        "task queued > worker open > runtime start",
      ]),
    );
    // The approval has a trace of its own.
    const ofSession = receiver.spans.filter(({ name }) => /^(?:machine|worker) /u.test(name));
    expect(tracesOf(ofSession)).toHaveLength(1);
    for (const words of ["typo", "octocat", organization, "builder", "s3cret-key"]) {
      expect(receiver.text).not.toContain(words);
    }
    expect(worker.log.join("\n")).not.toContain("s3cret-key");
  });

  it("is shown as away when its worker is killed, and goes on when that's back", async () => {
    const bot = await startReplica();
    github.deliverTo(`${bot.url}/api/github/webhooks`);
    const dataDir = directory();
    const worker = await startWorkerProgram(dataDir);
    const { shown, place } = await ask();
    await shown("/copilot approve");
    const killedAt = performance.now();
    await worker.kill();
    await shown("The administrator's machine `builder` hasn't been reached since");
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    await startWorkerProgram(dataDir);
    await bot.logged("session followed again");
    // The agent goes on, or asks again: what the runtime had written down of its last moments decides that.
    await botComments(
      { github },
      place,
      (body) => body.startsWith("<!-- copilot-task:") && !body.includes("hasn't been reached"),
    );
  });

  it("runs on the machine of one replica, and is followed by another one that hasn't any", async () => {
    const machine = await startReplica({ SELF_HOSTED_SESSIONS: "1" });
    const other = await startReplica();
    github.deliverTo(`${other.url}/api/github/webhooks`);
    const { shown } = await ask();
    const [asking = ""] = await shown("/copilot approve");
    expect(asking).toContain(`Runs on the administrator's machine \`${hostname()}\`, isolated`);
    // In order: the session's runtime ends, and its state stays.
    expect(await machine.stop()).toBe(0);
    await shown(`The administrator's machine \`${hostname()}\` hasn't been reached since`);
    expect(await other.stop()).toBe(0);
  });
});
