import { existsSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Finding } from "../core/doctor/finding.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { Machine } from "../core/worker/machine.ts";
import { troubleOnTheWay } from "../isolation/directories.ts";
import { openIsolation } from "../isolation/open.ts";
import { findSandboxUser } from "../isolation/user.ts";
import type { IsolationState } from "../ports/isolation.ts";
import type { Check } from "./examination.ts";
import { examineAll } from "./examination.ts";
import type { CheckOptions, CheckSubject } from "./options.ts";
import { judgeMachines, MACHINES } from "./machines.ts";
import { examinePrograms, PROGRAMS } from "./programs.ts";
import { ISOLATION, judgeIsolation, judgeSessionDisk, SESSION_DISK } from "./self-hosting.ts";

/** Whether sessions can run on the administrator's machines; nothing where they aren't to. */
export async function examineSelfHosting(
  options: CheckOptions,
  subject: CheckSubject,
): Promise<readonly Finding[]> {
  const { selfHosting } = options.environment;
  if (selfHosting === null) return [];
  const here = selfHosting.sessions === 0 ? [] : checksHere(options, selfHosting);
  return examineAll([...here, checkOfMachines(options, selfHosting, subject)], options.conditions);
}

function checkOfMachines(
  { store, environment, audience }: CheckOptions,
  selfHosting: SelfHosting,
  subject: CheckSubject,
): Check {
  return {
    what: MACHINES,
    async look() {
      const isAlone = environment.DATABASE_URL === undefined;
      // From outside, nobody sees what a bot without PostgreSQL runs.
      const machines = await store.machines();
      const seen = isAlone && machines.length === 0 ? [thisMachine(selfHosting)] : machines;
      // In a thread nobody needs to know of other repositories.
      const tasks = await store.hostedTasks(audience === "thread" ? subject : null);
      return judgeMachines({ machines: seen, tasks, hasOwn: selfHosting.sessions > 0 }, audience);
    },
  };
}

function thisMachine({ labels, sessions: places }: SelfHosting): Machine {
  return {
    name: hostname(),
    labels,
    places,
    taken: 0,
    isThere: true,
    hasOtherVersion: false,
    sinceMs: 0,
  };
}

/** What's checked of the machine that this runs on. */
export function checksHere(
  {
    environment: { DATA_DIR },
    audience,
  }: Pick<CheckOptions, "audience"> & { readonly environment: { readonly DATA_DIR: string } },
  selfHosting: SelfHosting,
): readonly Check[] {
  return [
    {
      what: ISOLATION,
      look: async () => judgeIsolation(await tryOut(selfHosting, DATA_DIR), audience),
    },
    { what: PROGRAMS, look: () => examinePrograms(selfHosting) },
    {
      what: SESSION_DISK,
      async look() {
        const { bavail, bsize } = await statfs(nearestOf(resolve(DATA_DIR)));
        return judgeSessionDisk(bavail * bsize, selfHosting);
      },
    },
  ];
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

/** The directory, or, where it is still to be made, the one in which it will be. */
function nearestOf(directory: string): string {
  return existsSync(directory) ? directory : nearestOf(dirname(directory));
}
