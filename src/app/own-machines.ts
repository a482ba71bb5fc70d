import type { SessionHost } from "../ports/session-host.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import type { Rounds } from "../runner/lease/rounds.ts";
import { startRounds } from "../runner/lease/rounds.ts";
import type { AppOptions } from "./options.ts";

/** What runs sessions on the administrator's machines, and what is done for that every so often. */
export interface OwnMachines {
  readonly host: SessionHost;
  readonly sweeps: readonly Rounds[];
}

const SWEEP_EVERY_MS = 600_000;

/** Where that's off, nothing of it is loaded. */
export async function loadOwnMachines(
  { environment, variables, log }: AppOptions,
  timeouts: Timeouts,
  directory: string,
): Promise<OwnMachines | null> {
  const { selfHosting } = environment;
  if (selfHosting === null) return null;
  const { prepareHosting } = await import("./hosting.ts");
  const options = { selfHosting, environment, variables, timeouts, directory, log };
  const host = await prepareHosting(options);
  const sweep = { everyMs: SWEEP_EVERY_MS, log, name: "files of old sessions" };
  return { host, sweeps: [startRounds(() => host.sweep(), sweep)] };
}
