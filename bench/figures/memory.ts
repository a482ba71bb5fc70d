import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { APP_SETTINGS, HOOK } from "../app.ts";
import type { BotProcess } from "../bot-process.ts";
import { startBotProcess } from "../bot-process.ts";
import type { Figure, Run } from "../figure.ts";
import { load } from "../load.ts";
import { compare, pick, plain } from "../measurement.ts";
import { requestingWebhooks } from "../webhooks.ts";

const QUEUED = 1_000;
/** After the start and after the last webhook, so that what is only on its way is gone. */
const SETTLING_MS = 2_000;

/** What the bot's own process takes, idle and with many tasks that wait for their turn. */
export const memory: Figure = {
  name: "memory",
  async measure(run) {
    const measured = [];
    for (let round = 1; round <= run.rounds; round += 1) measured.push(await fill(run, round));
    const rss = pick(measured, (usage) => usage.rss);
    const heap = pick(measured, (usage) => usage.heap);
    const runtime = measured.map(({ runtimeMb }) => runtimeMb);
    const idle = rss.map(({ floor }) => floor);
    const queued = `with ${QUEUED} queued`;
    return [
      plain({ figure: "memory, idle", unit: "MB", target: { type: "at most", value: 120 } }, idle),
      compare(
        { figure: `memory, ${queued}`, unit: "MB", target: { type: "at most", value: 1.2 } },
        rss,
      ),
      compare({ figure: `heap, ${queued}`, unit: "MB", target: null }, heap),
      plain({ figure: "memory of the runtime", unit: "MB", target: null }, runtime),
    ];
  },
};

async function fill({ directory }: Run, round: number) {
  const missionControl = await startMissionControl();
  const silence = await startSilence();
  const settings = {
    ...APP_SETTINGS,
    ...missionControl.environment,
    GHE_HOST: silence.host,
    DATA_DIR: join(directory, `memory-${round}`),
  };
  const bot = await startBotProcess(settings, true);
  await sleep(SETTLING_MS);
  const floor = await memoryOf(bot);
  const runtimeMb = runtimeOf(bot);
  const webhooks = requestingWebhooks(QUEUED, HOOK);
  await load({ url: bot.url, webhooks, connections: 10, expected: "queued" });
  await sleep(SETTLING_MS);
  const ours = await memoryOf(bot);
  await bot.kill();
  silence.close();
  await missionControl.close();
  return { floor, ours, runtimeMb };
}

/** A GitHub that never answers: whatever is asked for stays on its way, and the rest waits in the queue. */
async function startSilence() {
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return { host: `127.0.0.1:${address.port}`, close: () => server.close() };
}

const MB = 1_000_000;

/** In millions of bytes. */
async function memoryOf(bot: BotProcess) {
  const { rss, heap } = await bot.memory();
  return { rss: rss / MB, heap: heap / MB };
}

/** The Copilot runtime is the bot's one child. */
function runtimeOf({ pid }: BotProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const status = readFileSync(`/proc/${children[0] ?? ""}/status`, "utf8");
  const kilobytes = /^VmRSS:\s+(?<kb>\d+) kB$/mu.exec(status)?.groups?.["kb"];
  return (Number(kilobytes) * 1_024) / MB;
}
