import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import { liftLimits, WITH_DEFAULTS } from "../../sandbox/github/limits.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { copilotAccount, organization } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import type { RecordedTask } from "../../sandbox/mission-control/task.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { Place } from "./world.ts";
import { botComments, isNotice, RUNTIME } from "./world.ts";

/** A task that's about to be requested, by the first issue of a repository of its own. */
export interface Stage {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  readonly bot: BotProcess;
  /** The path of the repository in GitHub's API, and its `owner/name`. */
  readonly path: string;
  readonly repository: string;
}

/** A moment at which the bot's life ends, for one of its tasks. */
export interface FaultPoint {
  readonly step: string;
  /** Makes the step last, so that the task stays there; resolves when it is reached. */
  readonly reached: (stage: Stage) => Promise<unknown>;
}

/** For a step to be reached. */
export const LIMIT_MS = 60_000;

/** GitHub does not answer the next request of this kind. */
export function hanging(method: string, below: string, answer: FaultAnswer = "hang") {
  return ({ github, path }: Stage) => {
    const match = { method, path: new RegExp(`^${path}/${below}$`, "u") };
    return github.failNext(match, answer).met;
  };
}

/** The bot's log says so once more. */
export const logged =
  (message: string) =>
  ({ bot }: Stage) => {
    const isSuch = (line: string) => line.includes(`"msg":"${message}"`);
    return bot.logged(message, bot.lines.filter(isSuch).length + 1);
  };

/** Mission Control behaves like this, and then gets a request that ends so. */
export function asking(end: string, behavior: Behavior) {
  return ({ missionControl, repository }: Stage) => {
    missionControl.behaveOnce(behavior, repository);
    const count = () => missionControl.requests.filter(({ path }) => path.endsWith(end)).length;
    const before = count();
    return missionControl.until(() => count() > before, LIMIT_MS);
  };
}

/** What has become of a task. */
export interface Remains {
  /** The task's own comments. */
  readonly comments: readonly string[];
  /** The bot's requests to create such a comment, or to delete any, whatever was answered. */
  readonly writes: readonly string[];
  readonly sessions: readonly RecordedTask[];
}

interface Way {
  readonly end: "kill" | "stop";
  /** When a task says that it's starting. */
  readonly startingNoticeMs: number;
}

/** How long the steps last at which GitHub has refused something: until their bot ends, and not much longer. */
const REFUSED_MS = 3_000;

/**
 * Has one bot bring a task to each of these steps, one after the other, and ends it there. The next one goes on until
 * each of them has a comment that says more than that Copilot is starting. Of the steps, all but the last must last:
 * the end comes as soon as that one is reached.
 */
export async function cutOff(points: readonly FaultPoint[], { end, startingNoticeMs }: Way) {
  const names = points.map((_point, index) => `step-${index + 1}`);
  const world = await openWorld(names, startingNoticeMs);
  const { github, missionControl } = world;
  try {
    const bot = await world.start({
      requestAgainMs: LIMIT_MS,
      linkGraceMs: LIMIT_MS,
      reportAgainMs: REFUSED_MS,
    });
    const issues: Place[] = [];
    const webhooks: Promise<unknown>[] = [];
    for (const [index, { step, reached }] of points.entries()) {
      const name = { owner: organization, repo: names[index] ?? "" };
      const octocat = github.as("octocat");
      const issue = await octocat.openIssue(name, { title: step, body: "" });
      issues.push(issue);
      const repository = `${name.owner}/${name.repo}`;
      const path = `/repos/${repository}`;
      const isThere = reached({ github, missionControl, bot, path, repository });
      webhooks.push(octocat.label(issue, "copilot:triage"));
      await isThere.catch((cause: unknown) => {
        throw new Error(`not reached: ${step}`, { cause });
      });
    }
    const exitCode = end === "kill" ? await bot.kill() : await bot.stop();
    await Promise.all(webhooks);
    const next = await world.start({});
    // A task that doesn't come to an end fails its own story alone.
    await Promise.allSettled(issues.map((issue) => botComments({ github }, issue, isFinal)));
    await next.stop();
    const remains = await Promise.all(issues.map((issue) => remainsOf(issue, world)));
    return { exitCode, of: (point: FaultPoint) => remains[points.indexOf(point)] };
  } finally {
    await world.close();
  }
}

/** GitHub with these repositories, Mission Control, and bots on the same data. */
async function openWorld(names: readonly string[], startingNoticeMs: number) {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-fault-"));
  const missionControl = await startMissionControl();
  const repositories = [...WITH_DEFAULTS, ...names.map((name) => ({ name }))];
  const github = await startGitHub({ repositories });
  await liftLimits(github);
  const bots: BotProcess[] = [];
  return {
    github,
    missionControl,
    async start(waits: Readonly<Record<string, number>>): Promise<BotProcess> {
      const bot = await startBot(
        {
          ...github.environment,
          ...missionControl.environment,
          ...RUNTIME,
          DATA_DIR: directory,
          FOLLOW_MINUTES: "0",
          MAX_CONCURRENT_STARTS: "50",
          COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
          WAITS: JSON.stringify({ startingNoticeMs, ...waits }),
        },
        UNPACED_BOT,
      );
      bots.push(bot);
      github.deliverTo(`${bot.url}/api/github/webhooks`);
      return bot;
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.stop()));
      await github.close();
      await missionControl.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const isFinal = (body: string) => !body.includes("is starting") && !isNotice(body);

async function remainsOf(
  { owner, repo, number }: Place,
  { github, missionControl }: Pick<Stage, "github" | "missionControl">,
): Promise<Remains> {
  const { comments } = await github.thread(owner, repo, number);
  const own = comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  const writes = github.requests
    .filter(({ path }) => path.startsWith(`/repos/${owner}/${repo}/issues/`))
    .filter(({ path, method }) => path.includes("/comments") && /POST|DELETE/u.test(method))
    .filter(({ body }) => !isNotice(WRITTEN.parse(body).body))
    .map(({ method }) => method);
  return {
    comments: own.filter((body) => !isNotice(body)),
    writes,
    sessions: missionControl.tasks.filter(({ repository }) => repository === `${owner}/${repo}`),
  };
}

/** What a request writes into a comment; one that deletes it has no body. */
const WRITTEN = z.looseObject({ body: z.string().default("") }).catch({ body: "" });
