import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderFindings } from "../../src/core/comment/findings.ts";
import { HELLO, HOOK_URL, textOf, usePractice } from "./practice.ts";

const practice = usePractice({ repositories: [{ name: ".github" }] });

const bot = createServer((_request, response) => void response.writeHead(202).end());

beforeAll(async () => {
  await new Promise<void>((resolve) => void bot.listen(0, "127.0.0.1", resolve));
  const address = bot.address();
  if (address === null || typeof address === "string") throw new Error("there is no port");
  const { github } = practice;
  github.deliverTo(`http://127.0.0.1:${address.port}/api/github/webhooks`);
  github.app.hook.url = HOOK_URL;
  await github.as("writer").openIssue({ owner: "octo-org", repo: "hello" }, { title: "A" });
  await github.until(() => github.deliveries.length > 0);
});

afterAll(() => void bot.close());

test("a bot that is well, in a thread", async () => {
  const findings = await practice.examine(HELLO, { audience: "thread" });

  expect(textOf(findings, practice)).toMatchInlineSnapshot(`
    "ok App: \`copilot-task-bot\`, owned by \`octocat\`.
    ok App permissions: \`metadata: read\`, \`contents: read\`, \`issues: write\`, \`members: read\`.
    ok App events: \`issues\`, \`issue_comment\`.
    ok webhook settings: https, JSON, with a secret and certificate verification.
    ok webhook deliveries: The only one arrived.
    ok installation: Installed on \`octo-org\` for all repositories.
    ok organization defaults: The App can read \`octo-org/.github\`.
    ok clock: In sync with GitHub.
    ok Copilot account: COPILOT_GITHUB_TOKEN belongs to \`octocat\`.
    ok Copilot account sharing: All sessions are charged to \`octocat\`. Whoever starts a session can have it read every repository that \`octocat\` sees, and only \`octocat\` can open its link.
    ok Copilot account token: No expiration date reported.
    ok Copilot account access: Write access to \`octo-org/hello\`.
    ok Copilot versions: \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80, as pinned in package.json.
    ok Copilot runtime: Version \`1.0.80\` runs and can create cloud sessions.
    ok Copilot account sessions: Sessions of \`octocat\` can be viewed and controlled on GitHub.
    ok Mission Control: Reachable; token accepted.
    ok database: SQLite responds in N ms.
    ok disk space: N GB free in DATA_DIR, which is writable.
    ok undelivered comments: None."
  `);
  expect(renderFindings(findings)).toContain(
    "No problems found.\n\n<details><summary>✅ 19 checks passed</summary>\n\n- **App:** `copilot-task-bot`, owned by `octocat`.\n",
  );
});

test("a bot that is well, at the terminal", async () => {
  const findings = await practice.examine(null);

  expect(textOf(findings, practice)).toMatchInlineSnapshot(`
    "ok App: \`copilot-task-bot\`, owned by \`octocat\`.
    ok App permissions: \`metadata: read\`, \`contents: read\`, \`issues: write\`, \`members: read\`.
    ok App events: \`issues\`, \`issue_comment\`.
    ok webhook settings: \`https://bot.example.com/api/github/webhooks\`, JSON, with a secret and certificate verification.
    ok webhook deliveries: The only one arrived.
    ok installations: 1: \`octo-org\`.
    ok clock: In sync with GitHub.
    ok Copilot account: COPILOT_GITHUB_TOKEN belongs to \`octocat\`.
    ok Copilot account sharing: All sessions are charged to \`octocat\`. Whoever starts a session can have it read every repository that \`octocat\` sees, and only \`octocat\` can open its link.
    ok Copilot account token: No expiration date reported.
    ok Copilot versions: \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80, as pinned in package.json.
    ok Copilot runtime: Version \`1.0.80\` runs and can create cloud sessions.
    ok Copilot account sessions: Sessions of \`octocat\` can be viewed and controlled on GitHub.
    ok Mission Control: Reachable at \`http://LOOPBACK/agents\`; token accepted.
    ok database: SQLite responds in N ms.
    ok disk space: N GB free in DATA_DIR, which is writable.
    ok undelivered comments: None."
  `);
});

test("in a thread nobody learns where the bot is", async () => {
  const findings = await practice.examine(HELLO, { audience: "thread" });

  const text = JSON.stringify(findings);
  expect(text).not.toContain(new URL(HOOK_URL).host);
  expect(text).not.toContain(new URL(practice.missionControl.url).host);
  expect(text).not.toContain(practice.variables["DATA_DIR"]);
});

test("no secret is in a finding, nor in the log", async () => {
  const findings = await practice.examine(HELLO);

  const { COPILOT_GITHUB_TOKEN = "", WEBHOOK_SECRET = "", PRIVATE_KEY = "" } = practice.variables;
  const text = JSON.stringify([findings, practice.log]);
  for (const secret of [COPILOT_GITHUB_TOKEN, WEBHOOK_SECRET, ...PRIVATE_KEY.split("\n")]) {
    if (secret !== "") expect(text).not.toContain(secret);
  }
});

test("nothing is changed: Mission Control and GitHub are only asked", async () => {
  const [asked, posted] = [
    practice.missionControl.requests.length,
    practice.github.requests.length,
  ];
  await practice.examine(HELLO);

  const toMissionControl = practice.missionControl.requests.slice(asked);
  expect(toMissionControl.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    "GET /agents/tasks/00000000-0000-0000-0000-000000000000",
    "GET /copilot_internal/user",
  ]);
  const toGitHub = practice.github.requests.slice(posted);
  // GraphQL is asked with POST, too.
  const isQuestion = ({ path, body }: (typeof toGitHub)[number]) =>
    path === "/graphql" && /"query":"\s*query\b/u.test(JSON.stringify(body));
  const writes = toGitHub.filter((one) => one.method !== "GET" && !isQuestion(one));
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /app/installations/${practice.github.installationId}/access_tokens`,
  ]);
});
