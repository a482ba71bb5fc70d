import { progressOf } from "../session/progress.ts";
import type { Task } from "../task/task.ts";
import type { SessionStart } from "../task/transitions/starting.ts";
import { knownPulls } from "./seen.ts";
import type { ActorState, Stage } from "./state.ts";

/**
 * An actor for a session whose agent has just started.
 *
 * @param notBefore until when GitHub wants to be left alone, in milliseconds since the epoch
 */
export function openedSession(
  task: Task,
  prompt: string,
  start: SessionStart,
  notBefore = 0,
): ActorState {
  return atStage(task, { type: "opened", prompt, start }, notBefore);
}

/** An actor for a session that has its prompt and was reached again. Nobody waits for it. */
export function reachedSession(task: Task, at: number, notBefore = 0): ActorState {
  const following = { type: "following", since: at, hasRoom: false } as const;
  const reached = atStage(task, following, notBefore);
  return { ...reached, isInBackground: true };
}

function atStage(task: Task, stage: Stage, notBefore: number): ActorState {
  const observations = knownPulls(task);
  return {
    task,
    stage,
    seen: { observations, progress: progressOf(observations), elsewhere: new Set() },
    link: { type: "unknown" },
    requests: { judged: new Set(), answering: null },
    commands: {
      areWaiting: true,
      areBeingTaken: false,
      begun: new Set(),
      executing: new Map(),
      finished: [],
      note: task.session.progress.note,
      sharing: null,
      isCommentWanted: false,
    },
    collection: { since: null, isUnderWay: false, retryAt: null, change: {} },
    comment: { begunAt: 0, edit: { type: "none", notBefore } },
    isInBackground: false,
    isSessionLost: false,
    hasTokenEnded: false,
    isRoomNeeded: false,
    isDisplaced: false,
    isStopping: false,
  };
}
