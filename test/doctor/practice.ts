import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import type { GitHubOptions } from "../../sandbox/github/server.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { Environment } from "../../src/config/environment.ts";
import { readEnvironment, restBaseUrl } from "../../src/config/environment.ts";
import type { Finding } from "../../src/core/doctor/finding.ts";
import type { RuntimeToCheck } from "../../src/doctor/copilot-checks.ts";
import { examineCopilot } from "../../src/doctor/copilot-checks.ts";
import type { CheckOptions, DoctorOptions } from "../../src/doctor/options.ts";
import { createDoctor } from "../../src/doctor/doctor.ts";
import { createGitHubApp } from "../../src/github/app.ts";
import type { Manifest } from "../../src/doctor/manifest.ts";
import type { RepositoryName } from "../../src/github/app-facts.ts";
import { createLog } from "../../src/app/logging.ts";

/** The repository that is checked. */
export const HELLO = { owner: "octo-org", repository: "hello" } as const;

/** What a real GitHub returns about the webhook. */
export const HOOK_URL = "https://bot.example.com/api/github/webhooks";

/** What the doctor checks in the tests of a file. */
export interface Practice {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  /** What a bot would be started with. */
  readonly variables: Readonly<Record<string, string>>;
  /** The doctor's log so far. */
  readonly log: readonly string[];
  /** The findings, by default for an administrator. */
  examine(subject: RepositoryName | null, changes?: Changes): Promise<readonly Finding[]>;
}

/** A runtime that isn't there. */
export interface PracticeRuntime extends RuntimeToCheck {
  readonly running: () => Promise<unknown>;
}

/** Other parts than those of a bot that is well. */
export interface Changes extends Partial<
  Omit<DoctorOptions, "environment" | "variables" | "github" | "backend">
> {
  readonly runtime?: PracticeRuntime;
  /** The Copilot versions. */
  readonly pair?: RuntimeToCheck["pair"];
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** What the App needs, whatever app.yml says: a part of it, so that there is something to compare. */
export const MANIFEST: Manifest = {
  permissions: { metadata: "read", contents: "read", issues: "write", members: "read" },
  events: ["issues", "issue_comment"],
};

/** A runtime without problems. The script's tests check the real one. */
const WELL: PracticeRuntime = {
  // The state alone shows it.
  running: () => Promise.reject(new Error("nobody asks for this")),
  status: () => ({ state: "ready", version: "1.0.80", cloudSessions: true }),
};

/** A world with a GitHub and a Mission Control: up before the first test of a file, gone after the last. */
export function usePractice(options: GitHubOptions = {}): Practice {
  const lines: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-test-"));
  let world: Pick<Practice, "github" | "missionControl" | "variables"> | undefined;

  beforeAll(async () => {
    const missionControl = await startMissionControl();
    const github = await startGitHub(options);
    github.app.hook.url = HOOK_URL;
    github.app.events = [...MANIFEST.events];
    github.app.permissions = { ...MANIFEST.permissions };
    Object.assign(github.installation.permissions, MANIFEST.permissions);
    const variables = {
      DATA_DIR: directory,
      COPILOT_GITHUB_TOKEN: github.as("octocat").token,
      ...github.environment,
      ...missionControl.environment,
    };
    world = { github, missionControl, variables };
  });

  afterAll(async () => {
    await world?.github.close();
    await world?.missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const present = () => {
    if (world === undefined) throw new Error("the world is not up yet");
    return world;
  };
  return {
    log: lines,
    get github() {
      return present().github;
    },
    get missionControl() {
      return present().missionControl;
    },
    get variables() {
      return present().variables;
    },
    async examine(subject, { variables: changed, runtime = WELL, pair, ...parts } = {}) {
      const variables = { ...present().variables, ...changed };
      const environment = readEnvironment(variables);
      const log = createLog("debug", { write: (line) => lines.push(line) });
      const github = await appOf(environment);
      const answering = {
        backend: {
          running: runtime.running,
          examine: (all: CheckOptions) =>
            examineCopilot(all, { ...runtime, ...(pair && { pair }) }),
        },
        manifest: () => MANIFEST,
        store: WELL_STORED,
        audience: "administrator" as const,
        // The machine may be busy with other tests.
        timeLimitMs: 30_000,
        log,
      };
      return createDoctor({ environment, variables, github, ...answering, ...parts })(subject);
    },
  };
}

/** A database in which no comment waits, and nobody has connected. */
export const WELL_STORED = {
  ping: () => Promise.resolve(),
  undelivered: () => Promise.resolve({ count: 0, oldest: null }),
  connections: () => Promise.resolve({ connected: 0, ended: 0 }),
  machines: () => Promise.resolve([]),
  hostedTasks: () => Promise.resolve([]),
};

/** The App, with the bot's connection. */
function appOf(environment: Environment) {
  const { APP_ID, PRIVATE_KEY } = environment;
  const identity = { appId: APP_ID, privateKey: PRIVATE_KEY };
  const baseUrl = restBaseUrl(environment);
  return createGitHubApp({ ...identity, baseUrl, throttled: false }, createLog("silent"));
}

/** The findings about something as lines, with what differs from run to run replaced by its name. */
export function about(what: string, findings: readonly Finding[], { github }: Practice): string {
  return textOf(
    findings.filter((finding) => finding.what === what),
    { github },
  );
}

/** Findings as lines, with what differs from run to run replaced by its name. */
export function textOf(findings: readonly Finding[], { github }: Pick<Practice, "github">): string {
  return findings
    .map(({ level, what, found, cure }) => {
      return `${level} ${what}: ${found}${cure === null ? "" : `\n  ${cure}`}`;
    })
    .join("\n")
    .replaceAll(`http://${github.host}`, "https://GITHUB")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/gu, "http://LOOPBACK")
    .replaceAll(/\b\d+ ms\b/gu, "N ms")
    .replaceAll(/\d+(?:\.\d)? GB free/gu, "N GB free")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/gu, "DATE TIME UTC");
}
