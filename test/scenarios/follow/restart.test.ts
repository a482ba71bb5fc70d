import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { botComments } from "../world.ts";

const BOT = fileURLToPath(new URL("../../../sandbox/chaos/unpaced-bot.ts", import.meta.url));

it.each(["kill", "stop"] as const)(
  "a bot that follows goes on after a %s",
  async (end) => {
    const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-restart-"));
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
    const issue = await octocat.openIssue(hello, { title: "It crashes" });
    await octocat.label(issue, "copilot:triage");
    await botComments({ github }, issue, (body) => body.includes("**In progress**"));
    await (end === "kill" ? first.kill() : first.stop());
    const session = missionControl.tasks[0]?.id ?? "";
    const summary = "Done while nobody looked.";
    missionControl.emit(session, "session.task_complete", { summary, success: true });

    const second = await startBot(settings, BOT);
    const comments = await botComments({ github }, issue, (body) => body.includes("**Completed**"));
    expect(comments).toEqual([expect.stringContaining(summary)]);
    expect(missionControl.tasks.map(({ prompts }) => prompts.length)).toEqual([1]);
    await second.stop();
    await github.close();
    await missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  },
  120_000,
);
