import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { MissionControl } from "../../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { createLocalCopilot } from "../../../src/copilot/local/local-copilot.ts";
import { findProgram } from "../../../src/copilot/program.ts";
import type {
  LocalCopilot,
  LocalRequest,
  LocalSession,
} from "../../../src/ports/local-sessions.ts";
import { NEWEST } from "../../../sandbox/newest-runtime.ts";

const SILENT = { info() {}, warn() {} };
const TIMEOUTS = { startMs: 60_000, deliveryMs: 30_000, confirmMs: 10_000 };

const OLDER = findProgram("@github/copilot", new URL(import.meta.url)) ?? "";

/** What starts each family's runtime, behind a wrapper, as isolation is one. */
export const WRAPPED = {
  older: { program: "/usr/bin/env", args: ["WRAPPED=yes", process.execPath, OLDER] },
  newer: { program: "/usr/bin/env", args: ["WRAPPED=yes", NEWEST] },
} as const;

/** Local sessions, in front of a Mission Control and models of our own. */
export interface LocalWorld {
  readonly missionControl: MissionControl;
  readonly copilot: LocalCopilot;
  /** A request for a session in a clone of its own, with an id of its own. */
  request(family: keyof typeof WRAPPED, settings?: Partial<LocalRequest>): LocalRequest;
  /** Opens a session; it's detached after the tests. */
  open(request: LocalRequest): Promise<LocalSession>;
}

/** One world for all tests of a file. */
export function useLocalWorld(): LocalWorld {
  let missionControl: MissionControl | undefined;
  let copilot: LocalCopilot | undefined;
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "local-session-")));
  const sessions: LocalSession[] = [];
  const get = (): MissionControl => {
    if (missionControl === undefined) throw new TypeError("not started");
    return missionControl;
  };
  beforeAll(async () => {
    missionControl = await startMissionControl();
    const variables = { ...missionControl.environment };
    copilot = createLocalCopilot({ timeouts: TIMEOUTS, log: SILENT, variables });
  });
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.detach()));
    await missionControl?.close();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    get missionControl() {
      return get();
    },
    get copilot() {
      if (copilot === undefined) throw new TypeError("not started");
      return copilot;
    },
    request(family, settings = {}) {
      const place = mkdtempSync(join(directory, `${family}-`));
      const workspace = clone(place);
      const { PATH = "", HOME = "" } = process.env;
      const variables = { ...get().environment, PATH, HOME };
      return {
        owner: "octo-org",
        repository: "hello",
        branch: "main",
        token: "gho_octocat",
        ids: { owner: 1, repository: 2 },
        sessionId: randomUUID(),
        sharing: "never",
        place: {
          workspace,
          state: join(place, "state"),
          command: WRAPPED[family],
          variables,
          placeholder: null,
        },
        ...settings,
      };
    },
    async open(request) {
      const opening = await this.copilot.open(request);
      if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
      sessions.push(opening.session);
      return opening.session;
    },
  };
}

/** Runs git, and returns what it prints. */
export function git(workspace: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: workspace, encoding: "utf8" }).trim();
}

/** A clone of a repository with one commit. */
function clone(directory: string): string {
  const origin = join(directory, "origin");
  const workspace = join(directory, "hello");
  git(directory, "init", "-q", "-b", "main", origin);
  const who = ["-c", "user.name=Octocat", "-c", "user.email=octocat@example.com"];
  execFileSync("sh", ["-c", "printf 'Helo\\n' > README.md"], { cwd: origin });
  git(origin, "add", "README.md");
  git(origin, ...who, "commit", "-qm", "Say hello");
  git(directory, "clone", "-q", origin, workspace);
  git(workspace, "config", "user.name", "Copilot");
  git(workspace, "config", "user.email", "copilot@example.com");
  return workspace;
}
