import type { Task } from "../task/task.ts";
import type { ActorEffect, ActorNews, SessionLeft, TaskLeft } from "./effect.ts";
import type { ActorState } from "./state.ts";

/** What an actor knows next, and what it wants done, in this order. */
export interface Step {
  readonly state: ActorState;
  readonly effects: readonly ActorEffect[];
}

/** Nothing is to be done. */
export function stay(state: ActorState): Step {
  return { state, effects: [] };
}

/** Something more is to be done after this. */
export function andThen(first: Step, plan: (state: ActorState) => Step): Step {
  const { state, effects } = plan(first.state);
  return { state, effects: [...first.effects, ...effects] };
}

/** The task is written: as far as the actor is concerned, it's that way now. */
export function recording(
  state: ActorState,
  after: Task,
  { finished = [], news = null }: { finished?: readonly string[]; news?: ActorNews | null } = {},
): Step {
  const before = state.task;
  const effect = { type: "record", before, after, finished, news } as const;
  return { state: { ...state, task: after }, effects: [effect] };
}

/** The actor is done. */
export function leave(state: ActorState, session: SessionLeft, task: TaskLeft): Step {
  const left = { ...state, stage: { type: "left" } } as const;
  return { state: left, effects: [{ type: "leave", session, task }] };
}
