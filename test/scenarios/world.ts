import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { connectingSettings } from "../../sandbox/connecting.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { liftLimits, WITH_DEFAULTS } from "../../sandbox/github/limits.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Permission, SeededRepository } from "../../sandbox/github/seed.ts";
import { copilotAccount, hello } from "../../sandbox/github/seed.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { App } from "../../src/app/app.ts";
import { startApp } from "../../src/app/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { createLog } from "../../src/app/logging.ts";
import type { Timeouts } from "../../src/ports/timeouts.ts";
import { NEWEST } from "../../sandbox/newest-runtime.ts";
import { WITHOUT_SESSIONS } from "./without-sessions.ts";

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
  readonly timeouts?: Partial<Timeouts>;
  /** With GitHub's pace of one write a second. */
  readonly throttled?: boolean;
  /** Happens before the bot starts. */
  readonly beforeStart?: (github: LoopbackGitHub) => void;
  readonly repositories?: readonly SeededRepository[];
  /** More people, and what they may do in each repository of the organization. */
  readonly people?: Readonly<Record<string, Permission>>;
  /** People connect their Copilot, and the bot has none of its own. */
  readonly connecting?: boolean;
  /** The bot's own limits hold; otherwise none do, except in a world with a `.github` repository of its own. */
  readonly limited?: boolean;
}

/** Whether the project of the tests runs on the newest runtime, which is of the other family. */
export const isOnNewest = process.env["TEST_RUNTIME"] === "newest";

/** The bot's settings that choose the project's runtime. */
export const RUNTIME: Readonly<Record<string, string>> = isOnNewest
  ? { COPILOT_RUNTIME: NEWEST }
  : {};

/** Whether a session is reached again after the bot, or its runtime, ended. Where it isn't, people go on in Mission Control. */
export const canAttach = !isOnNewest;

/** Whether a prompt that isn't seen to arrive is sent again, by the runtime or by the bot. */
export const canSendAgain = !isOnNewest;

/** Whether the runtime reads what a session reports after its shutdown. */
export const readsAfterShutdown = !isOnNewest;

/** Whose Copilot the bot uses in these stories. */
export const COPILOT_ACCOUNT = copilotAccount;

/** Short, so that stories are; the runtime's own five seconds before it repeats a prompt stay. */
const SHORT: Partial<Timeouts> = {
  linkGraceMs: 1_000,
  linkWatchMs: 20_000,
  deliveryMs: 8_000,
  firstRetryMs: 100,
  requestAgainMs: 50,
  reportAgainMs: 300,
  shutdownMs: 5_000,
  // Only stories about them need the requests of policy checks, and of labels.
  policyChecksEveryMs: 3_600_000,
  labelingsEveryMs: 3_600_000,
};

