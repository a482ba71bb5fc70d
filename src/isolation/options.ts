import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SandboxUser } from "../core/isolation/bubblewrap.ts";
import { limitsInForce } from "../core/isolation/limits.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";
import { IsolationUnavailable, explainIsolation } from "../core/isolation/unavailable.ts";
import type { Isolation, IsolationState, Sandbox } from "../ports/isolation.ts";
import type { Cgroup, Cgroups } from "./cgroups.ts";

export interface IsolationOptions {
  /** A directory of the bot's own, which everybody may enter; created if it's missing. */
  readonly directory: string;
  /** The account of the sandboxes' processes, which owns what they write; null for the bot's own. */
  readonly user: SandboxUser | null;
  /** Keep limits where they're delegated to the bot; null where they aren't. */
  readonly cgroups: Cgroups | null;
  /** How many processors one sandbox can keep busy, where the kernel limits that. */
  readonly processors: number;
}

/** What a trial may use. */
const TRIAL_LIMITS = { memory: 2 ** 26, processes: 64, disk: 2 ** 20, freeDisk: 0, time: 10_000 };
const TRIAL_TIMEOUT = 10_000;

/** Starts a program that does nothing, in a directory that's there for it. Never rejects. */
export async function tryIsolation(
  isolation: Isolation,
  { directory, socket, root }: { directory: string; socket: string; root: string },
): Promise<IsolationTrouble | null> {
  let sandbox: Sandbox | null = null;
  try {
    await isolation.makeDirectory(root, directory, "sandboxes");
    sandbox = await isolation.open({
      command: ["/bin/true"],
      workspace: directory,
      state: null,
      readable: [],
      forwards: { trial: socket },
      limits: TRIAL_LIMITS,
    });
    const { command, environment } = sandbox;
    await promisify(execFile)(command.program, command.args, {
      env: environment,
      timeout: TRIAL_TIMEOUT,
    });
    return null;
  } catch (error) {
    if (error instanceof IsolationUnavailable) return error.trouble;
    const { stderr } = { stderr: String(error), ...Object(error) };
    return explainIsolation(String(stderr));
  } finally {
    await sandbox?.close();
  }
}

/** What can be said of isolation that works. */
export function availableState(
  { cgroups, processors }: IsolationOptions,
  isIsolated: boolean,
  missing: readonly string[],
): IsolationState {
  const controllers = cgroups?.controllers ?? new Set();
  return {
    available: true,
    limits: limitsInForce({ isIsolated, controllers, processors }),
    missing,
  };
}

/** A cgroup for one sandbox; null where there are none. */
export async function cgroupFor(
  { cgroups, processors }: IsolationOptions,
  limits: Parameters<Cgroups["create"]>[0],
): Promise<Cgroup | null> {
  return (await cgroups?.create(limits, processors)) ?? null;
}
