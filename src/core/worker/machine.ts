import { LETTERS_VERSION } from "./messages.ts";

/** A machine that runs sessions, as the bot knows it now. */
export interface Machine {
  readonly name: string;
  /** What it has, for policies that ask for it. */
  readonly labels: readonly string[];
  /** How many sessions it runs at once, and how many places are taken. */
  readonly places: number;
  readonly taken: number;
  readonly isThere: boolean;
  /** Whether it's connected in another version than the bot's, so that neither understands the other. */
  readonly hasOtherVersion: boolean;
  /** For how long it has been there, or hasn't been, in milliseconds. */
  readonly sinceMs: number;
}

/** A worker that's silent for longer is gone, or cut off. With the time between two looks, that's known within 10 seconds. */
export const SILENT_MS = 7_000;

/** What shows whether a worker can be reached. */
interface WorkerSigns {
  readonly silentMs: number;
  /** Of its letters. */
  readonly version: number;
}

/** Whether a worker is there that this version understands, by the database's clock. */
export function isThere({ silentMs, version }: WorkerSigns): boolean {
  return silentMs < SILENT_MS && version === LETTERS_VERSION;
}

/** What a worker says of itself. */
interface WorkerState extends Pick<Machine, "name" | "labels" | "places" | "taken">, WorkerSigns {
  readonly upMs: number;
}

/** The machine of a worker. */
export function machineOfWorker(worker: WorkerState): Machine {
  const { name, labels, places, taken, silentMs, upMs } = worker;
  const isConnected = silentMs < SILENT_MS;
  return {
    name,
    labels,
    places,
    taken,
    isThere: isThere(worker),
    hasOtherVersion: isConnected && !isThere(worker),
    sinceMs: isConnected ? upMs : silentMs,
  };
}

/** Whether a machine with these labels has all that a session asks for. */
export function hasLabels(labels: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((label) => labels.includes(label));
}

/** Whether a machine is there that has all that a session asks for, with room or without. */
export function isServed(
  machines: readonly Pick<Machine, "labels" | "isThere">[],
  wanted: readonly string[],
): boolean {
  return machines.some(({ labels, isThere: there }) => there && hasLabels(labels, wanted));
}
