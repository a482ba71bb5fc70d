import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readManifest } from "../../src/doctor/manifest.ts";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { COMPILED } from "../compiled.ts";
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
    const env = { ...COMPILED, PATH, HOME, TMPDIR: directory, ...variables };
    const child = execFile(process.execPath, argv, { env }, (_error, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    );
  });
}

function steady(output: string): string {
  return (
    output
      .replaceAll(directory, "DIRECTORY")
      .replaceAll(`http://${practice.github.host}`, "https://GITHUB")
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/gu, "http://LOOPBACK")
      .replaceAll(/\b\d+ ms\b/gu, "N ms")
      // How long a busy machine takes isn't what the clocks differ by.
      .replace(/(?<=clock: )\d s (?:ahead of|behind) GitHub/u, "In sync with GitHub")
      .replaceAll(/\d+(?:\.\d)? GB free/gu, "N GB free")
  );
}

test("a bot that is well, and running", async () => {
  const DATA_DIR = join(directory, "data");
  const lock = lockDataDirectory(DATA_DIR);
  const database = openSqlite(join(DATA_DIR, "tasks.db"));
  const variables = { ...practice.variables, DATA_DIR };
  const result = await run(variables, "--repository", "octo-org/hello");
  await database.destroy();
  lock.release();

  expect(steady(result.output)).toMatchInlineSnapshot(`
    "ok       environment: All settings are valid.
    ok       App: \`copilot-task-bot\`, owned by \`octocat\`.
    ok       App permissions: \`metadata: read\`, \`contents: read\`, \`issues: write\`, \`pull_requests: write\`, \`checks: write\`, \`members: read\`.
    ok       App events: \`issues\`, \`pull_request\`, \`issue_comment\`, \`pull_request_review\`, \`pull_request_review_comment\`, \`delete\`, \`repository\`.
    ok       webhook settings: \`https://bot.example.com/api/github/webhooks\`, JSON, with a secret and certificate verification.
    warning  webhook deliveries: GitHub recorded none in the last few days.
             If there was activity in your repositories, select “Active” under “Webhook” in the App's settings (https://GITHUB/settings/apps/copilot-task-bot).
    ok       installation: Installed on \`octo-org\` for all repositories.
    ok       organization defaults: None: there's no \`octo-org/.github\`.
    ok       clock: In sync with GitHub.
    ok       Copilot account: COPILOT_GITHUB_TOKEN belongs to \`octocat\`.
    ok       Copilot account sharing: All sessions are charged to \`octocat\`. Whoever starts a session can have it read every repository that \`octocat\` sees, and only \`octocat\` can open its link.
    ok       Copilot account token: No expiration date reported.
    ok       Copilot account access: Write access to \`octo-org/hello\`.
    ok       Copilot versions: \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80, as pinned in package.json.
    ok       Copilot runtime: Version \`1.0.80\` runs and can create cloud sessions.
    ok       Copilot account sessions: Sessions of \`octocat\` can be viewed and controlled on GitHub.
    ok       Mission Control: Reachable at \`http://LOOPBACK/agents\`; token accepted.
    ok       database: SQLite responds in N ms.
    ok       disk space: N GB free in DATA_DIR, which is writable.
    ok       undelivered comments: None.
    ok       bot: A bot is running on \`DIRECTORY/data\`.
    "
  `);
  expect(result).toMatchObject({ code: 0, errors: "" });
  // About the account, and Mission Control itself: it only reads.
  expect(practice.missionControl.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
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
      "failed   webhook settings: The content type is \`form\`, which the bot refuses with 415.",
      "         In the App's settings (https://GITHUB/settings/apps/copilot-task-bot), choose the content type \`application/json\`.",
    ]
  `);
  expect(steady(output)).toContain(
    "ok       database: None yet. The bot creates it when it starts for the first time.",
  );
  // It only checks, and creates nothing.
  expect(readdirSync(directory)).toEqual(["data"]);
});

test("all invalid settings are listed, and no request is made", async () => {
  const before = practice.github.requests.length;
  const variables = { ...practice.variables, PORT: "many", WEBHOOK_SECRET: "" };
  const { code, output, errors } = await run(variables);

  expect({ code, errors }).toEqual({ code: 78, errors: "" });
  expect(output).toMatchInlineSnapshot(`
    "failed   environment: WEBHOOK_SECRET is not set. Without a secret, anyone could send events to the bot. Set it to the “Webhook secret” of the GitHub App; \`openssl rand -hex 32\` generates one.
             Set it in \`.env\`; see \`.env.example\`.
    failed   environment: PORT must be a whole number from 0 to 65535.
             Set it in \`.env\`; see \`.env.example\`.
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
          "cure": "Set it in \`.env\`; see \`.env.example\`.",
          "found": "APP_ID is not set. Run script/register first, which registers a GitHub App and sets what it needs, or set APP_ID to the “App ID” on the settings page of the App.",
          "level": "failed",
          "what": "environment",
        },
      ],
    }
  `);
});

test.each([["hello"], ["a/b/c"]])("what is no repository's name: %s", async (name) => {
  const { code, output, errors } = await run({}, "--repository", name);

  expect({ code, output }).toEqual({ code: 64, output: "" });
  expect(errors).toBe(
    `script/doctor: option '--repository <owner/name>' argument '${name}' is invalid. Use OWNER/NAME, like octo-org/hello.\n`,
  );
});
