import { hostingChanged } from "../task/transitions/hosting.ts";
import type { Task } from "../task/task.ts";
import type { ActorInput } from "./input.ts";
import type { ActorState } from "./state.ts";
import type { Step } from "./step.ts";

/** Before commits are pushed again that GitHub didn't take, in milliseconds. */
const RETRY_MS = 60_000;

/** Begins to take out what the agent has done, if it rests and that's due; null if not. */
export function collectIfDue(state: ActorState, at: number): Step | null {
  if (!isCollectingDue(state, at)) return null;
  const collection = {
    ...state.collection,
    since: state.seen.progress.since,
    isUnderWay: true,
    retryAt: null,
  };
  return { state: { ...state, collection }, effects: [{ type: "collect" }] };
}

/** Whether there's something to take out: the session's last report waits for it. */
function isCollectingDue({ task, seen, collection }: ActorState, at: number): boolean {
  if (task.session.hosting === null || collection.isUnderWay || !hasWorked(seen.progress.state))
    return false;
  if (collection.retryAt !== null) return at >= collection.retryAt;
  return collection.since !== seen.progress.since;
}

/** What somebody has stopped isn't published. */
function hasWorked(state: ActorState["seen"]["progress"]["state"]): boolean {
  return state === "idle" || state === "completed" || state === "failed";
}

/** What came of it is known. */
export function collected(
  state: ActorState,
  { change }: Extract<ActorInput, { type: "collected" }>,
  at: number,
): ActorState {
  const hasFailed = change.publication?.type === "failed";
  const { since } = state.collection;
  const retryAt = hasFailed ? at + RETRY_MS : null;
  const known = { ...state.collection.change, ...change };
  return { ...state, collection: { since, isUnderWay: false, retryAt, change: known } };
}

/** The task with what was taken out of its session. */
export function withCollected({ collection }: ActorState, task: Task): Task {
  return hostingChanged(task, collection.change);
}
