import { withAnyLink } from "./links.ts";
import type { ActorRules } from "./rules.ts";
import type { ActorState, StageOf } from "./state.ts";
import type { Step } from "./step.ts";
import { leave, recording, stay } from "./step.ts";

/** Somebody has stopped the task: it has no prompt, and won't get one. */
export function planCalledOff(state: ActorState, { isBeingLookedUp }: StageOf<"called off">): Step {
  if (isBeingLookedUp) return stay(state);
  const asking = { ...state, stage: { type: "called off", isBeingLookedUp: true } } as const;
  return { state: asking, effects: [{ type: "find stop" }] };
}

/** It's known who has stopped the task. */
export function planStopped(
  state: ActorState,
  { stop }: StageOf<"stopped">,
  rules: ActorRules,
): Step {
  const ending = { ...state, stage: { type: "ending", stop } } as const;
  return recording(ending, withAnyLink(state, state.task, rules));
}

/** What is left is the last report: nothing else may be written to the comment meanwhile. */
export function planEnding(state: ActorState, { stop }: StageOf<"ending">): Step {
  const { task, comment } = state;
  if (comment.edit.type === "under way") return stay(state);
  const reporting = { ...state, stage: { type: "reporting", stop } } as const;
  return { state: reporting, effects: [{ type: "report", task, stop }] };
}

/** Nobody takes the commands that were given while the last report was made. */
export function planLeaving(state: ActorState, { session, task }: StageOf<"leaving">): Step {
  const left = leave(state, session, task);
  // A session that is stopped has no prompt, and takes no commands.
  if (task !== "reported" || session === "stop") return left;
  return { ...left, effects: [{ type: "reopen for commands" }, ...left.effects] };
}
