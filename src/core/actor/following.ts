import { verdictOn } from "../session/permission.ts";
import { workPlaceOf } from "../task/thread-place.ts";
import { unfollowed } from "../task/transitions/following.ts";
import { collectIfDue, withCollected } from "./collecting.ts";
import { endOf, isHeldBack } from "./deadlines.ts";
import { editIfDue, lastEditAt } from "./edits.ts";
import { withOwnLink } from "./links.ts";
import type { ActorRules, Moment } from "./rules.ts";
import { taskAsSeen } from "./seen.ts";
import type { ActorState, StageOf } from "./state.ts";
import type { Step } from "./step.ts";
import { andThen, leave, recording, stay } from "./step.ts";

/**
 * What to do for a session that is followed. What the agent or people want comes first; then the row, the comment, and
 * the end.
 */
export function planFollowing(
  state: ActorState,
  stage: StageOf<"following">,
  moment: Moment,
  rules: ActorRules,
): Step {
  // What is known stays in the row, for the next process.
  if (state.isStopping) return leave(state, "detach", "as it is");
  // With a new token it could be reached again, if this runtime could reach sessions again.
  if (state.hasTokenEnded && !state.task.session.canResume) {
    const { finished } = state.commands;
    const commands = { ...state.commands, finished: [] };
    const ending = { ...state, commands, stage: { type: "ending", stop: null } } as const;
    const seen = taskAsSeen(state, moment.at, rules);
    return recording(ending, unfollowed(seen, "token"), { finished });
  }
  // The runtime is gone: processing the task again reconnects to the session.
  if (state.isSessionLost) return leave(state, "detach", "again");
  return andThen(makeRoom(state, stage), (next) => steer(next, stage, moment, rules));
}

function makeRoom(state: ActorState, stage: StageOf<"following">): Step {
  if (stage.hasRoom) return stay(state);
  const next = { ...state, stage: { ...stage, hasRoom: true } };
  return { state: next, effects: [{ type: "make room" }] };
}

function steer(
  state: ActorState,
  stage: StageOf<"following">,
  moment: Moment,
  rules: ActorRules,
): Step {
  const judged = judgeNext(state);
  const { areWaiting, areBeingTaken } = judged.state.commands;
  if (areWaiting && !areBeingTaken) return takeCommands(judged);
  if (isHeldBack(judged.state)) return judged;
  const kept = keep(judged.state, moment, rules);
  if (kept !== null) return kept;
  const collecting = collectIfDue(judged.state, moment.at);
  if (collecting !== null) return andThen(judged, () => collecting);
  const why = endOf(judged.state, stage, moment.at, rules);
  if (why === null) return editIfDue(judged.state, moment, rules) ?? judged;
  const isLeft = why === "room" && judged.state.isDisplaced;
  // Until the last edit can be made, people may still send commands.
  if (!isLeft && lastEditAt(judged.state) > moment.at) return judged;
  const ending = { ...judged.state, stage: { type: "ending", stop: null } } as const;
  const step = recording(ending, unfollowed(ending.task, why));
  return isLeft ? { ...step, effects: [...step.effects, { type: "let go" }] } : step;
}

/** The policy answers one request after the other, and leaves the rest to people. */
function judgeNext(state: ActorState): Step {
  const { requests, task, seen } = state;
  if (requests.answering !== null) return stay(state);
  const { permissionsPolicy, defaultBranch } = task.decision;
  const { owner, repository } = workPlaceOf(task);
  const own = `${owner}/${repository}`;
  const judged = new Set(requests.judged);
  for (const [requestId, asking] of seen.progress.asking) {
    if (judged.has(requestId)) continue;
    judged.add(requestId);
    const verdict = verdictOn(asking, permissionsPolicy ?? "ask", defaultBranch ?? "", own);
    if (verdict === "ask") continue;
    const answer = { type: "answer", requestId, approved: verdict === "approve" } as const;
    const answering = { ...state, requests: { judged, answering: requestId } };
    return { state: answering, effects: [answer] };
  }
  return stay({ ...state, requests: { judged, answering: null } });
}

function takeCommands({ state, effects }: Step): Step {
  const commands = { ...state.commands, areWaiting: false, areBeingTaken: true };
  return { state: { ...state, commands }, effects: [...effects, { type: "take commands" }] };
}

/** Brings the row to what was seen; null if it's there. The session's own link may come late. */
function keep(state: ActorState, { at }: Moment, rules: ActorRules): Step | null {
  const { task, commands, comment } = state;
  const { finished } = commands;
  const seen = taskAsSeen(state, at, rules);
  const after = withCollected(state, withOwnLink(state, seen));
  if (after === task && finished.length === 0) return null;
  // A wrong link is worth an edit out of turn: it comes once.
  const isUrgent = commands.isCommentWanted || after !== seen;
  const kept = {
    ...state,
    commands: { ...commands, finished: [], isCommentWanted: false },
    comment: isUrgent ? { ...comment, begunAt: 0 } : comment,
  };
  return recording(kept, after, { finished });
}
