import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, EventStream } from "../../sandbox/browser.ts";
import { connectingSettings, openTab, signIn } from "../../sandbox/connecting.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { taskIdOf } from "../../src/store/task-id.ts";
import { APP_SETTINGS } from "../app.ts";
import { startBotProcess } from "../bot-process.ts";
import type { Figure, Run } from "../figure.ts";
import { load } from "../load.ts";
import { compare, interleave, pick, plain } from "../measurement.ts";
import { startProgram } from "../program.ts";
import { requestingWebhooks } from "../webhooks.ts";

/** Who looks at pages. */
const PEOPLE = Array.from({ length: 25 }, (_, index) => `person-${index + 1}`);

function startWatchedGitHub(): Promise<LoopbackGitHub> {
  return startGitHub({ people: Object.fromEntries(PEOPLE.map((login) => [login, "read"])) });
}

/** A label that the bot acknowledges; gives the address of its task's page. */
async function labelOne(github: LoopbackGitHub, botUrl: string): Promise<string> {
  github.deliverTo(`${botUrl}/api/github/webhooks`);
  const person = github.as("octocat");
  const issue = await person.openIssue(hello, { title: "Nothing is saved", body: "" });
  await person.label(issue, "copilot:triage");
  const delivery = github.deliveries.findLast(({ action }) => action === "labeled");
  return `${botUrl}/tasks/${taskIdOf(delivery?.id ?? "")}`;
}

function signAllIn(botUrl: string): Promise<readonly Browser[]> {
  return Promise.all(PEOPLE.map((login) => signIn(login, botUrl)));
}

/** Everybody opens these pages, so often, and keeps them open. */
async function openAll(
  browsers: readonly Browser[],
  urls: readonly string[],
  times: number,
): Promise<readonly EventStream[]> {
  const opened = browsers.map(async (browser) => {
    const tabs: EventStream[] = [];
    for (let time = 0; time < times; time += 1) {
      for (const url of urls) tabs.push(await openTab(browser, url));
    }
    return tabs;
  });
  return (await Promise.all(opened)).flat();
}

const CONNECTIONS = 50;
/** In each round; enough for some seconds. */
const WEBHOOKS = 6_000;
/** Before the first round, so that the machine code is there. */
const WARM_UP = 12_000;

/** Webhooks that make a task, while each person has the list and a task's page open, and while nobody has. */
export const acknowledgedBesidePages: Figure = {
  name: "acknowledged beside pages",
  async measure({ rounds, directory: parent }) {
    const directory = join(parent, "beside-pages");
    mkdirSync(directory);
    const github = await startWatchedGitHub();
    const settings = {
      ...APP_SETTINGS,
      ...github.environment,
      ...(await connectingSettings(github)),
      DATA_DIR: join(directory, "data"),
    };
    const program = await startProgram("receiver", { directory, settings });
    const { url } = program;
    const task = await labelOne(github, url);
    const browsers = await signAllIn(url);
    const hook = { secret: github.webhookSecret, installationId: github.installationId };
    const measure = (count: number) =>
      load({
        url,
        webhooks: requestingWebhooks(count, hook),
        connections: CONNECTIONS,
        expected: "queued",
      });
    const besidePages = async () => {
      const tabs = await openAll(browsers, [`${url}/`, task], 1);
      const measured = await measure(WEBHOOKS);
      for (const tab of tabs) tab.close();
      return measured;
    };
    await measure(WARM_UP);
    const pairs = await interleave(rounds, { floor: () => measure(WEBHOOKS), ours: besidePages });
    await program.stop();
    await github.close();
    const target = { type: "at least", value: 0.95 } as const;
    return [
      compare(
        { figure: "acknowledged, 50 pages open", unit: "webhooks/s", target },
        pick(pairs, ({ perSecond }) => perSecond),
      ),
    ];
  },
};

/** As many as a session may have. */
const TABS = 20;
/** After the last sign-in and the last page, so that what is only on its way is gone. */
const SETTLING_MS = 2_000;
const MB = 1_000_000;

/** What 500 open pages take of the bot's own process. */
export const openPages: Figure = {
  name: "open pages",
  async measure(run) {
    const rounds = [];
    for (let round = 1; round <= run.rounds; round += 1) rounds.push(await openMany(run, round));
    const what = `${PEOPLE.length * TABS} open pages`;
    return [
      plain(
        { figure: `memory of ${what}`, unit: "MB", target: { type: "at most", value: 50 } },
        rounds.map(({ rss }) => rss / MB),
      ),
      plain(
        { figure: `heap of ${what}`, unit: "MB", target: null },
        rounds.map(({ heap }) => heap / MB),
      ),
    ];
  },
};

/** What a bot holds more than before, after everybody has opened a task's page. */
async function openMany({ directory }: Run, round: number) {
  const missionControl = await startMissionControl();
  const github = await startWatchedGitHub();
  const settings = {
    ...APP_SETTINGS,
    ...github.environment,
    ...missionControl.environment,
    ...(await connectingSettings(github)),
    // The task waits for its requester to connect, so nothing else happens.
    COPILOT_GITHUB_TOKEN: "",
    DATA_DIR: join(directory, `open-pages-${round}`),
  };
  const bot = await startBotProcess(settings, true);
  const task = await labelOne(github, bot.url);
  const browsers = await signAllIn(bot.url);
  await sleep(SETTLING_MS);
  const before = await bot.memory();
  const tabs = await openAll(browsers, [task], TABS);
  await sleep(SETTLING_MS);
  const after = await bot.memory();
  for (const tab of tabs) tab.close();
  await bot.kill();
  await github.close();
  await missionControl.close();
  return { rss: after.rss - before.rss, heap: after.heap - before.heap };
}
