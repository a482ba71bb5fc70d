import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { liftLimits, WITH_DEFAULTS } from "../../sandbox/github/limits.ts";
import { copilotAccount, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { TestDatabase } from "../store/test-database.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { startReceiver } from "../tracing/receiver.ts";
import { openConnection } from "../cut-connection.ts";
import { asked, botComments, canAttach, OUT_OF_REACH, RUNTIME, steady } from "./world.ts";

let database: TestDatabase;
let github: LoopbackGitHub;
let missionControl: MissionControl;
let bots: BotProcess[] = [];
let directories: string[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  missionControl = await startMissionControl();
  github = await startGitHub({ repositories: [...WITH_DEFAULTS, { name: "other" }] });
  await liftLimits(github);
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
      ...RUNTIME,
      DATA_DIR: directory,
      FOLLOW_MINUTES: "0",
      DATABASE_URL: database.url,
      COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
      WAITS: JSON.stringify({ placesEveryMs: 300, editEveryMs: 200 }),
      ...settings,
    },
    UNPACED_BOT,
  );
  bots.push(bot);
  return bot;
}

function deliverTo({ url }: BotProcess): void {
  github.deliverTo(`${url}/api/github/webhooks`);
}

async function label(repo: string, behavior: Behavior = {}) {
  missionControl.behaveOnce(behavior, `octo-org/${repo}`);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue({ owner: "octo-org", repo }, { title: "Please", body: "" });
  await octocat.label(issue, "copilot:triage");
  return issue;
}

const STARTED: unknown = expect.stringContaining("[Open session]");
const creations = () => asked({ missionControl }).filter((line) => line === "POST /agents/tasks");

describe("two replicas", () => {
  it("make one task of one event, and check a policy file once for each commit, whichever gets it, however often", async () => {
    const often = { WAITS: JSON.stringify({ policyChecksEveryMs: 30 }) };
    const [first, second] = [await startReplica(often), await startReplica(often)];
    const octocat = github.as("octocat");
    const checks = () =>
      github.requests.filter(
        ({ method, path }) => method === "POST" && path.endsWith("/check-runs"),
      );
    const change = async (branch: string) => {
      await octocat.createBranch(hello, branch);
      const path = ".github/copilot-tasks.yml";
      await octocat.commitFile(hello, { path, content: `# ${branch}\n`, branch });
      await octocat.openPullRequest(hello, { title: branch, head: branch });
      const { id = "" } = github.deliveries.findLast(({ action }) => action === "opened") ?? {};
      return id;
    };
    deliverTo(first);
    const opened = [];
    for (const branch of ["a", "b", "c", "d"]) opened.push(await change(branch));
    const issue = await label("hello");
    const labeled = github.deliveries.findLast(({ action }) => action === "labeled")?.id ?? "";
    deliverTo(second);
    await Promise.all([
      ...Array.from({ length: 10 }, () => github.redeliver(labeled)),
      ...[labeled, ...opened].map((id) => github.deliverAgainAs(id)),
    ]);
    await github.until(() => checks().length >= 4);
    // Whatever is done twice is done before these.
    await change("e");
    await github.until(() => checks().length >= 5);
    await botComments({ github }, await label("other"));
    expect(await botComments({ github }, issue), "the event").toEqual([STARTED]);
    expect(creations(), "the event, and the last one").toHaveLength(2);
    const commits = checks().map(({ body }) => z.object({ head_sha: z.string() }).parse(body));
    expect(commits, "the policy file").toHaveLength(5);
    expect(new Set(commits.map(({ head_sha }) => head_sha)).size, "the policy file").toBe(5);
  });

  it("take over the tasks of one that is killed, and send what they do for a task to one trace", async () => {
    const receiver = await startReceiver();
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    const first = await startReplica(traced);
    deliverTo(first);
    // Where only another runtime can't repeat the prompt, none may get through before the kill.
    const times = canAttach ? 1 : 100;
    const issue = await label("hello", { steer: { status: 500, times } });
    await first.logged("session ready");
    await receiver.until((spans) => spans.some(({ name }) => name === "receive task"));
    await startReplica(traced);
    await first.kill();
    const comments = await botComments({ github }, issue);
    expect(comments.map((comment) => steady(comment, { github }))).toEqual([
      canAttach ? STARTED : OUT_OF_REACH,
    ]);
    expect(missionControl.tasks.map(({ prompts }) => prompts.length)).toEqual([Number(canAttach)]);
    await receiver.until((spans) => spans.some(({ name }) => name === "task"));
    const spansBy = Map.groupBy(receiver.spans, ({ resource }) => resource["service.instance.id"]);
    expect(spansBy.size).toBe(2);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(1);
    const stores = receiver.spans.filter(({ name }) => name.startsWith("store "));
    expect(new Set(stores.map(({ attributes }) => attributes["db.system.name"]))).toEqual(
      new Set(["postgresql"]),
    );
  });

  it("do not let one that was stopped past its claim write over the new owner", async () => {
    const first = await startReplica();
    deliverTo(first);
    const issue = await label("hello", { workerDelayMs: 2_000 });
    await first.logged("session requested");
    await vi.waitUntil(() => creations().length === 1, 30_000);
    process.kill(first.pid, "SIGSTOP");
    await startReplica();
    const [interrupted] = await botComments({ github }, issue);
    expect(interrupted).toContain("`interrupted`");
    process.kill(first.pid, "SIGCONT");
    await first.logged("claim lost to another replica");
    const comments = await botComments({ github }, issue);
    expect(comments).toEqual([expect.stringContaining("`interrupted`")]);
    expect(creations()).toHaveLength(1);
  });
});

