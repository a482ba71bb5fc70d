import { hasLabels } from "./machine.ts";
import { LETTERS_VERSION } from "./messages.ts";

/** The queue of sessions that may run on any machine with this version. */
const anywhere = (version: number) => `host.${version}`;

/**
 * The queue in which sessions wait for a machine that has all of these labels. Labels are made of letters, digits, and
 * `._-`, so `/` can't be in one.
 */
export function queueOf(labels: readonly string[]): string {
  return [anywhere(LETTERS_VERSION), ...new Set(labels.toSorted())].join("/");
}

/** Whether a machine with these labels works on a queue. False for queues of other things, and of other versions. */
export function servesQueue(
  labels: readonly string[],
  queue: string,
  version = LETTERS_VERSION,
): boolean {
  const [first, ...wanted] = queue.split("/");
  return first === anywhere(version) && hasLabels(labels, wanted);
}
