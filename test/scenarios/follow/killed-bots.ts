import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UNPACED_BOT } from "../../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../../sandbox/demo/bot.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { liftLimits, WITH_DEFAULTS } from "../../../sandbox/github/limits.ts";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { botComments, RUNTIME } from "../world.ts";
import { FOLLOWING } from "./followed.ts";

/** Steps of a bot that has these waits last until it's killed. */
export const LASTING = { requestMs: 60_000, requestAgainMs: 60_000, reportAgainMs: 3_000 };

/** GitHub, Mission Control, and bots that can be killed. */
export async function openWorld(databaseUrl?: string) {
  const missionControl = await startMissionControl();
  const github = await startGitHub({ repositories: WITH_DEFAULTS });
  await liftLimits(github);
  const bots: BotProcess[] = [];
  const directories: string[] = [];
  const directory = () => {
    const made = mkdtempSync(join(tmpdir(), "copilot-task-bot-notice-"));
    directories.push(made);
    return made;
  };
  const shared = directory();
  async function start(waits: Readonly<Record<string, number>> = {}): Promise<BotProcess> {
    const bot = await startBot(
      {
        ...github.environment,
        ...missionControl.environment,
        ...RUNTIME,
        COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
        WAITS: JSON.stringify({ ...FOLLOWING.timeouts, ...waits }),
        ...(databaseUrl === undefined
          ? { DATA_DIR: shared }
          : { DATA_DIR: directory(), DATABASE_URL: databaseUrl }),
      },
      UNPACED_BOT,
    );
    bots.push(bot);
    return bot;
  }
  async function close(): Promise<void> {
    await Promise.all(bots.map((bot) => bot.stop()));
    await github.close();
    await missionControl.close();
    for (const made of directories) rmSync(made, { recursive: true, force: true });
  }
  return { missionControl, github, start, close };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A session that is followed, and the thread that it was asked for in. */
export async function follow({ github, missionControl }: World) {
  const octocat = github.as("octocat");
  const before = missionControl.tasks.length;
  const issue = await octocat.openIssue(hello, { title: "It crashes" });
  await octocat.label(issue, "copilot:triage");
  await botComments({ github }, issue, (body) => body.includes("Copilot is working"));
  const session = missionControl.tasks[before];
  const emit = (type: string, data: object) =>
    missionControl.emit(session?.id ?? "", type, { ...data });
  const thread = async () => {
    const { comments } = await github.thread(hello.owner, hello.repo, issue.number);
    return comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  };
  const until = async (condition: (bodies: readonly string[]) => boolean) => {
    await github.until(async () => condition(await thread()), 60_000);
    return thread();
  };
  return { github, issue, session, emit, until };
}

export type Story = Awaited<ReturnType<typeof follow>>;
