/** A machine that runs sessions, as the bot knows it now. */
export interface Machine {
  readonly name: string;
  /** What it has, for policies that ask for it. */
  readonly labels: readonly string[];
  /** How many sessions it runs at once, and how many places are taken. */
  readonly places: number;
  readonly taken: number;
  readonly isThere: boolean;
  /** For how long it has been there, or hasn't been, in milliseconds. */
  readonly sinceMs: number;
}

/** A worker that's silent for longer is gone, or cut off. With the time between two looks, that's known within 10 seconds. */
export const SILENT_MS = 7_000;

/** Whether a worker is there, by the database's clock. */
export function isThere({ silentMs }: { readonly silentMs: number }): boolean {
  return silentMs < SILENT_MS;
}

/** What a worker says of itself. */
interface WorkerState extends Pick<Machine, "name" | "labels" | "places" | "taken"> {
  readonly silentMs: number;
  readonly upMs: number;
}

/** The machine of a worker. */
export function machineOfWorker(worker: WorkerState): Machine {
  const { name, labels, places, taken, silentMs, upMs } = worker;
  const there = isThere(worker);
  return { name, labels, places, taken, isThere: there, sinceMs: there ? upMs : silentMs };
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
