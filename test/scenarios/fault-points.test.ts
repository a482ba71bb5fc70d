import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behaviour } from "../../sandbox/mission-control/behaviour.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { asked, botComments } from "./world.ts";

interface World {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  readonly bot: BotProcess;
}

/** A moment at which the bot is killed, set from outside, and what the thread must say in the end. */
interface FaultPoint {
  readonly step: string;
  /** Makes the step last, so that it can be hit; resolves when it is reached. */
  readonly reached: (world: World) => Promise<unknown>;
  readonly thread: "started" | "interrupted" | "started or interrupted";
  /** Sessions created, and prompts taken, in the end. */
  readonly sessions: number;
  readonly prompts: number;
}

const BOT = fileURLToPath(new URL("../../sandbox/chaos/unpaced-bot.ts", import.meta.url));
const LIMIT_MS = 15_000;

/** GitHub does not answer the next request of this kind. */
function hanging(method: string, path: RegExp | string, answer: FaultAnswer = "hang") {
  return ({ github }: World) => github.failNext({ method, path }, answer).met;
}

const said = (message: string) => (world: World) => world.bot.said(message);

/** Mission Control behaves like this, and then gets a request that ends so. */
function asking(end: string, behaviour: Behaviour) {
  return ({ missionControl }: World) => {
    missionControl.behaveOnce(behaviour);
    const came = () => asked({ missionControl }).some((line) => line.endsWith(end));
    return missionControl.until(came, LIMIT_MS);
  };
}

const PERMISSION = /\/permission$/u;
const COMMENTS = "/repos/octo-org/hello/issues/1/comments";
const ISSUE = "/repos/octo-org/hello/issues/1";
const STARTED = { thread: "started", sessions: 1, prompts: 1 } as const;

const FAULT_POINTS: readonly FaultPoint[] = [
  { step: "after the answer to the webhook", reached: said("task queued"), ...STARTED },
  {
    step: "while GitHub is asked about the requester",
    reached: hanging("GET", PERMISSION),
    ...STARTED,
  },
  {
    step: "while the reaction is written, for which nothing waits",
    reached: (world) => {
      world.missionControl.behaveOnce({ create: { delayMs: 60_000 } });
      return hanging("POST", `${ISSUE}/reactions`)(world);
    },
    thread: "started or interrupted",
    sessions: 0,
    prompts: 0,
  },
  { step: "while the subject is read", reached: hanging("POST", "/graphql"), ...STARTED },
  {
    step: "while Mission Control creates the session",
    reached: asking("/tasks", { create: { delayMs: 60_000 } }),
    thread: "interrupted",
    sessions: 0,
    prompts: 0,
  },
  {
    step: "while the agent starts",
    reached: asking("/tasks", { workerDelayMs: 60_000 }),
    thread: "interrupted",
    sessions: 1,
    prompts: 0,
  },
  { step: "once the session is known", reached: said("session ready"), ...STARTED },
  {
    step: "while the prompt is sent",
    reached: asking("/steer", { steer: { status: 500, times: 1 } }),
    ...STARTED,
  },
  { step: "once the prompt has arrived", reached: said("prompt delivered"), ...STARTED },
  { step: "while the comment is written", reached: hanging("POST", COMMENTS), ...STARTED },
  {
    step: "once the comment is written, and its answer lost",
    reached: hanging("POST", COMMENTS, "perform and drop"),
    ...STARTED,
  },
  { step: "once all is told", reached: said("task settled"), ...STARTED },
];

async function tell({ reached }: Pick<FaultPoint, "reached">, end: "kill" | "stop" = "kill") {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-fault-"));
  const missionControl = await startMissionControl();
  const github = await startGitHub();
  const settings = {
    ...github.environment,
    ...missionControl.environment,
    DATA_DIR: directory,
    FOLLOW_MINUTES: "0",
    COPILOT_GITHUB_TOKEN: github.as("octocat").token,
  };
  let bot = await startBot(settings, BOT);
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const world: World = { github, missionControl, bot };
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  const step = reached(world);
  const labelling = octocat.label(issue, "copilot:triage");
  await step;
  const exitCode = end === "kill" ? await bot.kill() : await bot.stop();
  await labelling;
  bot = await startBot(settings, BOT);
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const comments = await botComments(world, issue);
  await bot.stop();
  await github.close();
  await missionControl.close();
  rmSync(directory, { recursive: true, force: true });
  return { comments, tasks: missionControl.tasks, exitCode };
}

describe("the bot is killed, and started again", () => {
  it.each(FAULT_POINTS)("$step", async (point) => {
    const { comments, tasks } = await tell(point);
    const isStarted = comments[0]?.includes("Follow the session") === true;
    const thread = isStarted ? "started" : "interrupted";
    expect(comments).toEqual([
      expect.stringContaining(isStarted ? "Follow the session" : "failed: `interrupted`"),
    ]);
    expect(point.thread).toContain(thread);
    // Where it may have gone either way, each way has its numbers.
    const isOpen = point.thread === "started or interrupted";
    expect(tasks).toHaveLength(isOpen ? Number(isStarted) : point.sessions);
    const prompts = tasks.flatMap((task) => task.prompts);
    expect(prompts).toHaveLength(isOpen ? Number(isStarted) : point.prompts);
  });
});

describe("the bot is asked to stop, and a step does not end in time", () => {
  it("leaves it to the next one to say what is not known", async () => {
    const reached = asking("/tasks", { workerDelayMs: 60_000 });
    const { comments, tasks, exitCode } = await tell({ reached }, "stop");
    expect(exitCode).toBe(0);
    expect(comments).toEqual([expect.stringContaining("failed: `interrupted`")]);
    expect(tasks).toHaveLength(1);
  });

  it("leaves a session that is known to the next one, which delivers the prompt", async () => {
    const reached = asking("/steer", { steer: { status: 500, times: 1 } });
    const { comments, tasks, exitCode } = await tell({ reached }, "stop");
    expect(exitCode).toBe(0);
    expect(comments).toEqual([expect.stringContaining("Follow the session")]);
    expect(tasks.flatMap(({ prompts }) => prompts)).toHaveLength(1);
  });
});
