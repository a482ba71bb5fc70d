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
import { LINK, POLICY } from "./story.ts";

const WAITING = "### ⏳ Copilot is waiting in line";

it.each(["kill", "stop"] as const)(
  "after a %s, a task that waits in line starts when a session has ended meanwhile, if the bot can see that",
  async (end) => {
    const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-queue-"));
    const missionControl = await startMissionControl();
    const github = await startGitHub();
    await github.writeFile(hello, POLICY, "limits: { at_once: 1 }");
    const settings = {
      ...github.environment,
      ...missionControl.environment,
      ...RUNTIME,
      DATA_DIR: directory,
      COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    };
    const first = await startBot(settings, UNPACED_BOT);
    github.deliverTo(`${first.url}/api/github/webhooks`);
    const octocat = github.as("octocat");
    const label = async (text: string) => {
      const issue = await octocat.openIssue(hello, { title: "It crashes" });
      await octocat.label(issue, "copilot:triage");
      await botComments({ github }, issue, (body) => body.includes(text));
      return issue;
    };
    const running = await label(LINK);
    const waiting = await label(WAITING);
    const later = await label(WAITING);
    await (end === "kill" ? first.kill() : first.stop());
    const session = missionControl.tasks[0]?.id ?? "";
    missionControl.emit(session, "session.task_complete", { summary: "Done." });

    const second = await startBot(settings, UNPACED_BOT);
    if (canAttach) {
      const started = await botComments({ github }, waiting, (body) => body.includes(LINK));
      expect(started).toHaveLength(1);
      expect(missionControl.tasks).toHaveLength(2);
    } else {
      // Nobody sees that the session has ended: it counts as running for an hour.
      await botComments({ github }, running, (body) => body.includes("lost contact"));
      expect(await botComments({ github }, waiting)).toEqual([expect.stringContaining(WAITING)]);
      expect(missionControl.tasks).toHaveLength(1);
    }
    expect(await botComments({ github }, later)).toEqual([expect.stringContaining(WAITING)]);
    await second.stop();
    await github.close();
    await missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  },
  120_000,
);
