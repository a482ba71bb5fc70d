import type { Progress } from "../session/progress.ts";
import type { Unfollowed } from "../task/session.ts";
import { lastEditAt, nextEditAt } from "./edits.ts";
import { isLinkUnread } from "./links.ts";
import type { ActorRules, Moment } from "./rules.ts";
import type { ActorState, StageOf } from "./state.ts";

type Following = StageOf<"following">;

/** Why the session is no longer to be followed; null while it is. */
export function endOf(
  state: ActorState,
  stage: Following,
  at: number,
  { timeouts }: ActorRules,
): Unfollowed | null {
  const { commands, seen, collection } = state;
  // What came of a command, and of the agent's commits, is reported first.
  if (commands.executing.size > 0 || collection.isUnderWay) return null;
  if (seen.progress.over) return "over";
  if (state.isRoomNeeded && !isNeededHere(state)) return "room";
  if (at >= timeIsUpAt(state)) return "time";
  return at >= idleForLongAt(seen.progress, stage, timeouts.idleMs) ? "idle" : null;
}

/** When something has to be done even if nothing happens, in milliseconds since the epoch; infinite for never. */
export function wakeAt(state: ActorState, moment: Moment, rules: ActorRules): number {
  const { stage } = state;
  switch (stage.type) {
    case "prompting":
      return stage.noticeAt ?? nextEditAt(state, moment, rules);
    case "linking":
      return isLinkUnread(state) ? Infinity : stage.until;
    case "following":
      return followingWakesAt(state, stage, moment, rules);
    case "opened":
    case "called off":
    case "stopped":
    case "ending":
    case "reporting":
    case "leaving":
    case "left":
      return Infinity;
    default:
      return stage satisfies never;
  }
}

function followingWakesAt(
  state: ActorState,
  stage: Following,
  moment: Moment,
  rules: ActorRules,
): number {
  if (isHeldBack(state)) return Infinity;
  const why = endOf(state, stage, moment.at, rules);
  if (why !== null) return why === "room" && state.isDisplaced ? moment.at : lastEditAt(state);
  const editAt = nextEditAt(state, moment, rules);
  if (state.commands.executing.size > 0 || state.collection.isUnderWay) return editAt;
  const idleAt = idleForLongAt(state.seen.progress, stage, rules.timeouts.idleMs);
  const retryAt = state.collection.retryAt ?? Infinity;
  return Math.min(editAt, timeIsUpAt(state), idleAt, retryAt);
}

/** Whether the row, the comment, and the end wait for what is being done: the policy's answer isn't shown to people. */
export function isHeldBack({ commands, requests }: ActorState): boolean {
  return commands.areBeingTaken || requests.answering !== null;
}

/** An agent on an own machine ends with the following: it's at work until it rests, or its machine's limit ends it. */
function isNeededHere({ task, seen }: ActorState): boolean {
  return task.session.hosting !== null && !isQuiet(seen.progress);
}

function timeIsUpAt(state: ActorState): number {
  if (isNeededHere(state)) return Infinity;
  const at = Date.parse(state.task.session.followUntil ?? "");
  return Number.isNaN(at) ? Infinity : at;
}

/** Quiet before it was followed is not held against it. */
function idleForLongAt(progress: Progress, { since }: Following, idleMs: number): number {
  if (!isQuiet(progress)) return Infinity;
  const changedAt = Date.parse(progress.since);
  return (Number.isNaN(changedAt) ? since : Math.max(changedAt, since)) + idleMs;
}

function isQuiet({ state }: Progress): boolean {
  return state === "idle" || state === "cancelled" || state === "failed";
}
