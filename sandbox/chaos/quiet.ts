import { setTimeout as sleep } from "node:timers/promises";
import type { Labeled, World } from "./verdict.ts";
import { commentsOf, isFinal } from "./verdict.ts";

const QUIET_WITHIN_MS = 180_000;

/** Waits until each task's comment shows an end, and nothing changes anymore; gives the seconds to the last. */
export async function untilQuiet(
  world: World,
  labeled: readonly Labeled[],
  say: (line: string) => void,
): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < QUIET_WITHIN_MS) {
    const all = await Promise.all(labeled.map((place) => commentsOf(world, place)));
    const open = all.filter((comments) => !comments.some(isFinal)).length;
    if (open === 0) break;
    say(`waiting for ${open} tasks`);
    await sleep(2_000);
  }
  const seconds = (performance.now() - began) / 1_000;
  // What should not come gets the time to come.
  await sleep(5_000);
  return seconds;
}
