import { hasLabels } from "./machine.ts";

/** The queue of sessions that may run on any machine. */
const ANYWHERE = "host";

/**
 * The queue in which sessions wait for a machine that has all of these labels. Labels are made of letters, digits, and
 * `._-`, so `/` can't be in one.
 */
export function queueOf(labels: readonly string[]): string {
  return [ANYWHERE, ...new Set(labels.toSorted())].join("/");
}

/** Whether a machine with these labels works on a queue. False for queues of other things. */
export function servesQueue(labels: readonly string[], queue: string): boolean {
  const [first, ...wanted] = queue.split("/");
  return first === ANYWHERE && hasLabels(labels, wanted);
}
