import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import { liftLimits, WITH_DEFAULTS } from "../../sandbox/github/limits.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import type { SeededRepository } from "../../sandbox/github/seed.ts";
import { copilotAccount, organization } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { Timeouts } from "../../src/ports/timeouts.ts";
import { COMPILED } from "../compiled.ts";
import { USER } from "../isolation/isolations.ts";
import { FOLLOWING } from "./follow/followed.ts";
import type { World } from "./world.ts";
import { RUNTIME, steady, useWorld } from "./world.ts";

/** What lets a machine of the administrator's run sessions. */
const OWN_MACHINE: Readonly<Record<string, string>> = {
  SELF_HOSTED_REPOSITORIES: `${organization}/*`,
  ...(USER === null ? {} : { SANDBOX_USER: `${USER.uid}:${USER.gid}` }),
};

/** One call of a model's that has the agent run a command. */
export const bash = (command: string) => ({
  tool: "bash",
  arguments: { command, description: "work" },
});

/** The command that a comment offers to allow what the agent asks for. */
export const APPROVE = /`(\/copilot approve [0-9a-f]{8} [0-9a-f]{4})/u;

/** A comment on a session on an own machine without what differs from run to run. */
export function steadyHosted(comment: string, world: Pick<World, "github">): string {
  const steadied = comment
    .replaceAll(/(?<=\/copilot \w+ )[0-9a-f]{8}(?: [0-9a-f]{4}\b)?/gu, "TASK")
    .replaceAll(/(?<=copilot\/fix-\d+-)[0-9a-f]{8}/gu, "TASK")
    .replaceAll(hostname(), "MACHINE");
  return steady(steadied, world);
}

/** The App may push, and open pull requests. */
function permitPushes({ app, installation }: LoopbackGitHub): void {
  for (const { permissions } of [app, installation]) {
    permissions["contents"] = "write";
    permissions["pull_requests"] = "write";
  }
}

const REPOSITORY = z.object({ id: z.number(), owner: z.object({ id: z.number() }) });

/** The name by which Mission Control knows a repository of the organization: `ownerId/repoId`. */
export async function idsOf(github: LoopbackGitHub, repo: string): Promise<string> {
  const { id, owner } = REPOSITORY.parse(await readApi(github, repo));
  return `${owner.id}/${id}`;
}

/** How many pull requests a repository of the organization has. */
export async function countPulls(github: LoopbackGitHub, repo: string): Promise<number> {
  return z.array(z.unknown()).parse(await readApi(github, `${repo}/pulls?state=all`)).length;
}

async function readApi(github: LoopbackGitHub, below: string): Promise<unknown> {
  const answer = await fetch(`http://${github.host}/api/v3/repos/${organization}/${below}`, {
    headers: { authorization: `Bearer ${github.as("octocat").token}` },
  });
  return answer.json();
}

/** A bot that runs sessions on its own machine, in the process of the test, with these repositories. */
export function useOwnMachine(
  repositories: readonly SeededRepository[],
  {
    variables = {},
    timeouts = {},
  }: { variables?: Readonly<Record<string, string>>; timeouts?: Partial<Timeouts> } = {},
): World {
  return useWorld({
    repositories,
    variables: { ...FOLLOWING.variables, SELF_HOSTED: "on", ...OWN_MACHINE, ...variables },
    timeouts: { ...FOLLOWING.timeouts, ...timeouts },
    beforeStart: permitPushes,
  });
}

/** A worker as a process of its own. */
export interface WorkerProcess {
  /** Where it keeps everything. */
  readonly directory: string;
  /** Every line of its log so far. */
  readonly log: readonly string[];
  /** Ends it with SIGKILL, as a crash does. */
  kill(): Promise<void>;
  /** Asks it to stop with SIGTERM; gives its exit code. */
  stop(): Promise<number | null>;
}

/** Bots and workers as processes of their own, with what they speak to. */
export interface Machines {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  /** A new directory for the data of a bot or a worker. */
  directory(): string;
  /** Starts a bot that gets all webhooks from now on; `waits` are timeouts, in milliseconds. */
  startBot(
    directory: string,
    settings?: Readonly<Record<string, string>>,
    waits?: Readonly<Record<string, number>>,
  ): Promise<BotProcess>;
  /** Starts a worker named `builder` as an administrator does, with nothing of the bot's but its database. */
  startWorker(
    directory: string,
    settings?: Readonly<Record<string, string>>,
  ): Promise<WorkerProcess>;
  close(): Promise<void>;
}

/** Repositories with these names, whose pushes the App may make. `databaseUrl`: for bots and workers that share one. */
export async function openMachines(
  names: readonly string[],
  databaseUrl?: string,
): Promise<Machines> {
  const missionControl = await startMissionControl();
  const repositories = [...WITH_DEFAULTS, ...names.map((name) => ({ name }))];
  const github = await startGitHub({ repositories });
  await liftLimits(github);
  permitPushes(github);
  const database: Readonly<Record<string, string>> =
    databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  const shared = { ...missionControl.environment, ...RUNTIME, ...OWN_MACHINE, ...database };
  const endings: (() => Promise<unknown>)[] = [];
  return {
    github,
    missionControl,
    directory() {
      const path = mkdtempSync(join(tmpdir(), "machine-"));
      endings.unshift(() => Promise.resolve(rmSync(path, { recursive: true, force: true })));
      return path;
    },
    async startBot(directory, settings = {}, waits = {}) {
      const variables = {
        ...github.environment,
        ...shared,
        DATA_DIR: directory,
        FOLLOW_MINUTES: "60",
        MAX_CONCURRENT_STARTS: "50",
        SELF_HOSTED: "on",
        COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
        WAITS: JSON.stringify({ editEveryMs: 100, sessionCommandsEveryMs: 500, ...waits }),
        ...settings,
      };
      const bot = await startBot(variables, UNPACED_BOT);
      endings.push(() => bot.stop());
      github.deliverTo(`${bot.url}/api/github/webhooks`);
      return bot;
    },
    async startWorker(directory, settings = {}) {
      const { GHE_HOST = "", GHE_PROTOCOL = "" } = github.environment;
      const worker = await startWorkerProgram({
        ...shared,
        GHE_HOST,
        GHE_PROTOCOL,
        DATA_DIR: directory,
        WORKER_NAME: "builder",
        SELF_HOSTED_SESSIONS: "20",
        ...settings,
      });
      endings.push(() => worker.stop());
      return { ...worker, directory };
    },
    async close() {
      for (const end of endings.toReversed()) await end();
      await github.close();
      await missionControl.close();
    },
  };
}

const PROGRAM = fileURLToPath(new URL("../../script/worker.ts", import.meta.url));

async function startWorkerProgram(settings: Readonly<Record<string, string>>) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
    env: { ...COMPILED, PATH, HOME, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const log: string[] = [];
  lines.on("line", (line) => log.push(line));
  const isReady = () => log.some((line) => line.includes("this machine takes sessions"));
  while (!isReady()) {
    await Promise.race([once(lines, "line"), exited]);
    if (child.exitCode !== null) throw new Error(`the worker ended:\n${log.join("\n")}`);
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    log,
    kill: () => end("SIGKILL"),
    async stop() {
      await end("SIGTERM");
      return child.exitCode;
    },
  };
}
