import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CopilotClient, RuntimeConnection } from "@github/copilot-sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { findProgram } from "../../src/copilot/program.ts";
import type { Broker } from "../../src/isolation/broker.ts";
import { startBroker } from "../../src/isolation/broker.ts";
import { git } from "../workspace/hostile-repository.ts";
import { hasBubblewrap } from "./bubblewrap.ts";
import { bubblewrap, none, USER } from "./isolations.ts";

const LIMITS = { memory: 2 ** 32, processes: 256, disk: 2 ** 30, freeDisk: 0, time: 80_000 };
const PLACEHOLDER = "gho_standsForTheOwnersToken00000000000000";
const TOKEN = "gho_theOwnersOwnToken00000000000000000000";

const root = mkdtempSync(join(tmpdir(), "runtime-"));
const logged: string[] = [];
let missionControl: MissionControl;
let broker: Broker;

beforeAll(async () => {
  chmodSync(root, 0o755);
  const directories = ["workspace", "state"].map((name) => join(root, name));
  for (const directory of directories) mkdirSync(directory);
  writeFileSync(join(root, "workspace", "README.md"), "The word is marzipan.\n");
  const workspace = join(root, "workspace");
  git(workspace, ["init", "--quiet", "--template="]);
  git(workspace, ["remote", "add", "origin", "https://github.com/octo/hello"]);
  if (USER !== null) execFileSync("chown", ["-R", `${USER.uid}:${USER.gid}`, ...directories]);
  missionControl = await startMissionControl();
  const { url, environment } = missionControl;
  const api = environment["COPILOT_API_URL"] ?? "";
  broker = await startBroker({
    socket: join(root, "broker.sock"),
    placeholder: PLACEHOLDER,
    token: () => TOKEN,
    repository: { ownerId: 1, repositoryId: 2 },
    upstreams: {
      copilot: api,
      github: environment["COPILOT_DEBUG_GITHUB_API_URL"] ?? api,
      mission_control: url,
    },
    log: { info() {}, error() {}, warn: (fields) => logged.push(Object.values(fields).join(" ")) },
  });
});

afterAll(async () => {
  await broker.close();
  await missionControl.close();
  rmSync(root, { recursive: true });
});

const PROGRAMS = {
  older: findProgram("@github/copilot", new URL(import.meta.url)),
  newest: findProgram("copilot-newest", new URL(import.meta.url)),
};

/** What each of them asks for, and does without, beside the agent's steering. */
const REFUSED = {
  older: [],
  newest: ["GET /copilot_internal/team_customizations 403", "POST /mcp/readonly 403"],
};

test.for([
  { family: "older", make: bubblewrap, where: "in a sandbox", isThere: hasBubblewrap },
  { family: "newest", make: bubblewrap, where: "in a sandbox", isThere: hasBubblewrap },
  { family: "older", make: none, where: "without isolation", isThere: true },
] as const)(
  "the $family runtime works $where, without its owner's token",
  async ({ family, make, where, isThere }, context) => {
    context.skip(!isThere, "bubblewrap or socat isn't installed");
    const program = PROGRAMS[family] ?? "";
    const isolation = make(root);
    const steered = `${family}-${make.name}`;
    const isScript = program.endsWith(".js");
    const sandbox = await isolation.open({
      command: isScript ? [process.execPath, program] : [program],
      workspace: join(root, "workspace"),
      state: join(root, "state"),
      readable: [...(isScript ? [process.execPath] : []), dirname(program)],
      forwards: { broker: join(root, "broker.sock") },
      limits: LIMITS,
    });
    const { program: path, args } = sandbox.command;
    const outside = `http://127.0.0.1:${sandbox.ports.broker}`;
    const client = new CopilotClient({
      mode: "empty",
      baseDirectory: sandbox.paths.state ?? "",
      workingDirectory: root,
      useLoggedInUser: false,
      logLevel: "error",
      gitHubToken: PLACEHOLDER,
      connection: RuntimeConnection.forStdio({ path, args: [...args] }),
      env: {
        ...sandbox.environment,
        COPILOT_API_URL: outside,
        COPILOT_DEBUG_GITHUB_API_URL: outside,
        COPILOT_MC_BASE_URL: `${outside}/agents`,
        COPILOT_MC_REPO_IDS: "1,2",
        GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot",
      },
    });
    const script = `cat README.md; echo changed > ${family}; env; curl -sS --max-time 5 http://${outside.slice(7)}/agents/tasks/${steered}/steer -d '{}' -H 'authorization: Bearer ${PLACEHOLDER}' -w '%{http_code}'`;
    missionControl.play({
      prompt: `Work on ${family} ${where}`,
      turns: [
        { calls: [{ tool: "bash", arguments: { command: script, description: "work" } }] },
        { says: "I have worked." },
      ],
    });
    const events: { type: string; data: unknown }[] = [];
    try {
      await client.start();
      const session = await client.createSession({
        workingDirectory: sandbox.paths.workspace,
        availableTools: ["bash"],
        model: "gpt-5.4",
        onPermissionRequest: () => ({ kind: "approve-once" }),
        onEvent: ({ type, data }) => events.push({ type, data }),
      });
      await session.rpc.remote.enable({ mode: "on" });
      await session.sendAndWait({ prompt: `Work on ${family} ${where}` }, 60_000);
      await session.disconnect();
    } finally {
      await client.forceStop();
      await sandbox.close();
    }
    const result = JSON.stringify(
      events.find(({ type }) => type === "tool.execution_complete")?.data,
    );
    expect(result).toContain("The word is marzipan.");
    expect(result).toContain("The bot doesn't pass this on");
    expect(result).not.toContain(TOKEN);
    expect(readFileSync(join(root, "workspace", family), "utf8")).toBe("changed\n");
    expect(JSON.stringify(events)).toContain("I have worked.");
    expect(events.map(({ type }) => type)).toContain("session.info");
    const tokens = new Set(missionControl.requests.map(({ authorization }) => authorization));
    expect([...tokens].map((one) => one?.split(" ").at(-1))).toEqual([TOKEN]);
    expect(logged.splice(0).toSorted()).toEqual(
      [...REFUSED[family], `POST /agents/tasks/${steered}/steer 403`].toSorted(),
    );
  },
);
