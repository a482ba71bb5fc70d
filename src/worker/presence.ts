import { SILENT_MS } from "../core/worker/machine.ts";

/** A worker says so often that it's there, in milliseconds. */
export const BEAT_MS = 2_000;

/**
 * A worker that has lost the database for so long ends its sessions' runtimes, in milliseconds: nobody can stop an agent
 * there, answer it, or follow it. A server that's restarted is back before.
 */
export const CUT_OFF_MS = 60_000;

/** Between two looks at the workers, in milliseconds. */
export const LOOK_MS = 2_000;

/**
 * Whether a silence means anything: while the database was away, nobody could say anything there.
 *
 * @param reachableMs for how long this process has reached the database without a break
 */
export function isSilenceKnown(reachableMs: number): boolean {
  return reachableMs > SILENT_MS;
}
