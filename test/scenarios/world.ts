import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Permission, SeededRepository } from "../../sandbox/github/seed.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { App } from "../../src/app.ts";
import { startApp } from "../../src/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { createLog } from "../../src/logging.ts";
import type { Waits } from "../../src/surroundings.ts";

/** An issue or pull request. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** The bot with the real runtime, a GitHub and a Mission Control of its own. */
export interface World {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  readonly app: App;
  /** The bot's log so far. */
  readonly log: readonly string[];
  /** The bot's `DATA_DIR`. */
  readonly directory: string;
}

interface Settings {
  readonly variables?: Readonly<Record<string, string>>;
  readonly waits?: Partial<Waits>;
  readonly repositories?: readonly SeededRepository[];
  /** More people, and what they may do in each repository of the organisation. */
  readonly people?: Readonly<Record<string, Permission>>;
}

/** Whose Copilot the bot uses in these stories. */
export const COPILOT_ACCOUNT = "octocat";

/** Short, so that stories are; the runtime's own five seconds before it repeats a prompt stay. */
const SHORT: Partial<Waits> = {
  linkGraceMs: 1_000,
  linkWatchMs: 20_000,
  deliveryMs: 8_000,
  firstRetryMs: 100,
  reportAgainMs: 300,
  shutdownMs: 5_000,
};

/** A world for the tests of a file: up before the first, gone after the last. */
export function useWorld(settings: Settings = {}): World {
  const log: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-test-"));
  let world: Omit<World, "log" | "directory"> | undefined;

  beforeAll(async () => {
    const missionControl = await startMissionControl();
    const { repositories = [], people = {} } = settings;
    const github = await startGitHub({ repositories, people });
    const variables = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      HOST: "127.0.0.1",
      PORT: "0",
      DATA_DIR: directory,
      // Most stories end with the link.
      FOLLOW_MINUTES: "0",
      COPILOT_GITHUB_TOKEN: github.as(COPILOT_ACCOUNT).token,
      GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot",
      ...github.environment,
      ...missionControl.environment,
      ...settings.variables,
    };
    const app = await startApp({
      environment: readEnvironment(variables),
      variables,
      log: createLog("debug", { write: (line) => log.push(line) }),
      waits: { ...SHORT, ...settings.waits },
      throttled: false,
    });
    github.deliverTo(`${app.url}/api/github/webhooks`);
    world = { missionControl, github, app };
  });

  afterAll(async () => {
    await world?.app.stop();
    await world?.github.close();
    await world?.missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const present = () => {
    if (world === undefined) throw new Error("the world is not up yet");
    return world;
  };
  return {
    log,
    directory,
    get github() {
      return present().github;
    },
    get missionControl() {
      return present().missionControl;
    },
    get app() {
      return present().app;
    },
  };
}

/** The bot's comments on a subject, once there is one that the condition is true of. */
export async function botComments(
  { github }: Pick<World, "github">,
  { owner, repo, number }: Place,
  condition: (body: string) => boolean = () => true,
): Promise<string[]> {
  const read = async () => {
    const { comments } = await github.thread(owner, repo, number);
    return comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  };
  await github.until(async () => (await read()).some(condition), 25_000);
  return read();
}

/** A comment with what differs from run to run replaced by its name. */
export function steady(comment: string, { github }: Pick<World, "github">): string {
  return comment
    .replaceAll(`http://${github.host}`, "https://GITHUB")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "UUID")
    .replaceAll(/\b[0-9a-f]{40}\b/gu, "COMMIT")
    .replaceAll(/commit \[`[0-9a-f]{7}`\]/gu, "commit [`COMMIT7`]")
    .replaceAll(/task `[0-9a-f]{8}`/gu, "task `UUID8`")
    .replaceAll(/\d\d:\d\d UTC/gu, "HH:MM UTC");
}

/** What Mission Control was asked, without the polling of events. */
export function asked({ missionControl }: Pick<World, "missionControl">): string[] {
  return missionControl.requests
    .filter(({ method, path }) => method === "POST" && path.startsWith("/agents/"))
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/u, "UUID")}`);
}

/** Kills the Copilot runtime: the one child process of this one. */
export function killRuntime(): void {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s(.*)$/u.exec(line));
  const runtime = rows.find(
    (row) => row?.[2] === String(process.pid) && row[3]?.includes("copilot") === true,
  );
  process.kill(Number(runtime?.[1]), "SIGKILL");
}