describe("a repository with many labels", () => {
  it("doesn't block the others", async () => {
    deliverTo(
      await startReplica({ MAX_CONCURRENT_STARTS: "4", MAX_CONCURRENT_STARTS_PER_REPOSITORY: "2" }),
    );
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
      const threads = await Promise.all(
        crowd.map(({ number }) => github.thread("octo-org", "hello", number)),
      );
      return threads.every(({ comments }) => comments.length === 1);
    }, 35_000);
  });
});

describe("more labels than may run at once", () => {
  it("run so many at once, over all replicas, and all in the end", async () => {
    await github.writeFile(hello, ".github/copilot-tasks.yml", "limits: { at_once: 2 }");
    const replicas = [
      await startReplica({ FOLLOW_MINUTES: "5" }),
      await startReplica({ FOLLOW_MINUTES: "5" }),
    ];
    const octocat = github.as("octocat");
    const issues = await Promise.all(
      Array.from({ length: 6 }, () => octocat.openIssue(hello, { title: "One of many" })),
    );
    for (const [index, issue] of issues.entries()) {
      const replica = replicas[index % 2];
      if (replica !== undefined) deliverTo(replica);
      await octocat.label(issue, "copilot:triage");
    }
    const comments = async () => {
      const threads = issues.map(({ number }) => github.thread("octo-org", "hello", number));
      return (await Promise.all(threads)).map((thread) => thread.comments.map(({ body }) => body));
    };
    const countOf = async (text: string) =>
      (await comments()).filter((bodies) => bodies.some((body) => body.includes(text))).length;
    for (const [ended, waiting] of [4, 3, 2, 1, 0, 0].entries()) {
      await github.until(
        async () => (await countOf("Copilot is waiting in line")) === waiting,
        60_000,
      );
      const started = Math.min(ended + 2, 6);
      await github.until(async () => (await countOf("[Open session]")) === started, 60_000);
      expect(creations()).toHaveLength(started);
      const { id = "" } = missionControl.tasks[ended] ?? {};
      missionControl.emit(id, "session.task_complete", { summary: "Looked." });
    }
    expect((await comments()).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1]);
  }, 150_000);
});

describe("the database is down", () => {
  it("webhooks are refused, and everything continues by itself when it's back", async () => {
    const url = new URL(database.url);
    const connection = await openConnection(url.hostname, Number(url.port));
    url.port = String(connection.port);
    const bot = await startReplica({ DATABASE_URL: url.href });
    deliverTo(bot);
    const ready = async () => (await fetch(`${bot.url}/readyz`)).json();
    await bot.logged("Copilot runtime ready");
    // The database is checked once a second at most.
    const soon = { timeout: 30_000 };
    await expect.poll(ready, soon).toMatchObject({ ready: true, store: "ok" });

    // While it looks for webhooks that it missed, so that it can't write that it's done.
    const looking = { method: "GET", path: "/app/hook/deliveries" };
    await github.failNext(looking, { status: 502 }).met;
    connection.cut();
    const issue = await label("hello");
    const answered = () => github.deliveries.findLast(({ action }) => action === "labeled");
    await expect.poll(() => answered()?.statusCode, soon).toBe(503);
    await expect.poll(ready, soon).toMatchObject({ ready: false, store: "unavailable" });

    connection.restore();
    expect(await botComments({ github }, issue)).toEqual([STARTED]);
    await expect.poll(ready, soon).toMatchObject({ ready: true, store: "ok" });
    expect(creations()).toHaveLength(1);
    await bot.stop();
    await connection.close();
  });
});
