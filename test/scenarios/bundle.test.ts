import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { TestDatabase } from "../store/test-database.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { botComments } from "./world.ts";

// What script/server and the image run: each of its parts is loaded here, in the order in which users need them.

let github: LoopbackGitHub;
let missionControl: MissionControl;
let directory: string;
let database: TestDatabase | null;
let bot: BotProcess;

beforeEach(async () => {
  missionControl = await startMissionControl();
  github = await startGitHub();
  directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-bundle-"));
  database = process.env["TEST_STORE"] === "postgres" ? await createTestDatabase() : null;
  bot = await startBot({
    DATA_DIR: directory,
    FOLLOW_MINUTES: "0",
    COPILOT_GITHUB_TOKEN: github.as("octocat").token,
    ...github.environment,
    ...missionControl.environment,
    ...(database === null ? {} : { DATABASE_URL: database.url }),
  });
  github.deliverTo(`${bot.url}/api/github/webhooks`);
});

afterEach(async () => {
  const code = await bot.stop();
  await github.close();
  await missionControl.close();
  await database?.drop();
  rmSync(directory, { recursive: true, force: true });
  expect(code).toBe(0);
});

it("starts a session for a label, and the doctor finds all that it reads from files", async () => {
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  await botComments({ github }, issue, (body) => body.includes("Follow the session"));

  await octocat.comment(issue, "/copilot doctor");
  const told = await botComments({ github }, issue, (body) => body.includes("doctor"));
  const rows = told.flatMap((body) => body.split("\n")).filter((line) => line.startsWith("| ✅"));
  const examined = rows.map((row) => row.split("|")[2]?.trim());
  expect(examined).toEqual(
    expect.arrayContaining(["versions of Copilot", "permissions of the App", "database"]),
  );
});
