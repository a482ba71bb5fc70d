import type { ActorRules, Moment } from "./rules.ts";
import type { ActorState } from "./state.ts";
import type { Step } from "./step.ts";

/** Begins to edit the comment, if that is due and no edit is under way; null if not. */
export function editIfDue(state: ActorState, moment: Moment, rules: ActorRules): Step | null {
  if (moment.at < nextEditAt(state, moment, rules)) return null;
  const comment = { begunAt: moment.at, edit: { type: "under way" } } as const;
  return { state: { ...state, comment }, effects: [{ type: "edit", task: state.task }] };
}

/**
 * When the newest state may be shown, in milliseconds since the epoch: a while after the last edit, and not before
 * GitHub accepts writes again. Infinite while there is nothing to show, or an edit is under way.
 */
export function nextEditAt(state: ActorState, moment: Moment, rules: ActorRules): number {
  const freeAt = lastEditAt(state);
  if (freeAt === Infinity) return Infinity;
  const dueAt = rules.dueAt(state.task);
  // GitHub takes 500 writes an hour.
  const pauseMs = rules.timeouts.editEveryMs * Math.max(1, moment.followed / 2);
  return Math.max(dueAt, state.comment.begunAt + pauseMs, freeAt);
}

/** The same for the last edit of all, which keeps no pace: it may follow any other. */
export function lastEditAt({ comment: { edit } }: ActorState): number {
  return edit.type === "under way" ? Infinity : edit.notBefore;
}
