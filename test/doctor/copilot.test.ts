import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readPinnedPair } from "../../src/copilot/checkup.ts";
import type { RuntimeStatus } from "../../src/copilot/runtime.ts";
import type { PracticeRuntime } from "./practice.ts";
import { about, usePractice } from "./practice.ts";

const practice = usePractice();
const RUNTIME = "Copilot runtime";
const MISSION_CONTROL = "Mission Control";

/** Closed after each test. */
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Lets a server listen; gives its origin. */
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("there is no port");
  return `http://127.0.0.1:${address.port}`;
}

const nowhere = () => readPinnedPair(new URL("file:///nowhere/"));

const never = () => new Promise<never>(() => {});
const unable = () => Promise.reject(new Error("spawn /home/bot/copilot ENOMEM"));

/** A runtime in a state that shows the problem. */
function inState(status: Partial<RuntimeStatus>): PracticeRuntime {
  const well = { state: "ready", version: "1.0.80", cloudSessions: true } as const;
  return { running: unable, status: () => ({ ...well, ...status }) };
}

describe("versions", () => {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-test-"));
  const root = pathToFileURL(`${directory}/`);
  const pair = () => readPinnedPair(root);

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function write(path: string, content: object): void {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }

  beforeAll(() => {
    const dependencies = { "@github/copilot": "1.0.80" };
    const devDependencies = { "@github/copilot-sdk": "1.0.11" };
    write("package.json", { dependencies, devDependencies });
  });

  test("not installed", async () => {
    const findings = await practice.examine(null, { pair });

    expect(about("Copilot versions", findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot versions: \`@github/copilot\` isn't installed, but 1.0.80 is pinned.
        Run \`npm ci\` in the bot's directory to install the versions that work together (\`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80), and restart the bot."
    `);
  });

  test("the SDK has another runtime of its own", async () => {
    const modules = "node_modules/@github";
    write(`${modules}/copilot/package.json`, { version: "1.0.80" });
    write(`${modules}/copilot-sdk/package.json`, { version: "1.0.11" });
    write(`${modules}/copilot-sdk/${modules}/copilot/package.json`, { version: "1.0.102" });
    const findings = await practice.examine(null, { pair });

    expect(about("Copilot versions", findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot versions: \`@github/copilot\` is \`1.0.102\`, but 1.0.80 is pinned.
        Run \`npm ci\` in the bot's directory to install the versions that work together (\`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80), and restart the bot."
    `);
  });

  test("no package.json", async () => {
    const findings = await practice.examine(null, { pair: nowhere, audience: "thread" });

    expect(about("Copilot versions", findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot versions: This check failed: \`ENOENT\`.
        See the bot's log: look for \`doctor check failed\`."
    `);
  });
});

describe("the runtime", () => {
  test("cannot create cloud sessions", async () => {
    const runtime = inState({ cloudSessions: false });
    const findings = await practice.examine(null, { runtime });

    expect(about(RUNTIME, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot runtime: Version \`1.0.80\` runs but can't create cloud sessions with \`@github/copilot-sdk\` 1.0.11.
        Run \`npm ci\` in the bot's directory to install the versions that work together (\`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80), and restart the bot."
    `);
  });

  test("does not start", async () => {
    const runtime = inState({ state: "unavailable", version: null });
    const findings = await practice.examine(null, { runtime });

    expect(about(RUNTIME, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot runtime: Doesn't start: \`spawn /home/bot/copilot ENOMEM\`.
        Fix what this says. The runtime needs 300 MB of memory and space for temporary files."
    `);
  });

  test("does not start: in a thread nobody learns where it is", async () => {
    const runtime = inState({ state: "unavailable", version: null });
    const findings = await practice.examine(null, { runtime, audience: "thread" });

    expect(about(RUNTIME, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot runtime: Doesn't start.
        See the bot's log: look for \`Copilot runtime doesn't start\`."
    `);
  });

  test("takes long to start", async () => {
    const runtime = { ...inState({ state: "starting" }), running: never };
    const findings = await practice.examine(null, { runtime, timeLimitMs: 1_000 });

    expect(about(RUNTIME, findings, practice)).toMatchInlineSnapshot(`
      "warning Copilot runtime: Still starting.
        Try again in a minute. If it's still starting, check whether the machine is overloaded."
    `);
  });

  test("is older than what is installed", async () => {
    const findings = await practice.examine(null, { runtime: inState({ version: "1.0.79" }) });

    expect(about(RUNTIME, findings, practice)).toMatchInlineSnapshot(`
      "warning Copilot runtime: Version \`1.0.79\` runs, but \`1.0.80\` is installed.
        Restart the bot."
    `);
  });
});

describe("Mission Control", () => {
  const OF_GITHUB = { "x-github-request-id": "1" };

  /** The finding about an answer in Mission Control's place. */
  async function toldOf(status: number, body: string, headers: object = OF_GITHUB) {
    const server = createServer((_request, response) => {
      response.writeHead(status, { ...headers }).end(body);
    });
    const variables = { COPILOT_MC_BASE_URL: await listen(server) };
    return about(MISSION_CONTROL, await practice.examine(null, { variables }), practice);
  }

  test("refuses the token", async () => {
    expect(await toldOf(401, '{"message":"Bad credentials"}')).toMatchInlineSnapshot(`
      "failed Mission Control: Token rejected. Responded with 401: \`Bad credentials\` at \`http://LOOPBACK\`.
        Create a new token for the Copilot account (a fine-grained one needs the permission “Copilot Requests”), set COPILOT_GITHUB_TOKEN to it, and restart the bot."
    `);
  });

  test("refuses the account", async () => {
    const body = '{"error":{"code":"policy_blocked","message":"blocked by `policy`"}}';
    expect(await toldOf(403, body)).toMatchInlineSnapshot(`
      "failed Mission Control: Account rejected. Responded with 403: \`\` blocked by \`policy\` \`\` at \`http://LOOPBACK\`.
        An owner of the organization or enterprise that provides the account's license can allow cloud sessions in its Copilot policies and assign a seat to the account."
    `);
  });

  test("an answer that quotes the request shows no token", async () => {
    const { COPILOT_GITHUB_TOKEN: token } = practice.variables;
    const answer = await toldOf(403, JSON.stringify({ message: `Bearer ${token} is blocked` }));

    expect(answer).toContain("Responded with 403: `Bearer … is blocked`");
  });

  test("has too much to do", async () => {
    expect(await toldOf(429, "")).toMatchInlineSnapshot(`
      "warning Mission Control: Unexpected response. Responded with 429 at \`http://LOOPBACK\`.
        Try again later (https://www.githubstatus.com shows outages). If it persists, check COPILOT_MC_BASE_URL and any proxy."
    `);
  });

  test("is down", async () => {
    expect(await toldOf(503, "<html>")).toMatchInlineSnapshot(`
      "failed Mission Control: Unexpected response. Responded with 503 at \`http://LOOPBACK\`.
        Try again later (https://www.githubstatus.com shows outages). If it persists, check COPILOT_MC_BASE_URL and any proxy."
    `);
  });

  test("something else is in its place", async () => {
    expect(await toldOf(404, "Not found", {})).toMatchInlineSnapshot(`
      "warning Mission Control: The response at \`http://LOOPBACK\` doesn't come from GitHub: it has no \`x-github-request-id\`.
        Check COPILOT_MC_BASE_URL and any proxy between the bot and Mission Control."
    `);
  });

  test("nobody is there", async () => {
    const COPILOT_MC_BASE_URL = "http://127.0.0.1:1/agents";
    const findings = await practice.examine(null, { variables: { COPILOT_MC_BASE_URL } });

    expect(about(MISSION_CONTROL, findings, practice)).toMatchInlineSnapshot(`
      "failed Mission Control: No response at \`http://LOOPBACK/agents\` (\`ECONNREFUSED\`).
        Allow outbound access. Behind a proxy, set HTTPS_PROXY, NO_PROXY, and NODE_EXTRA_CA_CERTS. To use another address, set COPILOT_MC_BASE_URL."
    `);
  });

  test("nobody answers", async () => {
    const variables = { COPILOT_MC_BASE_URL: await listen(createServer(() => {})) };
    const findings = await practice.examine(null, { variables, timeLimitMs: 1_000 });

    expect(about(MISSION_CONTROL, findings, practice)).toMatch(
      /^failed Mission Control: No response at `http:\/\/LOOPBACK`\.\n/u,
    );
  });

  test("its address can't be looked up", async () => {
    const variables = {
      COPILOT_MC_BASE_URL: "",
      COPILOT_API_URL: "",
      COPILOT_DEBUG_GITHUB_API_URL: "http://127.0.0.1:1",
    };
    const findings = await practice.examine(null, { variables });

    expect(about(MISSION_CONTROL, findings, practice)).toMatch(
      /^failed Mission Control: Couldn't look up the Mission Control address: GitHub didn't respond \(`ECONNREFUSED`\)\.\n/u,
    );
  });

  test("gets the same request as from the runtime", async () => {
    const before = practice.missionControl.requests.length;
    await practice.examine(null);
    const variables = { GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot" };
    await practice.examine(null, { variables });

    const all = practice.missionControl.requests.slice(before);
    const asked = all.filter(({ path }) => path.startsWith("/agents/"));
    const { COPILOT_GITHUB_TOKEN: authorization } = practice.variables;
    expect(asked).toMatchObject([
      { authorization, integrationId: "copilot-developer-cli" },
      { authorization, integrationId: "copilot-task-bot" },
    ]);
  });

  test("is looked for where the runtime looks for it", async () => {
    const before = practice.missionControl.requests.length;
    await practice.examine(null, { variables: { COPILOT_MC_BASE_URL: "" } });
    const nothing = { COPILOT_MC_BASE_URL: "", COPILOT_API_URL: "" };
    const findings = await practice.examine(null, { variables: nothing });

    const task = "GET /agents/tasks/00000000-0000-0000-0000-000000000000";
    const asked = practice.missionControl.requests.slice(before);
    const lookup = "GET /copilot_internal/user";
    // Each time for the account itself, and once more to find Mission Control.
    expect(asked.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      [task, lookup, task, lookup, lookup].toSorted(),
    );
    expect(about(MISSION_CONTROL, findings, practice)).toMatch(/^ok /u);
  });

  test("is reached through the proxy", async () => {
    const tunnels: (string | undefined)[] = [];
    const proxy = createServer().on("connect", ({ url }, socket) => {
      tunnels.push(url);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const HTTPS_PROXY = await listen(proxy);
    const COPILOT_MC_BASE_URL = "https://copilot.example.com/agents";
    const variables = { HTTPS_PROXY, COPILOT_MC_BASE_URL };
    const findings = await practice.examine(null, { variables });

    expect(tunnels).toEqual(["copilot.example.com:443"]);
    expect(about(MISSION_CONTROL, findings, practice)).toMatch(/^failed Mission Control: /u);
  });
});
