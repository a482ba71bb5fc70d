import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { UNPACED_BOT } from "../../../sandbox/chaos/unpaced.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import type { Behavior } from "../../../sandbox/mission-control/behavior.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import type { Place } from "../world.ts";
import {
  asked,
  botComments,
  canAttach,
  isNotice,
  OUT_OF_REACH,
  RUNTIME,
  steady,
} from "../world.ts";
import { FOLLOWING } from "./followed.ts";

/** What is said of a stop of a session that can't be reached again. */
const STOP_THERE =
  "`octocat` asked the session to stop, but the bot can't reach it. [Stop it in Mission Control](https://GITHUB/copilot/tasks/UUID).";

it("a stop outlives the bot: the next one sends no prompt, and says so", async () => {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-stop-"));
  const missionControl = await startMissionControl();
  const github = await startGitHub();
  const settings = {
    ...github.environment,
    ...missionControl.environment,
    ...RUNTIME,
    DATA_DIR: directory,
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    WAITS: JSON.stringify(FOLLOWING.timeouts),
  };
  const first = await startBot(settings, UNPACED_BOT);
  github.deliverTo(`${first.url}/api/github/webhooks`);
  const octocat = github.as("octocat");
  async function stopAfter(end: string, behavior: Behavior) {
    missionControl.behaveOnce(behavior);
    const issue = await octocat.openIssue(hello, { title: "It crashes" });
    await octocat.label(issue, "copilot:triage");
    const came = () => asked({ missionControl }).filter((line) => line.endsWith(end)).length;
    const before = came();
    await missionControl.until(() => came() > before, 30_000);
    await octocat.comment(issue, "/copilot stop");
    await github.until(async () => {
      const { comments } = await github.thread(issue.owner, issue.repo, issue.number);
      return comments.some(({ reactions }) => reactions.some(({ content }) => content === "eyes"));
    });
    return issue;
  }
  const unknown = await stopAfter("/tasks", { create: { delayMs: 60_000 } });
  const known = await stopAfter("/steer", { steer: { status: 500, times: 1 } });
  await first.kill();

  const second = await startBot(settings, UNPACED_BOT);
  const ended = async (issue: Place, words: string) => {
    const all = await botComments({ github }, issue, (body) => body.includes(words));
    return all.filter((body) => !isNotice(body)).map((body) => steady(body, { github }));
  };
  expect(await ended(unknown, "A session may exist")).toEqual([
    expect.stringContaining(
      "\n\n`octocat` asked to stop this task. If its session exists, stop it in Mission Control.\n\n",
    ),
  ]);
  const words = canAttach ? "Copilot was stopped" : "Copilot may not have started";
  expect(await ended(known, words)).toEqual([
    canAttach
      ? expect.stringContaining("\n\nStopped by `octocat` before Copilot received the prompt.\n\n")
      : OUT_OF_REACH.replace("\n\nA session exists", `\n\n${STOP_THERE}\n\nA session exists`),
  ]);
  const [session, ...others] = missionControl.tasks;
  await missionControl.until(() => session?.aborts === Number(canAttach), 30_000);
  expect([session?.prompts, others]).toEqual([[], []]);
  await second.stop();
  await github.close();
  await missionControl.close();
  rmSync(directory, { recursive: true, force: true });
}, 120_000);
