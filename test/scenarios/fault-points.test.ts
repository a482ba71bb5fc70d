import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { describe, expect, it, vi } from "vitest";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { copilotAccount, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { asked, botComments, canAttach, RUNTIME } from "./world.ts";

// Their bots take long to start: the stories run side by side.
vi.setConfig({ testTimeout: 120_000 });

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
  readonly thread: "started" | "interrupted";
  /** Sessions created, and prompts taken, in the end. */
  readonly sessions: number;
  readonly prompts: number;
}

const LIMIT_MS = 60_000;

/** GitHub does not answer the next request of this kind. */
function hanging(method: string, path: RegExp | string, answer: FaultAnswer = "hang") {
  return ({ github }: World) => github.failNext({ method, path }, answer).met;
}

const logged = (message: string) => (world: World) => world.bot.logged(message);

/** Mission Control behaves like this, and then gets a request that ends so. */
function asking(end: string, behavior: Behavior) {
  return ({ missionControl }: World) => {
    missionControl.behaveOnce(behavior);
    const came = () => asked({ missionControl }).some((line) => line.endsWith(end));
    return missionControl.until(came, LIMIT_MS);
  };
}

const PERMISSION = /\/permission$/u;
const COMMENT_PATH = /\/issues\/(?:\d+\/)?comments(?:\/\d+)?$/u;
const COMMENTS = "/repos/octo-org/hello/issues/1/comments";
const ISSUE = "/repos/octo-org/hello/issues/1";
const STARTED = { thread: "started", sessions: 1, prompts: 1 } as const;
const INTERRUPTED = { thread: "interrupted", sessions: 1, prompts: 0 } as const;
/** The next bot delivers the prompt if it can reconnect to the session, and otherwise doesn't know whether it arrived. */
const UNPROMPTED = canAttach ? STARTED : INTERRUPTED;

/** Before a newer runtime sends the prompt, it waits for this. */
const SLOW_TO_SEND: Behavior = {
  rpc: { "session.sandbox.getEnforcementStatus": { delayMs: 60_000 } },
};

