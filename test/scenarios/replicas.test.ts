import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behaviour } from "../../sandbox/mission-control/behaviour.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { TestDatabase } from "../store/test-database.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { openConnection } from "./cut-connection.ts";
import { asked, botComments } from "./world.ts";

const BOT = fileURLToPath(new URL("../../sandbox/chaos/unpaced-bot.ts", import.meta.url));

let database: TestDatabase;
let github: LoopbackGitHub;
let missionControl: MissionControl;
let bots: BotProcess[] = [];
let directories: string[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  missionControl = await startMissionControl();
  github = await startGitHub({ repositories: [{ name: "other" }] });
});

afterEach(async () => {
  await Promise.all(bots.map((bot) => bot.stop()));
  await github.close();
  await missionControl.close();
  await database.drop();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  bots = [];
  directories = [];
});

async function startReplica(settings: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-replica-"));
  directories.push(directory);
  const bot = await startBot(
    {
      ...github.environment,
      ...missionControl.environment,
      DATA_DIR: directory,
      FOLLOW_MINUTES: "0",
      DATABASE_URL: database.url,
      COPILOT_GITHUB_TOKEN: github.as("octocat").token,
      ...settings,
    },
    BOT,
  );
  bots.push(bot);
  return bot;
}

function deliverTo({ url }: BotProcess): void {
  github.deliverTo(`${url}/api/github/webhooks`);
}

async function label(repo: string, behaviour: Behaviour = {}) {
  missionControl.behaveOnce(behaviour, `octo-org/${repo}`);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue({ owner: "octo-org", repo }, { title: "Please", body: "" });
  await octocat.label(issue, "copilot:triage");
  return issue;
}

const STARTED: unknown = expect.stringContaining("Follow the session in Mission Control");
const creations = () => asked({ missionControl }).filter((line) => line === "POST /agents/tasks");

describe("two replicas", () => {
  it("make one task of one event, whichever of them is told, and however often", async () => {
    const [first, second] = [await startReplica(), await startReplica()];
    deliverTo(first);
    const issue = await label("hello");
    const id = github.deliveries.findLast(({ action }) => action === "labeled")?.id ?? "";
    deliverTo(second);
    await Promise.all([
      ...Array.from({ length: 10 }, () => github.redeliver(id)),
      github.deliverAgainAs(id),
    ]);
    expect(await botComments({ github }, issue)).toEqual([STARTED]);
    expect(creations()).toHaveLength(1);
  });

  it("take the tasks over of one that is killed, within 15 seconds", async () => {
    const first = await startReplica();
    deliverTo(first);
    const issue = await label("hello", { steer: { status: 500, times: 1 } });
    await first.said("session ready");
    await startReplica();
    const began = performance.now();
    await first.kill();
    expect(await botComments({ github }, issue)).toEqual([STARTED]);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(missionControl.tasks.map(({ prompts }) => prompts.length)).toEqual([1]);
  });

  it("do not let one that was stopped past its claim write over the new owner", async () => {
    const first = await startReplica();
    deliverTo(first);
    const issue = await label("hello", { workerDelayMs: 2_000 });
    await first.said("session asked for");
    process.kill(first.pid, "SIGSTOP");
    await startReplica();
    const [interrupted] = await botComments({ github }, issue);
    expect(interrupted).toContain("`interrupted`");
    process.kill(first.pid, "SIGCONT");
    await first.said("claim lost to another replica");
    const comments = await botComments({ github }, issue);
    expect(comments).toEqual([expect.stringContaining("`interrupted`")]);
    expect(creations()).toHaveLength(1);
  });
});

describe("a repository with many labels", () => {
  it("does not make another's one wait", async () => {
    deliverTo(await startReplica({ MAX_CONCURRENT_STARTS: "4", MAX_TASKS_PER_REPOSITORY: "2" }));
    missionControl.behaveFor(`octo-org/${hello.repo}`, { workerDelayMs: 1_500 });
    const octocat = github.as("octocat");
    const crowd = await Promise.all(
      Array.from({ length: 12 }, () => octocat.openIssue(hello, { title: "One of many" })),
    );
    await Promise.all(crowd.map((issue) => octocat.label(issue, "copilot:triage")));
    const lonely = await label("other");
    await botComments({ github }, lonely);
    const served = missionControl.tasks.filter(({ repository }) => repository === "octo-org/hello");
    expect(served.length).toBeLessThan(12);
    await github.until(async () => {
      const told = await Promise.all(
        crowd.map(({ number }) => github.thread("octo-org", "hello", number)),
      );
      return told.every(({ comments }) => comments.length === 1);
    }, 35_000);
  });
});

describe("the database is away", () => {
  it("webhooks are refused, and all goes on by itself when it is back", async () => {
    const url = new URL(database.url);
    const connection = await openConnection(url.hostname, Number(url.port));
    url.port = String(connection.port);
    const bot = await startReplica({ DATABASE_URL: url.href });
    deliverTo(bot);
    const ready = async () => (await fetch(`${bot.url}/readyz`)).json();
    await bot.said("Copilot runtime ready");
    expect(await ready()).toMatchObject({ ready: true, store: "ok" });

    connection.cut();
    const issue = await label("hello");
    const refused = github.deliveries.findLast(({ action }) => action === "labeled");
    expect(refused?.statusCode).toBe(503);
    expect(await ready()).toMatchObject({ ready: false, store: "unavailable" });

    connection.mend();
    expect(await botComments({ github }, issue)).toEqual([STARTED]);
    expect(await ready()).toMatchObject({ ready: true, store: "ok" });
    expect(creations()).toHaveLength(1);
    await bot.stop();
    await connection.close();
  });
});
