import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { startBot } from "./demo/bot.ts";
import type { World } from "./demo/stories.ts";
import { commandOnPullRequest, labelOnIssue, policyBlocks } from "./demo/stories.ts";
import { showThread } from "./demo/terminal.ts";
import { startGitHub } from "./github/server.ts";
import { startMissionControl } from "./mission-control/server.ts";

const stay = process.argv.includes("--stay");
const style = {
  bold: (text: string) => styleText("bold", text),
  dim: (text: string) => styleText("dim", text),
};

const missionControl = await startMissionControl();
const github = await startGitHub();
const world: World = { github, missionControl };
const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-demo-"));
const bot = await startBot({
  DATA_DIR: directory,
  ...github.environment,
  ...missionControl.environment,
  // The workers here never come to an end.
  FOLLOW_MINUTES: "0",
  COPILOT_GITHUB_TOKEN: github.as("octocat").token,
  GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot",
});
github.deliverTo(`${bot.url}/api/github/webhooks`);

let wrong = 0;
const stories = [
  ["1. octocat sets the label copilot:triage on an issue", labelOnIssue],
  ["2. writer writes a command on a pull request", commandOnPullRequest],
  ["3. the same label where a policy forbids it", policyBlocks],
] as const;
for (const [headline, story] of stories) {
  const { title, thread, milliseconds, problems } = await story(world);
  wrong += problems.length;
  const verdict = problems.length === 0 ? "✓ right" : `✗ ${problems.join("; ")}`;
  console.log(`\n${styleText("underline", headline)}\n`);
  console.log(showThread(title, thread, style));
  console.log(`\n  ${verdict}, answered after ${(milliseconds / 1000).toFixed(1)} s`);
}

if (stay) {
  explain();
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
const exitCode = await bot.stop();
await github.close();
await missionControl.close();
rmSync(directory, { recursive: true, force: true });
if (exitCode !== 0) console.log(`The bot ended with ${exitCode}:\n${bot.lines.join("\n")}`);
process.exitCode = wrong === 0 && exitCode === 0 ? 0 : 1;

function explain(): void {
  const { origin } = new URL(missionControl.url);
  const { token } = github.as("octocat");
  console.log(`
All of it stays up until Ctrl-C. As octocat, on another terminal:

  # write a command on the issue of the first story, and read the thread
  curl -s -H 'authorization: token ${token}' http://${github.host}/repos/octo-org/hello/issues/1/comments -d '{"body":"/copilot triage Look at time zones."}'
  curl -s -H 'authorization: token ${token}' http://${github.host}/repos/octo-org/hello/issues/1/comments

  # let the next agent never start, or lose the next prompt, and ask again
  curl -s ${origin}/sandbox/behaviour -d '{"once":true,"behaviour":{"worker":"none"}}'
  curl -s ${origin}/sandbox/behaviour -d '{"once":true,"behaviour":{"steer":{"status":500}}}'

  # what Mission Control was asked, and how the bot is doing
  curl -s ${origin}/sandbox/requests
  curl -s ${bot.url}/readyz`);
}
