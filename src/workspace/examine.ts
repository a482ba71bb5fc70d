import { setImmediate } from "node:timers/promises";
import type { CommitsToPush, PushStop } from "../core/workspace/push-check.ts";
import { pathStop, pieceStop, piecesToExamine } from "../core/workspace/push-check.ts";

/** Looks through what Git has reported about commits. */
export async function examineText(text: CommitsToPush): Promise<PushStop | null> {
  const stop = pathStop(text);
  if (stop !== null) return stop;
  for (const piece of piecesToExamine(text)) {
    const found = pieceStop(piece);
    if (found !== null) return found;
    await setImmediate();
  }
  return null;
}
