import type { Origin } from "../ports/queue.ts";

/** How far somebody's request stands behind others'; 0 for whoever has asked for little lately. */
export type RankOf = (origin: Origin) => number;

/** A request is forgotten after so many milliseconds: about what a replica takes for its receipt. */
const LEAK_MS = 500;

/** What one person asked for weighs more than what the others of the account did, and these not without end. */
const PERSON_WEIGHT = 4;
const MAX_OWNER_RANK = 20;

/** When nothing will be left of what was asked for, in milliseconds since the epoch, by who asked. */
type Levels = Map<string, number>;

/**
 * Ranks requests as they come, without asking anybody: each adds to what its person and its account have asked
 * for, which leaks away with time. Somebody's hundredth request ranks behind everybody's first.
 */
export function createRanking(now: () => number): RankOf {
  const levels: Levels = new Map();

  /** How many requests are not forgotten yet, before this one. */
  function count(key: string, at: number): number {
    const empty = Math.max(at, levels.get(key) ?? 0);
    levels.delete(key);
    levels.set(key, empty + LEAK_MS);
    return Math.ceil((empty - at) / LEAK_MS);
  }

  function forgetEmpty(at: number): void {
    for (const [key, empty] of levels) if (empty <= at) levels.delete(key);
  }

  let lookedAt = 0;
  return ({ ownerId, requesterId }) => {
    const at = now();
    if (at - lookedAt > 60_000) {
      lookedAt = at;
      forgetEmpty(at);
    }
    const owner = Math.min(count(`${ownerId}`, at), MAX_OWNER_RANK);
    return owner + PERSON_WEIGHT * count(`${ownerId} ${requesterId}`, at);
  };
}
