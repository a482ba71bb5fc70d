import { copilotAccount } from "./github/seed.ts";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { startBot } from "./demo/bot.ts";
import type { World } from "./demo/stories.ts";
import { commandOnPullRequest, labelOnIssue, policyBlocks } from "./demo/stories.ts";
import { showThread } from "./demo/terminal.ts";
import { liftLimits, WITH_DEFAULTS } from "./github/limits.ts";
import { startGitHub } from "./github/server.ts";
import { startMissionControl } from "./mission-control/server.ts";
import { program } from "../script/lib/program.ts";

const { stay = false } = program(
  "script/demo",
  "Shows what the bot does in three threads, on the real Copilot runtime. GitHub and Mission Control are faked on this machine: no token and no account are needed.",
)
  .option("--stay", "keep everything running until Ctrl-C, and print curl commands to try")
  .parse()
  .opts();
const style = {
  bold: (text: string) => styleText("bold", text),
  dim: (text: string) => styleText("dim", text),
};

const missionControl = await startMissionControl();
const github = await startGitHub({ repositories: WITH_DEFAULTS });
await liftLimits(github);
const world: World = { github, missionControl };
const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-demo-"));
const bot = await startBot({
  DATA_DIR: directory,
  ...github.environment,
  ...missionControl.environment,
  // The workers here never finish.
  FOLLOW_MINUTES: "0",
  COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
  GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot",
});
github.deliverTo(`${bot.url}/api/github/webhooks`);

let wrong = 0;
const stories = [
  ["1. octocat adds the label copilot:triage to an issue", labelOnIssue],
  ["2. writer writes a command on a pull request", commandOnPullRequest],
  ["3. the same label, where a policy forbids it", policyBlocks],
] as const;
for (const [headline, story] of stories) {
  const { title, thread, milliseconds, problems } = await story(world);
  wrong += problems.length;
  const verdict = problems.length === 0 ? "✓ as expected" : `✗ ${problems.join("; ")}`;
  console.log(`\n${styleText("underline", headline)}\n`);
  console.log(showThread(title, thread, style));
  console.log(`\n  ${verdict}, comment after ${(milliseconds / 1000).toFixed(1)} s`);
}

if (stay) {
  explain();
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
const exitCode = await bot.stop();
await github.close();
await missionControl.close();
rmSync(directory, { recursive: true, force: true });
if (exitCode !== 0) console.log(`The bot exited with ${exitCode}:\n${bot.lines.join("\n")}`);
process.exitCode = wrong === 0 && exitCode === 0 ? 0 : 1;

function explain(): void {
  const { origin } = new URL(missionControl.url);
  const { token } = github.as("octocat");
  console.log(`
Everything runs until you press Ctrl-C. In another terminal, as octocat:

  # write a command on the first story's issue, and read the thread
  curl -s -H 'authorization: token ${token}' http://${github.host}/repos/octo-org/hello/issues/1/comments -d '{"body":"/copilot triage Look at time zones."}'
  curl -s -H 'authorization: token ${token}' http://${github.host}/repos/octo-org/hello/issues/1/comments

  # make the next agent never start, or lose the next prompt, then write a command again
  curl -s ${origin}/sandbox/behavior -d '{"once":true,"behavior":{"worker":"none"}}'
  curl -s ${origin}/sandbox/behavior -d '{"once":true,"behavior":{"steer":{"status":500}}}'

  # see the requests to Mission Control, and the bot's state
  curl -s ${origin}/sandbox/requests
  curl -s ${bot.url}/readyz`);
}
