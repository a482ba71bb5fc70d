import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readManifest } from "../../src/doctor/manifest.ts";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { usePractice } from "./practice.ts";

// The real runtime is started here.
const OWN = new URL("../../app.yml", import.meta.url);

const practice = usePractice();
const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-test-"));

beforeAll(() => {
  const { permissions, events } = readManifest(OWN);
  const { app, installation } = practice.github;
  app.events = [...events];
  app.permissions = { ...permissions };
  Object.assign(installation.permissions, permissions);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Result {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the script as script/doctor does, with nothing in its environment but this. */
function run(variables: Readonly<Record<string, string>>, ...words: string[]): Promise<Result> {
  const { PATH = "", HOME = "" } = process.env;
  const argv = ["--disable-warning=ExperimentalWarning", "script/doctor.ts", ...words];
  return new Promise((resolve) => {
    const env = { PATH, HOME, TMPDIR: directory, ...variables };
    const child = execFile(process.execPath, argv, { env }, (_error, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    );
  });
}

function steady(output: string): string {
  return output
    .replaceAll(directory, "DIRECTORY")
    .replaceAll(`http://${practice.github.host}`, "https://GITHUB")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/gu, "http://LOOPBACK")
    .replaceAll(/\b\d+ ms\b/gu, "N ms")
    .replaceAll(/\d+(?:\.\d)? GB are/gu, "N GB are")
    .replaceAll(/As needed: .*/gu, "As needed: …");
}

test("a bot that is well, and running", async () => {
  const DATA_DIR = join(directory, "data");
  const lock = lockDataDirectory(DATA_DIR);
  const database = openSqlite(join(DATA_DIR, "tasks.db"));
  const variables = { ...practice.variables, DATA_DIR };
  const result = await run(variables, "--repository", "octo-org/hello");
  await database.destroy();
  lock.release();

  expect(result).toMatchObject({ code: 0, errors: "" });
  expect(steady(result.output)).toMatchInlineSnapshot(`
    "ok       environment: Every setting has the form it must have.
    ok       App: GitHub knows it as \`copilot-task-bot\`, an App of \`octocat\`.
    ok       permissions of the App: As needed: …
    ok       events of the App: As needed: …
    ok       webhook settings: \`https://bot.example.com/api/github/webhooks\`, as JSON, with a secret, certificates are verified.
    warning  webhook deliveries: GitHub has no record of any in the last days.
             If something happened in the repositories since, an owner of the App ticks “Active” under “Webhook” in its settings (https://GITHUB/settings/apps/copilot-task-bot).
    ok       installation: On \`octo-org\`, for all repositories.
    ok       defaults of the organisation: There is no \`octo-org/.github\`, so there are none.
    ok       clock: It agrees with GitHub's.
    ok       Copilot account: COPILOT_GITHUB_TOKEN is a token of \`octocat\`.
    ok       token of the Copilot account: GitHub tells no time at which it expires.
    ok       Copilot account's access: It may push to \`octo-org/hello\`.
    ok       versions of Copilot: \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80, as pinned in package.json.
    ok       Copilot runtime: Version \`1.0.80\` runs, and can create cloud sessions.
    ok       Mission Control: It answers at \`http://LOOPBACK/agents\`, and takes the token.
    ok       database: SQLite answers in N ms.
    ok       space for the data: N GB are free in DATA_DIR, and it can be written.
    ok       bot: A bot is running on \`DIRECTORY/data\`.
    "
  `);
  expect(practice.missionControl.requests.map(({ method }) => method)).toEqual(["GET"]);
  expect(practice.missionControl.tasks).toEqual([]);
  expect(readdirSync(directory)).toEqual(["data"]);
});

test("something fails", async () => {
  practice.github.app.hook.contentType = "form";
  const { code, output } = await run({ ...practice.variables, DATA_DIR: join(directory, "none") });
  practice.github.app.hook.contentType = "json";

  expect(code).toBe(1);
  const lines = steady(output).split("\n");
  const index = lines.findIndex((line) => line.startsWith("failed"));
  expect(lines.slice(index, index + 2)).toMatchInlineSnapshot(`
    [
      "failed   webhook settings: The content type is \`form\`: the bot refuses such webhooks with 415.",
      "         In the settings of the App (https://GITHUB/settings/apps/copilot-task-bot) one of its owners chooses the content type \`application/json\`.",
    ]
  `);
  expect(steady(output)).toContain(
    "ok       database: There is none yet: the bot makes it when it starts for the first time.",
  );
  // It looks, and makes nothing.
  expect(readdirSync(directory)).toEqual(["data"]);
});

test("wrong settings are all told, and nothing is asked", async () => {
  const before = practice.github.requests.length;
  const variables = { ...practice.variables, PORT: "many", WEBHOOK_SECRET: "" };
  const { code, output, errors } = await run(variables);

  expect({ code, errors }).toEqual({ code: 78, errors: "" });
  expect(output).toMatchInlineSnapshot(`
    "failed   environment: WEBHOOK_SECRET is not set. Without a secret anybody could send events to the bot. Set it to the “Webhook secret” of the GitHub App; \`openssl rand -hex 32\` makes one.
             The administrator of the bot sets it right; .env.example explains it.
    failed   environment: PORT must be a whole number from 0 to 65535.
             The administrator of the bot sets it right; .env.example explains it.
    "
  `);
  expect(practice.github.requests).toHaveLength(before);
});

test("as JSON", async () => {
  const { code, output } = await run({ ...practice.variables, APP_ID: "" }, "--json");

  expect(code).toBe(78);
  expect(JSON.parse(output)).toMatchInlineSnapshot(`
    {
      "findings": [
        {
          "cure": "The administrator of the bot sets it right; .env.example explains it.",
          "found": "APP_ID is not set. It is the “App ID” on the settings page of the GitHub App.",
          "level": "failed",
          "what": "environment",
        },
      ],
    }
  `);
});

test("--help", async () => {
  const { code, output } = await run({}, "--help");

  expect(code).toBe(0);
  expect(output).toMatch(/^Usage: script\/doctor /u);
});

test.each([[["--repository", "hello"]], [["--repository", "a/b/c"]], [["--fix"]]])(
  "what it does not understand: %s",
  async (words) => {
    const { code, output, errors } = await run({}, ...words);

    expect({ code, output }).toEqual({ code: 64, output: "" });
    expect(errors).toContain("Usage: script/doctor");
  },
);
