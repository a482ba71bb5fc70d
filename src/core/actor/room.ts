import type { ActorState } from "./state.ts";

/**
 * Which of the sessions that are followed leaves to make room for one more: the one that has been idle for longest, or,
 * while none is idle, the one that changed first. Null while there's room.
 *
 * @param others all but the new one
 */
export function whoLeaves<Actor extends { readonly state: ActorState }>(
  others: readonly Actor[],
  maxFollowed: number,
): Actor | null {
  const staying = others.filter(
    ({ state: { stage, isRoomNeeded } }) => stage.type === "following" && !isRoomNeeded,
  );
  if (staying.length < maxFollowed) return null;
  const [first] = staying.toSorted(
    ({ state: one }, { state: other }) => busy(one) - busy(other) || since(one) - since(other),
  );
  return first ?? null;
}

function busy({ seen: { progress } }: ActorState): number {
  return progress.state === "idle" ? 0 : 1;
}

function since({ seen: { progress }, task }: ActorState): number {
  return Date.parse(progress.since === "" ? (task.session.startedAt ?? "") : progress.since);
}
