import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { UNPACED_BOT } from "../../../sandbox/chaos/unpaced.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { asked, botComments, canAttach, OUT_OF_REACH, RUNTIME, steady } from "../world.ts";
import { FOLLOWING } from "./followed.ts";

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
  missionControl.behaveOnce({ steer: { status: 500, times: 1 } });
  const issue = await octocat.openIssue(hello, { title: "It crashes" });
  await octocat.label(issue, "copilot:triage");
  const steered = () => asked({ missionControl }).filter((line) => line.endsWith("/steer")).length;
  await missionControl.until(() => steered() === 1, 20_000);
  await octocat.comment(issue, "/copilot stop");
  await github.until(async () => {
    const { comments } = await github.thread(issue.owner, issue.repo, issue.number);
    return comments.some(({ reactions }) => reactions.some(({ content }) => content === "eyes"));
  });
  await first.kill();

  const second = await startBot(settings, UNPACED_BOT);
  const words = canAttach ? "Copilot was stopped" : "Copilot may not have started";
  const comments = await botComments({ github }, issue, (body) => body.includes(words));
  expect(comments.map((body) => steady(body, { github }))).toEqual([
    canAttach
      ? expect.stringContaining("\n\nStopped by `octocat` before Copilot received the prompt.\n\n")
      : OUT_OF_REACH,
  ]);
  const [session, ...others] = missionControl.tasks;
  await missionControl.until(() => session?.aborts === Number(canAttach), 20_000);
  expect([session?.prompts, others]).toEqual([[], []]);
  await second.stop();
  await github.close();
  await missionControl.close();
  rmSync(directory, { recursive: true, force: true });
}, 120_000);
