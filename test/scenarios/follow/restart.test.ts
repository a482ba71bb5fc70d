import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { UNPACED_BOT } from "../../../sandbox/chaos/unpaced.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { botComments, canAttach, RUNTIME } from "../world.ts";
import { FOLLOWING, offer } from "./followed.ts";

it.each(["kill", "stop"] as const)(
  "after a %s, the bot keeps following, or says that it lost contact",
  async (end) => {
    const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-restart-"));
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
    const issue = await octocat.openIssue(hello, { title: "It crashes" });
    await octocat.label(issue, "copilot:triage");
    await botComments({ github }, issue, (body) => body.includes("Copilot is working"));
    await (end === "kill" ? first.kill() : first.stop());
    const session = missionControl.tasks[0]?.id ?? "";
    const summary = "Done while nobody looked.";
    missionControl.emit(session, "session.task_complete", { summary, success: true });

    const second = await startBot(settings, UNPACED_BOT);
    const comments = await botComments({ github }, issue, (body) =>
      body.includes(canAttach ? "Copilot finished" : "the bot lost contact with the session."),
    );
    expect(comments).toEqual([expect.stringContaining(offer(summary))]);
    expect(missionControl.tasks.map(({ prompts }) => prompts.length)).toEqual([1]);
    await second.stop();
    await github.close();
    await missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  },
  120_000,
);
