import type { Machine } from "./machine.ts";
import { isServed } from "./machine.ts";

/** A task whose session is on a machine of the administrator's, or is to be, and that the bot still has to do with. */
export interface HostedTask {
  /** What its machine must have. */
  readonly labels: readonly string[];
  /** The machine's name; null while the session waits for one. */
  readonly machine: string | null;
  /** Since when it has been wanted; ISO 8601. */
  readonly wantedSince: string;
  /** Since when its machine isn't reached; null while it is. */
  readonly awaySince: string | null;
}

/** Why a session waits: all machines that could run it are full, or there's none. */
export type WaitingReason = "room" | "machine";

/** How the machines that run sessions are doing, all of them together. */
export interface MachinesReading {
  readonly there: number;
  readonly away: number;
  /** Connected in another version than the bot's. */
  readonly otherVersion: number;
  /** Of those that are there. */
  readonly places: number;
  readonly taken: number;
  readonly waiting: Readonly<Record<WaitingReason, number>>;
  /** How long the first of those that wait has waited; 0 where none does. */
  readonly oldestWaitingSeconds: number;
  /** Sessions whose machine isn't reached. */
  readonly unreached: number;
}

/** How the machines are doing, and what waits for them. */
export function machinesReading(
  machines: readonly Machine[],
  tasks: readonly HostedTask[],
  now: Date,
): MachinesReading {
  const there = machines.filter(({ isThere }) => isThere);
  const otherVersion = machines.filter(({ hasOtherVersion }) => hasOtherVersion).length;
  const waiting = tasks.filter(({ machine }) => machine === null);
  const unserved = waiting.filter(({ labels }) => !isServed(machines, labels));
  const oldest = Math.min(...waiting.map(({ wantedSince }) => Date.parse(wantedSince)));
  return {
    there: there.length,
    away: machines.length - there.length - otherVersion,
    otherVersion,
    places: sumOf(there.map(({ places }) => places)),
    taken: sumOf(there.map(({ taken }) => taken)),
    waiting: { room: waiting.length - unserved.length, machine: unserved.length },
    oldestWaitingSeconds: waiting.length === 0 ? 0 : Math.max(0, now.getTime() - oldest) / 1_000,
    unreached: tasks.filter(({ awaySince }) => awaySince !== null).length,
  };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
