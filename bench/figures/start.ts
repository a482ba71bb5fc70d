import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { APP_SETTINGS } from "../app.ts";
import { startBotProcess, timeToExit, timeToLine } from "../bot-process.ts";
import type { Figure } from "../figure.ts";
import { compare, interleave, pick } from "../measurement.ts";

/** From nothing to a server that listens, and to a bot that can start sessions. */
export const start: Figure = {
  name: "start",
  async measure({ rounds, directory: parent }) {
    const directory = join(parent, "start");
    mkdirSync(directory);
    const missionControl = await startMissionControl();
    const settingsOf = (name: string) => {
      const DATA_DIR = join(directory, name);
      return { ...APP_SETTINGS, ...missionControl.environment, DATA_DIR };
    };
    const measures = {
      floor: async () => ({
        listeningMs: await timeToExit("nothing", {}),
        readyMs: await timeToLine("runtime-start", "ready", settingsOf("floor")),
      }),
      async ours() {
        const bot = await startBotProcess(settingsOf("bot"));
        await bot.kill();
        return bot;
      },
    };
    // Measured is a start on a directory that is there, as after an update: the first is not counted.
    await interleave(1, measures);
    const pairs = await interleave(rounds, measures);
    await missionControl.close();
    return [
      compare(
        { figure: "start: listening", unit: "ms", target: { type: "at most", value: 10 } },
        pick(pairs, ({ listeningMs }) => listeningMs),
      ),
      compare(
        { figure: "start: ready", unit: "ms", target: { type: "at most", value: 1.1 } },
        pick(pairs, ({ readyMs }) => readyMs),
      ),
    ];
  },
};
