import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { asked, botComments } from "../world.ts";

const BOT = fileURLToPath(new URL("../../../sandbox/chaos/unpaced-bot.ts", import.meta.url));

it("a stop outlives the bot: the next one sends no prompt, and says so", async () => {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-stop-"));
  const missionControl = await startMissionControl();
  const github = await startGitHub();
  const settings = {
    ...github.environment,
    ...missionControl.environment,
    DATA_DIR: directory,
    COPILOT_GITHUB_TOKEN: github.as("octocat").token,
  };
  const first = await startBot(settings, BOT);
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

  const second = await startBot(settings, BOT);
  const comments = await botComments({ github }, issue, (body) => body.includes("– stopped"));
  expect(comments).toEqual([
    expect.stringContaining("\n\n`octocat` has stopped it before its prompt arrived.\n\n"),
  ]);
  const [session, ...others] = missionControl.tasks;
  await missionControl.until(() => session?.aborts === 1, 20_000);
  expect([session?.prompts, others]).toEqual([[], []]);
  await second.stop();
  await github.close();
  await missionControl.close();
  rmSync(directory, { recursive: true, force: true });
}, 120_000);
