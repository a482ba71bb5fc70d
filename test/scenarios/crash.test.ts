import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { copilotAccount, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { asked, botComments, RUNTIME, steady } from "./world.ts";

// Their bots take long to start.
vi.setConfig({ testTimeout: 120_000 });

let github: LoopbackGitHub;
let missionControl: MissionControl;
let directory: string;
let bot: BotProcess;

beforeEach(async () => {
  missionControl = await startMissionControl();
  github = await startGitHub();
  directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-crash-"));
});

afterEach(async () => {
  await bot.stop();
  await github.close();
  await missionControl.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Starts the bot, again on the same data, as a supervisor does after a crash. */
async function start(settings: Readonly<Record<string, string>> = {}) {
  bot = await startBot({
    DATA_DIR: directory,
    FOLLOW_MINUTES: "0",
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    ...github.environment,
    ...missionControl.environment,
    ...RUNTIME,
    ...settings,
  });
  github.deliverTo(`${bot.url}/api/github/webhooks`);
}

async function label(behavior: Behavior = {}) {
  missionControl.behaveOnce(behavior);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  return issue;
}

/** The comment on a task that started, and the one on a task whose session was being created. */
const STARTED: unknown = expect.stringContaining("[Open session]");
const INTERRUPTED = `<!-- copilot-task:UUID -->
### ❌ Copilot may not have started: triage

> [!CAUTION]
> **A session may exist** (\`interrupted\`). Check the [list of sessions](https://GITHUB/copilot/agents) before you retry, so you don't pay twice.
>
> The bot was interrupted during this task and doesn't know how far it got. The bot never creates a second session by itself.

To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

<details><summary>Details</summary>

- Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
- Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
- Task \`UUID8\`

</details>
`;

const creations = () => asked({ missionControl }).filter((line) => line === "POST /agents/tasks");

describe("a bot that is killed", () => {
  // fault-points.test.ts kills it at each step of a task.
  it("creates no second session of one that was being created, says so, and continues with what waits", async () => {
    await start({ MAX_CONCURRENT_STARTS: "1" });
    const cut = await label({ workerDelayMs: 60_000 });
    await missionControl.until(() => creations().length === 1, 60_000);
    const waiting = [await label(), await label()];
    await bot.kill();
    await start();
    const comments = await botComments({ github }, cut);
    expect(comments.map((comment) => steady(comment, { github }))).toEqual([INTERRUPTED]);
    const threads = await Promise.all(waiting.map((issue) => botComments({ github }, issue)));
    expect(threads).toEqual([[STARTED], [STARTED]]);
    expect(creations()).toHaveLength(3);
  });
});

describe("a bot that is asked to stop under load", () => {
  it("finishes what is running, exits with 0, and continues with the rest after a restart", async () => {
    await start({ MAX_CONCURRENT_STARTS: "2" });
    const issues = await Promise.all(
      [1_500, 1_500, 0, 0].map((workerDelayMs) => label({ workerDelayMs })),
    );
    await missionControl.until(() => creations().length === 2, 60_000);
    expect(await bot.stop()).toBe(0);
    expect(bot.lines.at(-1)).toContain('"msg":"stopped"');
    expect(missionControl.tasks.map(({ prompts }) => prompts.length)).toEqual([1, 1]);
    await start();
    const threads = await Promise.all(issues.map((issue) => botComments({ github }, issue)));
    expect(threads).toEqual([[STARTED], [STARTED], [STARTED], [STARTED]]);
    expect(creations()).toHaveLength(4);
  });
});
