import { expect, onTestFinished, test } from "vitest";
import { startBot } from "../../sandbox/demo/bot.ts";
import { copilotAccount, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { samplesIn } from "../metrics/samples.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { RUNTIME, botComments } from "./world.ts";

// What script/server and the image run, from the start to the parts that are loaded only when they are needed.

async function openDatabase() {
  if (process.env["TEST_STORE"] !== "postgres") return {};
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  return { DATABASE_URL: url };
}

async function openWorld() {
  const missionControl = await startMissionControl();
  onTestFinished(() => missionControl.close());
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const bot = await startBot({
    DATA_DIR: temporaryDirectory(),
    FOLLOW_MINUTES: "0",
    METRICS_PORT: "0",
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    ...github.environment,
    ...missionControl.environment,
    ...RUNTIME,
    ...(await openDatabase()),
  });
  onTestFinished(async () => expect(await bot.stop()).toBe(0));
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  await bot.logged("serving metrics");
  const line = bot.lines.find((one) => one.includes('"msg":"serving metrics"')) ?? "";
  const metrics = /"url":"(?<url>[^"]+)"/u.exec(line)?.groups?.["url"] ?? "";
  return { github, metrics };
}

test("a label starts a session, the doctor finds all that it reads from files, and metrics are served", async () => {
  const { github, metrics } = await openWorld();
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  await botComments({ github }, issue, (body) => body.includes("[Open session]"));

  await octocat.comment(issue, "/copilot doctor");
  const comments = await botComments({ github }, issue, (body) =>
    body.includes("Copilot health check"),
  );
  const lines = comments.flatMap((body) => body.split("\n"));
  const examined = lines.flatMap((line) => /^- \*\*(.+?):\*\* /u.exec(line)?.[1] ?? []);
  expect(examined).toEqual(
    expect.arrayContaining(["Copilot versions", "App permissions", "database"]),
  );

  const samples = samplesIn(await (await fetch(metrics)).text());
  expect([...samples]).toEqual(
    expect.arrayContaining([
      ['copilot_task_bot_task_steps_total{step="prompt_delivered",kind="triage"}', 1],
      ["copilot_task_bot_database_up", 1],
    ]),
  );
  expect(samples.get('copilot_task_bot_queue_wait_seconds_count{lane="start"}')).toBeGreaterThan(0);
  expect(samples.get("nodejs_eventloop_lag_p99_seconds")).toBeGreaterThan(0);
});
