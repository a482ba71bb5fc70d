import { expect, onTestFinished, test } from "vitest";
import { connectingSettings, openTab, signIn } from "../../../sandbox/connecting.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { temporaryDirectory } from "../../store/opened.ts";
import { botComments, RUNTIME } from "../world.ts";

const PEOPLE = Array.from({ length: 25 }, (_, index) => `person-${index + 1}`);
/** As many as a session may have. */
const TABS = 20;
/** On a busy machine. */
const TIME_LIMIT_MS = 180_000;
/** An answer of GitHub's counts for 45 seconds. */
const MAX_CHECKS = TIME_LIMIT_MS / 45_000 + 1;

/** The bundled bot, and a task that waits for its requester to connect. */
async function openWorld() {
  const missionControl = await startMissionControl();
  onTestFinished(() => missionControl.close());
  const people = Object.fromEntries(PEOPLE.map((login) => [login, "read"] as const));
  const github = await startGitHub({ people });
  onTestFinished(() => github.close());
  const bot = await startBot({
    DATA_DIR: temporaryDirectory(),
    ...github.environment,
    ...missionControl.environment,
    ...RUNTIME,
    ...(await connectingSettings(github)),
  });
  onTestFinished(async () => expect(await bot.stop()).toBe(0));
  await bot.logged("Copilot runtime ready");
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  const [comment = ""] = await botComments({ github }, issue);
  const task = /copilot-task:(?<id>[\w-]+)/u.exec(comment)?.groups?.["id"] ?? "";
  const stop = () => octocat.comment(issue, "/copilot stop");
  return { missionControl, github, stop, botUrl: bot.url, url: `${bot.url}/tasks/${task}` };
}

test(
  "500 open pages are updated, and ask nothing of Mission Control, and of GitHub only what each person can read",
  async () => {
    const { missionControl, github, stop, botUrl, url } = await openWorld();
    const browsers = await Promise.all(PEOPLE.map((login) => signIn(login, botUrl)));
    const commandedBefore = missionControl.requests.length;

    const opened = await Promise.all(
      browsers.map(async (browser) => {
        const tabs = [await openTab(browser, url)];
        // The same page again: its event stream alone.
        while (tabs.length < TABS) tabs.push(await browser.watch(`${url}/events`));
        return tabs;
      }),
    );
    await stop();
    await Promise.all(opened.flat().map((tab) => tab.changed()));

    const asked = github.requests.filter(({ by }) => PEOPLE.includes(by)).map(({ path }) => path);
    // Who signs in, where the App is installed, and which of the repositories there they can read.
    const rights = [
      "/user/installations",
      `/user/installations/${github.installationId}/repositories`,
    ];
    expect([...new Set(asked)]).toEqual(["/user", ...rights]);
    expect(asked.length).toBeGreaterThanOrEqual(PEOPLE.length * 3);
    expect(asked.length).toBeLessThanOrEqual(PEOPLE.length * (1 + 2 * MAX_CHECKS));
    expect(missionControl.requests.slice(commandedBefore)).toEqual([]);
    for (const tab of opened.flat()) tab.close();
  },
  TIME_LIMIT_MS,
);
