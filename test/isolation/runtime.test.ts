import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CopilotClient, RuntimeConnection } from "@github/copilot-sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { findProgram } from "../../src/copilot/program.ts";
import { BubblewrapIsolation } from "../../src/isolation/bubblewrap.ts";
import type { Broker } from "../../src/isolation/broker.ts";
import { startBroker } from "../../src/isolation/broker.ts";
import { git } from "../workspace/hostile-repository.ts";
import { hasBubblewrap } from "./bubblewrap.ts";

const USER = process.getuid?.() === 0 ? { uid: 61_234, gid: 61_234 } : null;
const LIMITS = { memory: 2 ** 32, processes: 256, disk: 2 ** 30, freeDisk: 0, time: 80_000 };
const PORT = 3129;
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

/** What each of them asks for, and does without; the steering is the agent's. */
const REFUSED = {
  older: ["POST /agents/tasks/older/steer 403"],
  newest: [
    "GET /copilot_internal/team_customizations 403",
    "POST /agents/tasks/newest/steer 403",
    "POST /mcp/readonly 403",
  ],
};

test.skipIf(!hasBubblewrap).for(["older", "newest"] as const)(
  "the %s runtime works in a sandbox, without its owner's token",
  async (family) => {
    const program = PROGRAMS[family] ?? "";
    const isolation = new BubblewrapIsolation({ directory: join(root, "isolation"), user: USER });
    const isScript = program.endsWith(".js");
    const { program: path, args } = isolation.command({
      command: isScript ? [process.execPath, program] : [program],
      workspace: join(root, "workspace"),
      state: join(root, "state"),
      readable: [...(isScript ? [process.execPath] : []), dirname(program)],
      forwards: [{ port: PORT, socket: join(root, "broker.sock") }],
      limits: LIMITS,
    });
    const outside = `http://127.0.0.1:${PORT}`;
    const client = new CopilotClient({
      mode: "empty",
      baseDirectory: "/state",
      workingDirectory: root,
      useLoggedInUser: false,
      logLevel: "error",
      gitHubToken: PLACEHOLDER,
      connection: RuntimeConnection.forStdio({ path, args: [...args] }),
      env: {
        PATH: "/usr/bin:/bin",
        HOME: "/home/agent",
        COPILOT_API_URL: outside,
        COPILOT_DEBUG_GITHUB_API_URL: outside,
        COPILOT_MC_BASE_URL: `${outside}/agents`,
        COPILOT_MC_REPO_IDS: "1,2",
        GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot",
      },
    });
    const script = `cat README.md; echo changed > ${family}; env; curl -sS --max-time 5 http://${outside.slice(7)}/agents/tasks/${family}/steer -d '{}' -H 'authorization: Bearer ${PLACEHOLDER}' -w '%{http_code}'`;
    missionControl.play({
      prompt: `Work on ${family}`,
      turns: [
        { calls: [{ tool: "bash", arguments: { command: script, description: "work" } }] },
        { says: "I have worked." },
      ],
    });
    const events: { type: string; data: unknown }[] = [];
    try {
      await client.start();
      const session = await client.createSession({
        workingDirectory: "/workspace",
        availableTools: ["bash"],
        model: "gpt-5.4",
        onPermissionRequest: () => ({ kind: "approve-once" }),
        onEvent: ({ type, data }) => events.push({ type, data }),
      });
      await session.rpc.remote.enable({ mode: "on" });
      await session.sendAndWait({ prompt: `Work on ${family}` }, 60_000);
      await session.disconnect();
    } finally {
      await client.forceStop();
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
    expect(logged.splice(0).toSorted()).toEqual(REFUSED[family]);
  },
);
