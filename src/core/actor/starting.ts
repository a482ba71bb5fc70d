import type { Failure } from "../task/failure.ts";
import type { Task } from "../task/task.ts";
import { followed } from "../task/transitions/following.ts";
import { promptDelivered, promptFailed, sessionOpened } from "../task/transitions/starting.ts";
import { editIfDue } from "./edits.ts";
import type { ActorNews } from "./effect.ts";
import { isLinkUnread, withAnyLink, withOwnLink } from "./links.ts";
import type { ActorRules, ActorTimeouts, Moment } from "./rules.ts";
import type { ActorState, StageOf } from "./state.ts";
import type { Step } from "./step.ts";
import { leave, recording, stay } from "./step.ts";

/** The agent has started: it gets its prompt. */
export function planOpened(
  state: ActorState,
  { prompt, start }: StageOf<"opened">,
  { at }: Moment,
  { timeouts }: ActorRules,
): Step {
  const opened = sessionOpened(state.task, timeOf(at), start);
  const noticeAt = at + noticeMsOf(opened, timeouts);
  const prompting = { ...state, stage: { type: "prompting", noticeAt } } as const;
  const step = recording(prompting, opened, { news: { type: "session ready" } });
  return { ...step, effects: [...step.effects, { type: "deliver", prompt }] };
}

/** Where nothing was said yet, something is said soon. */
function noticeMsOf({ shown }: Task, { promptNoticeMs, startingNoticeMs }: ActorTimeouts): number {
  return shown.comment.id === null ? Math.min(promptNoticeMs, startingNoticeMs) : promptNoticeMs;
}

/** The prompt is on its way: where that takes long, people learn it, with the link. */
export function planPrompting(
  state: ActorState,
  { noticeAt }: StageOf<"prompting">,
  moment: Moment,
  rules: ActorRules,
): Step {
  // The next attempt finds out whether the session has the prompt.
  if (state.isSessionLost) return leave(state, "detach", "again");
  if (noticeAt !== null) {
    if (moment.at < noticeAt) return stay(state);
    const late = { ...state, stage: { type: "prompting", noticeAt: null } } as const;
    const news = { type: "prompt late" } as const;
    return recording(late, withAnyLink(state, state.task, rules), { news });
  }
  const linked = withOwnLink(state, state.task);
  if (linked !== state.task) return recording(outOfTurn(state), linked);
  const edit = editIfDue(state, moment, rules);
  if (edit !== null) return edit;
  const isShown = state.comment.edit.type === "none" && !state.isInBackground;
  return isShown ? inBackground(stay(state)) : stay(state);
}

/** It's known what came of the prompt: where the link is known too, people learn both, or the session is followed. */
export function planLinking(
  state: ActorState,
  stage: StageOf<"linking">,
  { at }: Moment,
  rules: ActorRules,
): Step {
  const { arrival, isRecorded } = stage;
  const spoken = isRecorded ? state.task : afterPrompt(state.task, arrival, at);
  const news = isRecorded ? null : newsOf(arrival);
  if (!isLinkReady(state, stage, at)) {
    if (isRecorded) return stay(state);
    return recording({ ...state, stage: { ...stage, isRecorded: true } }, spoken, { news });
  }
  const linked = withAnyLink(state, spoken, rules);
  const { followMs } = rules.timeouts;
  const isFollowed = followMs > 0 || linked.session.hosting !== null;
  if (arrival !== "delivered" || !isFollowed) {
    return recording({ ...state, stage: { type: "ending", stop: null } }, linked, { news });
  }
  const following = { type: "following", since: at, hasRoom: false } as const;
  const step = recording(
    // Following reports it: what the agent asks first waits for no comment.
    outOfTurn({ ...state, stage: following }),
    followed(linked, timeOf(at + followMs)),
    { news },
  );
  return inBackground(step);
}

function isLinkReady(state: ActorState, { until }: StageOf<"linking">, at: number): boolean {
  const { task, link, isSessionLost } = state;
  if (task.session.link?.source === "session" || link.type === "known" || isSessionLost)
    return true;
  // What came of sharing it is known when it starts.
  if (task.session.hosting !== null) return !isLinkUnread(state);
  return !isLinkUnread(state) && at >= until;
}

function afterPrompt(task: Task, arrival: "delivered" | Failure, at: number): Task {
  return arrival === "delivered" ? promptDelivered(task, timeOf(at)) : promptFailed(task, arrival);
}

function newsOf(arrival: "delivered" | Failure): ActorNews {
  return arrival === "delivered"
    ? { type: "prompt delivered" }
    : { type: "prompt not delivered", failure: arrival };
}

/** The next edit doesn't wait for its turn. */
function outOfTurn(state: ActorState): ActorState {
  return { ...state, comment: { ...state.comment, begunAt: 0 } };
}

function inBackground({ state, effects }: Step): Step {
  if (state.isInBackground) return { state, effects };
  return {
    state: { ...state, isInBackground: true },
    effects: [...effects, { type: "continue in background" }],
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