/** A world for the tests of a file: up before the first, gone after the last. */
export function useWorld(settings: Settings = {}): World {
  const log: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-test-"));
  let world: Omit<World, "log" | "directory"> | undefined;

  beforeAll(async () => {
    const missionControl = await startMissionControl();
    const github = await startUnlimited(settings);
    settings.beforeStart?.(github);
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
      ...RUNTIME,
      ...(settings.connecting === true
        ? { COPILOT_GITHUB_TOKEN: "", ...(await connectingSettings(github)) }
        : {}),
      ...settings.variables,
    };
    const app = await startApp({
      environment: readEnvironment(variables),
      variables,
      log: createLog("debug", { write: (line) => log.push(line) }),
      timeouts: { ...SHORT, ...settings.timeouts },
      throttled: settings.throttled ?? false,
    });
    github.deliverTo(`${app.url}/api/github/webhooks`);
    world = { missionControl, github, app };
  });

  beforeEach(() => {
    if (world !== undefined) beginStory(world.missionControl);
  });

  afterAll(async () => {
    await world?.app.stop();
    await world?.github.close();
    await world?.missionControl.close();
    rmSync(directory, { recursive: true, force: true });
    const path = expect.getState().testPath ?? "";
    if (!WITHOUT_SESSIONS.some((one) => path.endsWith(one))) return;
    const requests = world?.missionControl.requests;
    expect(
      requests,
      "its bot has a session: take it off test/scenarios/without-sessions.ts",
    ).toEqual([]);
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

async function startUnlimited(settings: Settings): Promise<LoopbackGitHub> {
  const { repositories = [], people = {}, limited = false } = settings;
  const isLifted = !limited && repositories.every(({ name }) => name !== ".github");
  const all = isLifted ? [...WITH_DEFAULTS, ...repositories] : repositories;
  const github = await startGitHub({ repositories: all, people });
  if (isLifted) await liftLimits(github);
  return github;
}

/**
 * The bot's comments on a subject, once there is one that the condition is true of: unless it is given, one that says
 * more than that Copilot is starting, which a slow machine sees first.
 */
export async function botComments(
  { github }: Pick<World, "github">,
  { owner, repo, number }: Place,
  condition: (body: string) => boolean = (body) => !body.includes("⏳ Copilot is starting"),
): Promise<string[]> {
  const read = async () => {
    const { comments } = await github.thread(owner, repo, number);
    return comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  };
  await github.until(async () => (await read()).some(condition), 60_000);
  return read();
}

/** Whether a comment of the bot's is a notice, and not a task's own. */
export function isNotice(body: string): boolean {
  return body.startsWith("<!-- copilot-notice:");
}

/** A comment with what differs from run to run replaced by its name. */
export function steady(comment: string, { github }: Pick<World, "github">): string {
  return comment
    .replaceAll(`http://${github.host}`, "https://GITHUB")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "UUID")
    .replaceAll(/http:[^)]*(?=\/qr\/UUID\/)/gu, "https://BOT")
    .replaceAll(/(?<=\/qr\/UUID\/)[0-9a-f]{32}/gu, "SECRET")
    .replaceAll(/\b[0-9a-f]{40}\b/gu, "COMMIT")
    .replaceAll(/commit \[`[0-9a-f]{7}`\]/gu, "commit [`COMMIT7`]")
    .replaceAll(
      /(?<=[Tt]ask `|\/copilot (?:retry|stop|send|status|resume) )[0-9a-f]{8}(?=[` ])/gu,
      "UUID8",
    )
    .replaceAll(/\d\d:\d\d UTC/gu, "HH:MM UTC");
}

/** The comment on a triage in `hello` whose session wasn't reached again before it had its prompt; steadied. */
export const OUT_OF_REACH = `<!-- copilot-task:UUID -->
### ❌ Copilot may not have started: triage

> [!WARNING]
> **The bot was interrupted during this task and doesn't know how far it got** (\`interrupted\`).
>
> The bot never creates a second session by itself.

A session exists: [open it](https://GITHUB/copilot/tasks/UUID), or find it in the [list of sessions](https://GITHUB/copilot/agents), before you start another one. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

<details><summary>Details</summary>

- Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
- Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
- Task \`UUID8\`

</details>
`;

/** How many requests each Mission Control had got before the story began. */
const earlier = new WeakMap<MissionControl, number>();

/** A story that's tried again isn't to find the requests of its first try. */
function beginStory(missionControl: MissionControl): void {
  earlier.set(missionControl, missionControl.requests.length);
}

/**
 * What Mission Control was asked to do since the story began: without the polling of events, and the remote calls that
 * only read.
 */
export function asked({ missionControl }: Pick<World, "missionControl">): string[] {
  return missionControl.requests
    .slice(earlier.get(missionControl) ?? 0)
    .filter(({ method, path }) => method === "POST" && /^\/agents\/(?!.*\/rpc$)/u.test(path))
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/u, "UUID")}`);
}

/** Takes the only place among the starts; what is asked for next waits until the place is left, which the function does. */
export async function takePlace({ github, missionControl }: World): Promise<() => void> {
  const created = missionControl.tasks.length;
  missionControl.behaveOnce({ worker: "none" });
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Takes the only place" });
  await octocat.label(issue, "copilot:triage");
  await missionControl.until(({ tasks }) => tasks.length > created, 30_000);
  const { id = "" } = missionControl.tasks[created] ?? {};
  return () => missionControl.startWorker(id);
}
