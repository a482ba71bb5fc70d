import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import type { LoopbackGitHub } from "../../../sandbox/github/loopback.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import type { MissionControl } from "../../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { NEWEST } from "../../../sandbox/newest-runtime.ts";
import { startApp } from "../../../src/app/app.ts";
import { createLog } from "../../../src/app/logging.ts";
import { startProcess } from "../../../src/app/process.ts";
import { readEnvironment } from "../../../src/config/environment.ts";
import { TIMEOUTS } from "../../timeouts.ts";
import { botComments, steady } from "../world.ts";
import { FOLLOWING } from "./followed.ts";

// One process, on a runtime where each user needs one.
let missionControl: MissionControl;
let github: LoopbackGitHub;
let directory: string;

beforeEach(async () => {
  missionControl = await startMissionControl();
  github = await startGitHub();
  directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-room-"));
});

afterEach(async () => {
  await github.close();
  await missionControl.close();
  rmSync(directory, { recursive: true, force: true });
});

const OTHER = { owner: "octo", repository: "other", branch: "main", token: "gho_other" };

/** The bot, of whose runtimes another user may take one. */
async function startBot() {
  const variables = {
    ...process.env,
    ...github.environment,
    ...missionControl.environment,
    ...FOLLOWING.variables,
    HOST: "127.0.0.1",
    PORT: "0",
    DATA_DIR: directory,
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    COPILOT_RUNTIME: NEWEST,
    MAX_RUNTIMES: "1",
    MAX_CONCURRENT_STARTS: "1",
  };
  const log: string[] = [];
  const options = {
    environment: readEnvironment(variables),
    variables,
    log: createLog("info", { write: (line) => log.push(line) }),
    timeouts: { ...FOLLOWING.timeouts, startingNoticeMs: 200 },
    throttled: false,
  };
  const botProcess = startProcess(options);
  const app = await startApp(options, botProcess);
  github.deliverTo(`${app.url}/api/github/webhooks`);
  const count = (line: string) => log.filter((one) => one.includes(line)).length;
  const copilot = await botProcess.backend.copilot(TIMEOUTS);
  async function openAnother() {
    const opening = await copilot.open(OTHER);
    if (opening.type !== "started") throw new TypeError(opening.type);
    return opening.session;
  }
  return { app, openAnother, count };
}

async function label() {
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes", body: "At midnight." });
  await octocat.label(issue, "copilot:triage");
  return issue;
}

const isStarted = (body: string) => body.includes("[Open session]");
const isInLine = (body: string) => body.includes("waiting in line");

const WAITING = "waiting for a free Copilot runtime";

it("an idle session makes room for another user's, and the comment says so", async () => {
  const { app, openAnother } = await startBot();
  const issue = await label();
  await botComments({ github }, issue, isStarted);
  missionControl.emit(missionControl.tasks[0]?.id ?? "", "session.idle", {});
  const other = await openAnother();
  const [comment] = await botComments({ github }, issue, (body) => body.includes("made room"));
  expect(comment).toContain("because the bot made room for another session.");
  expect(missionControl.tasks.map(({ authorization }) => authorization)).toEqual([
    github.as(copilotAccount).token,
    "gho_other",
  ]);
  await other.detach();
  await app.stop();
}, 120_000);

it("starts that wait for a runtime keep nobody from starting, hear a stop, and outlive the bot", async () => {
  const first = await startBot();
  const other = await first.openAnother();
  const [stopped, waiting] = [await label(), await label()];
  await vi.waitUntil(() => first.count(WAITING) === 2, 30_000);
  await botComments({ github }, waiting, isInLine);
  const inLine = await botComments({ github }, stopped, isInLine);
  expect(inLine.map((body) => steady(body, { github }))).toMatchInlineSnapshot(`
    [
      "<!-- copilot-task:UUID -->
    ### ⏳ Copilot is waiting in line: triage

    All of the bot's Copilot runtimes are in use. This task starts when one is free.

    To cancel it, comment \`/copilot stop UUID8\`, or remove the label \`copilot:triage\`.

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Task \`UUID8\`

    </details>
    ",
    ]
  `);
  await github.as("octocat").comment(stopped, "/copilot stop");
  const comments = await botComments({ github }, stopped, (body) => body.includes("stopped"));
  expect(comments).toEqual([expect.stringContaining("Stopped by `octocat`")]);
  expect(missionControl.tasks).toHaveLength(1);
  await first.app.stop();
  await other.detach();

  const second = await startBot();
  expect(await botComments({ github }, waiting, isStarted)).toHaveLength(1);
  expect(missionControl.tasks).toHaveLength(2);
  await second.app.stop();
}, 120_000);
