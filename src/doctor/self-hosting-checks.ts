import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Finding } from "../core/doctor/finding.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import { troubleOnTheWay } from "../isolation/directories.ts";
import { openIsolation } from "../isolation/open.ts";
import { findSandboxUser } from "../isolation/user.ts";
import type { IsolationState } from "../ports/isolation.ts";
import type { Check } from "./examination.ts";
import { examineAll } from "./examination.ts";
import type { CheckOptions } from "./options.ts";
import type { NeededProgram } from "./self-hosting.ts";
import {
  ISOLATION,
  judgeIsolation,
  judgePrograms,
  judgeSessionDisk,
  neededPrograms,
  PROGRAMS,
  SESSION_DISK,
} from "./self-hosting.ts";

/** Whether this machine can run sessions; nothing where it isn't to. */
export async function examineSelfHosting({
  environment: { selfHosting, DATA_DIR },
  audience,
  conditions,
}: CheckOptions): Promise<readonly Finding[]> {
  if (selfHosting === null || selfHosting.sessions === 0) return [];
  const checks: readonly Check[] = [
    {
      what: ISOLATION,
      look: async () => judgeIsolation(await tryOut(selfHosting, DATA_DIR), audience),
    },
    {
      what: PROGRAMS,
      async look() {
        const needed = neededPrograms(selfHosting);
        return judgePrograms(needed, await Promise.all(needed.map(versionOf)));
      },
    },
    {
      what: SESSION_DISK,
      async look() {
        const { bavail, bsize } = await statfs(nearestOf(resolve(DATA_DIR)));
        return judgeSessionDisk(bavail * bsize, selfHosting);
      },
    },
  ];
  return examineAll(checks, conditions);
}

/** Starts a sandbox, from a directory that goes away afterwards, and looks whether sandboxes get to the bot's own. */
async function tryOut(selfHosting: SelfHosting, dataDir: string): Promise<IsolationState> {
  const directory = await mkdtemp(join(tmpdir(), "doctor-"));
  try {
    const isolation = await openIsolation(selfHosting, directory);
    const state = await isolation.check();
    if (!state.available || selfHosting.sandboxUser === null) return state;
    const user = await findSandboxUser(selfHosting.sandboxUser);
    // The bot opens DATA_DIR for sandboxes, but nothing above it.
    const above = nearestOf(dirname(resolve(dataDir)));
    const trouble = user === null ? null : await troubleOnTheWay(user, above);
    return trouble === null ? state : { available: false, ...trouble };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function versionOf({ command: [program, ...args] }: NeededProgram): Promise<string | null> {
  const env = { PATH: process.env["PATH"] };
  const run = promisify(execFile)(program, args, { env });
  return run.then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/** The directory, or, where it is still to be made, the one in which it will be. */
function nearestOf(directory: string): string {
  return existsSync(directory) ? directory : nearestOf(dirname(directory));
}