const FAULT_POINTS: readonly FaultPoint[] = [
  { step: "after the answer to the webhook", reached: logged("task queued"), ...STARTED },
  {
    step: "while GitHub is asked about the requester",
    reached: hanging("GET", PERMISSION),
    ...STARTED,
  },
  {
    step: "while the reaction is written, for which nothing waits",
    reached: (world) =>
      Promise.all([
        hanging("POST", `${ISSUE}/reactions`)(world),
        asking("/tasks", { create: { delayMs: 60_000 } })(world),
      ]),
    thread: "interrupted",
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
  {
    step: "once the session is known",
    reached: (world) => {
      world.missionControl.behaveOnce(SLOW_TO_SEND);
      return world.bot.logged("session ready");
    },
    ...UNPROMPTED,
  },
  {
    step: "while the prompt is sent",
    reached: asking("/steer", { steer: { status: 500, times: 1 } }),
    ...UNPROMPTED,
  },
  { step: "once the prompt has arrived", reached: logged("prompt delivered"), ...STARTED },
  { step: "while the comment is written", reached: hanging("POST", COMMENTS), ...STARTED },
  {
    step: "once the comment is written, and its answer lost",
    reached: hanging("POST", COMMENTS, "perform and drop"),
    ...STARTED,
  },
  {
    step: "once GitHub has refused the comment",
    reached: hanging("POST", COMMENTS, { status: 403, body: { message: "Sorry." } }),
    ...STARTED,
  },
  { step: "once everything is reported", reached: logged("task settled"), ...STARTED },
];

/** The thread has a comment of the bot's, which says that the session is starting. */
async function startingShown(world: World, behavior: Behavior): Promise<void> {
  const { github } = world;
  // Before it's killed, the bot has asked for the session too.
  await asking("/tasks", behavior)(world);
  const isShown = async () => {
    const { comments } = await github.thread(hello.owner, hello.repo, 1);
    return comments.some(({ body }) => body.includes("Copilot is starting"));
  };
  await github.until(isShown, LIMIT_MS);
}

/** An agent that takes so long, in milliseconds: its task says meanwhile that it's starting. */
const SLOW_MS = 3_000;
const SOON_MS = 200;

/** The same, of a bot whose task has said that it's starting, or was about to. */
const STARTING_POINTS: readonly FaultPoint[] = [
  {
    step: "while that is written",
    reached: (world) =>
      Promise.all([
        hanging("POST", COMMENTS)(world),
        asking("/tasks", { workerDelayMs: 60_000 })(world),
      ]),
    ...INTERRUPTED,
  },
  {
    step: "once that is written, and its answer lost",
    reached: (world) =>
      Promise.all([
        hanging("POST", COMMENTS, "perform and drop")(world),
        asking("/tasks", { workerDelayMs: 60_000 })(world),
      ]),
    ...INTERRUPTED,
  },
  {
    step: "while the agent starts",
    reached: (world) => startingShown(world, { workerDelayMs: 60_000 }),
    ...INTERRUPTED,
  },
  {
    step: "once the session is known",
    reached: async (world) => {
      await startingShown(world, { workerDelayMs: SLOW_MS, ...SLOW_TO_SEND });
      await world.bot.logged("session ready");
    },
    ...UNPROMPTED,
  },
  {
    step: "once the prompt has arrived",
    reached: async (world) => {
      await startingShown(world, { workerDelayMs: SLOW_MS });
      await world.bot.logged("prompt delivered");
    },
    ...STARTED,
  },
  {
    step: "while the link is written over it",
    reached: (world) => {
      world.missionControl.behaveOnce({ workerDelayMs: SLOW_MS });
      return hanging("PATCH", COMMENT_PATH)(world);
    },
    ...STARTED,
  },
  {
    step: "once the link is written over it, and the answer lost",
    reached: (world) => {
      world.missionControl.behaveOnce({ workerDelayMs: SLOW_MS });
      return hanging("PATCH", COMMENT_PATH, "perform and drop")(world);
    },
    ...STARTED,
  },
];

interface Way {
  readonly end?: "kill" | "stop";
  /** When its task says that it's starting; much later than the moment, unless the story is about that. */
  readonly startingNoticeMs?: number;
}

/** What a comment says of a task that went either way. */
const SAYS = { started: "[Open session]", interrupted: "(`interrupted`)" } as const;

async function play(
  { onTestFinished }: TestContext,
  { reached }: Pick<FaultPoint, "reached">,
  { end = "kill", startingNoticeMs = 120_000 }: Way = {},
) {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-fault-"));
  const missionControl = await startMissionControl();
  const github = await startGitHub();
  const settings = {
    ...github.environment,
    ...missionControl.environment,
    ...RUNTIME,
    DATA_DIR: directory,
    FOLLOW_MINUTES: "0",
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    WAITS: JSON.stringify({ startingNoticeMs }),
  };
  let bot = await startBot(settings, UNPACED_BOT);
  onTestFinished(async () => {
    await bot.stop();
    await github.close();
    await missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  });
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const world: World = { github, missionControl, bot };
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  const step = reached(world);
  const labeling = octocat.label(issue, "copilot:triage");
  await step;
  const exitCode = end === "kill" ? await bot.kill() : await bot.stop();
  await labeling;
  bot = await startBot(settings, UNPACED_BOT);
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const comments = await botComments(world, issue, (body) => !body.includes("is starting"));
  await bot.stop();
  const writes = github.requests
    .filter(({ path, method }) => COMMENT_PATH.test(path) && method !== "GET")
    .map(({ method }) => method);
  return { comments, writes, tasks: missionControl.tasks, exitCode };
}

describe.concurrent("the bot is killed, and started again", () => {
  it.for(FAULT_POINTS)("$step", async (point, context) => {
    const { comments, tasks } = await play(context, point);
    expect(comments).toEqual([expect.stringContaining(SAYS[point.thread])]);
    expect(tasks).toHaveLength(point.sessions);
    expect(tasks.flatMap(({ prompts }) => prompts)).toHaveLength(point.prompts);
  });
});

describe.concurrent("the bot is killed when its task has said that it's starting, and started again", () => {
  it.for(STARTING_POINTS)("$step", async (point, context) => {
    const { comments, writes, tasks } = await play(context, point, { startingNoticeMs: SOON_MS });
    expect(comments).toEqual([expect.stringContaining(SAYS[point.thread])]);
    // The comment that was there is the one that says it: another is posted only where none was.
    const posts = point.step === "while that is written" ? ["POST", "POST"] : ["POST"];
    expect(writes.filter((method) => method !== "PATCH")).toEqual(posts);
    expect(tasks).toHaveLength(point.sessions);
    expect(tasks.flatMap(({ prompts }) => prompts)).toHaveLength(point.prompts);
  });
});

describe.concurrent("the bot is asked to stop, and a step does not end in time", () => {
  it("leaves it to the next one to say what is not known", async (context) => {
    const reached = asking("/tasks", { workerDelayMs: 60_000 });
    const { comments, tasks, exitCode } = await play(context, { reached }, { end: "stop" });
    expect(exitCode).toBe(0);
    expect(comments).toEqual([expect.stringContaining("(`interrupted`)")]);
    expect(tasks).toHaveLength(1);
  });

  it("leaves a session that is known to the next one, which delivers the prompt if it can reconnect", async (context) => {
    const reached = asking("/steer", { steer: { status: 500, times: 1 } });
    const { comments, tasks, exitCode } = await play(context, { reached }, { end: "stop" });
    expect(exitCode).toBe(0);
    expect(comments).toEqual([expect.stringContaining(SAYS[UNPROMPTED.thread])]);
    expect(tasks.flatMap(({ prompts }) => prompts)).toHaveLength(UNPROMPTED.prompts);
  });
});
