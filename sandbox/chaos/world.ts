import { UNPACED_BOT } from "./unpaced.ts";
import { copilotAccount } from "../github/seed.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BotProcess } from "../demo/bot.ts";
import { startBot } from "../demo/bot.ts";
import type { LoopbackGitHub } from "../github/loopback.ts";
import { liftLimits, WITH_DEFAULTS } from "../github/limits.ts";
import { startGitHub } from "../github/server.ts";
import type { MissionControl } from "../mission-control/server.ts";
import { startMissionControl } from "../mission-control/server.ts";

/** GitHub, Mission Control, and bots that are started and killed. */
export interface ChaosWorld {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  /** Starts the bot, or a replica, with a number; again on the same data. */
  start(replica: number): Promise<BotProcess>;
  deliverTo(bot: BotProcess | undefined): void;
  close(): Promise<void>;
}

interface Options {
  readonly repositories: readonly { readonly name: string }[];
  readonly databaseUrl?: string | undefined;
  readonly settings?: Readonly<Record<string, string>>;
}

/** An organization with these repositories. */
export async function createWorld(options: Options): Promise<ChaosWorld> {
  const { repositories, databaseUrl, settings } = options;
  const missionControl = await startMissionControl();
  const github = await startGitHub({ repositories: [...WITH_DEFAULTS, ...repositories] });
  await liftLimits(github);
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-chaos-"));
  return {
    github,
    missionControl,
    start: (replica) =>
      startBot(
        {
          ...github.environment,
          ...missionControl.environment,
          // The workers here never come to an end.
          FOLLOW_MINUTES: "0",
          COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
          DATA_DIR: join(directory, String(replica)),
          ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
          ...settings,
        },
        UNPACED_BOT,
      ),
    deliverTo: (bot) => github.deliverTo(`${bot?.url}/api/github/webhooks`),
    async close() {
      await github.close();
      await missionControl.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
