import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { NEWEST } from "../../sandbox/newest-runtime.ts";
import { createLocalCopilot } from "../../src/copilot/local/local-copilot.ts";
import { findProgram } from "../../src/copilot/program.ts";
import type { LocalHost } from "../../src/hosting/local-host.ts";
import { createLocalHost } from "../../src/hosting/local-host.ts";
import { NO_TRACING } from "../../src/ports/tracing.ts";
import type { HostedOpening, HostedRequest, HostedSession } from "../../src/ports/session-host.ts";
import { removeTree } from "../../src/workspace/remove-tree.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { bubblewrap } from "../isolation/isolations.ts";
import { git } from "../workspace/hostile-repository.ts";

export const LIMITS = {
  memory: 2 ** 32,
  processes: 256,
  disk: 2 ** 29,
  freeDisk: 0,
  time: 120_000,
};
const TIMEOUTS = { startMs: 60_000, deliveryMs: 30_000, confirmMs: 10_000 };

/** Each family's program. */
export const PROGRAMS = {
  older: findProgram("@github/copilot", new URL(import.meta.url)) ?? "",
  newer: NEWEST,
} as const;

/** The token of the sessions' owner, which no sandbox sees. */
export const TOKEN = "gho_octocatsOwnToken0000000000000000000";

interface Changes {
  readonly keepMs?: number;
  readonly labels?: readonly string[];
  readonly maxSessions?: number;
  readonly memory?: number;
  readonly disk?: number;
  readonly time?: number;
}

/** Machines with a Mission Control, models, and a remote repository of their own. */
export interface HostingWorld {
  readonly missionControl: MissionControl;
  /** The bare repository that sessions work on, and its first commit. */
  readonly remote: string;
  readonly commit: string;
  readonly log: readonly string[];
  /** Where the host has everything. */
  readonly directory: string;
  /** The machine, as it's after another start. */
  host(family: keyof typeof PROGRAMS, changes?: Changes): LocalHost;
  request(changes?: Partial<HostedRequest>): HostedRequest;
}

/** One world for all tests of a file. */
export function useHostingWorld(): HostingWorld {
  const root = mkdtempSync(join(tmpdir(), "hosting-"));
  const directory = join(root, "own");
  const remote = join(root, "remote.git");
  const log: string[] = [];
  let missionControl: MissionControl | undefined;
  let commit = "";
  const present = () => {
    if (missionControl === undefined) throw new TypeError("not started");
    return missionControl;
  };
  beforeAll(async () => {
    chmodSync(root, 0o711);
    mkdirSync(directory, { mode: 0o711 });
    missionControl = await startMissionControl();
    git(root, ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
    const tree = git(
      remote,
      ["mktree"],
      `100644 blob ${git(remote, ["hash-object", "-w", "--stdin"], "Helo\n")}\tREADME.md\n`,
    );
    commit = git(remote, ["commit-tree", "-m", "Say hello", tree]);
    git(remote, ["update-ref", "refs/heads/main", commit]);
  });
  afterAll(async () => {
    await missionControl?.close();
    await removeTree(root);
  });
  const note = (_fields: object, message: string) => void log.push(message);
  return {
    log,
    remote,
    directory,
    get missionControl() {
      return present();
    },
    get commit() {
      return commit;
    },
    host(family, { keepMs = 60_000, labels = [], maxSessions = 2, ...changes } = {}) {
      const { environment } = present();
      const isolation = bubblewrap(root);
      const limits = { ...LIMITS, ...changes };
      const written = { info: note, warn: note, error: note };
      return createLocalHost({
        machine: "build-1",
        directory,
        copilot: createLocalCopilot({ timeouts: TIMEOUTS, log: written, variables: environment }),
        workspaces: new GitWorkspaces({ directory, isolation, limits }),
        sandbox: {
          isolation,
          limits,
          program: PROGRAMS[family],
          upstreams: () =>
            Promise.resolve({
              copilot: environment["COPILOT_API_URL"] ?? "",
              github: environment["COPILOT_DEBUG_GITHUB_API_URL"] ?? "",
              mission_control: environment["COPILOT_MC_BASE_URL"] ?? "",
            }),
          variables: { GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot" },
          exempt: [],
          log: written,
        },
        accessTo: () => ({ protocol: "file", url: `file://${remote}` }),
        tracing: NO_TRACING,
        labels,
        maxSessions,
        keepMs,
      });
    },
    request(changes = {}) {
      const taskId = randomUUID();
      return {
        taskId,
        sessionId: randomUUID(),
        owner: "octo-org",
        repository: "hello",
        ids: { owner: 1, repository: 2 },
        commit,
        branch: { kind: "fix", number: 7, id: taskId.slice(0, 8) },
        terms: { labels: [], egress: [], sharing: "never", push: "branch", checkout: [] },
        ...changes,
      };
    },
  };
}

/** What sessions are opened with. */
export const TOKENS = {
  copilot: { token: TOKEN, userId: 1, usableUntil: null },
  repository: null,
  submodules: [],
} as const;

/** Opens a session on a machine that has room. */
export async function openOn(host: LocalHost, request: HostedRequest): Promise<HostedSession> {
  const opening = await open(host, request);
  if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
  return opening.session;
}

/** Asks a machine for a session. */
export function open(
  host: LocalHost,
  request: HostedRequest,
  withdrawn: AbortSignal = new AbortController().signal,
): Promise<HostedOpening> {
  return host.open(request, () => Promise.resolve(TOKENS), { withdrawn, onTaken() {} });
}
