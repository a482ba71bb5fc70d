import type { SessionCommand } from "../session/session-command.ts";
import { withSeen } from "../task/transitions/following.ts";
import { withShown } from "../task/transitions/showing.ts";
import { collected } from "./collecting.ts";
import { executed, taken as commandsTaken } from "./commands.ts";
import { planFollowing } from "./following.ts";
import type { ActorInput, Arrival } from "./input.ts";
import { isLinkExpected, readingLink } from "./links.ts";
import { withObservations } from "./observing.ts";
import type { ActorRules, Moment } from "./rules.ts";
import { planCalledOff, planEnding, planLeaving, planStopped } from "./ending.ts";
import { planLinking, planOpened, planPrompting } from "./starting.ts";
import type { ActorState, Stage } from "./state.ts";
import type { Step } from "./step.ts";
import { andThen, stay } from "./step.ts";

/**
 * The actor of a session: what it knows after what has come in, and what it wants done then. Pure, and level-triggered:
 * what's to be done is read off what is known, so it doesn't matter in which order things happen. What came in together
 * is shown together: an agent that was stopped, and who stopped it.
 */
export function advance(
  state: ActorState,
  inputs: readonly ActorInput[],
  moment: Moment,
  rules: ActorRules,
): Step {
  if (state.stage.type === "left") return stay(state);
  const taken = inputs.reduce(
    (step, input) => andThen(step, (known) => take(known, input, moment, rules)),
    stay(state),
  );
  // Whoever has the task now executes what was taken.
  const learned = isClaimLost(taken.state) ? stay(taken.state) : taken;
  return andThen(andThen(learned, readingLink), (known) => plan(known, moment, rules));
}

function isClaimLost({ stage }: ActorState): boolean {
  return stage.type === "leaving" && stage.task === "lost";
}

/** What the actor knows after an input. Only commands want something done right away. */
function take(state: ActorState, input: ActorInput, moment: Moment, rules: ActorRules): Step {
  switch (input.type) {
    case "taken":
      return commandsTaken(state, input, moment.at, rules);
    case "executed":
      return stay(executed(state, input, moment.at));
    default:
      return stay(learn(state, input, moment, rules));
  }
}

type Fact = Exclude<ActorInput, { type: "taken" | "executed" }>;

function learn(state: ActorState, input: Fact, { at }: Moment, rules: ActorRules): ActorState {
  const { task, stage, commands, requests, comment } = state;
  switch (input.type) {
    case "tick":
      return state;
    case "observed":
      return withObservations(state, input.observations, input.elsewhere);
    case "nudged":
      return { ...state, commands: { ...commands, areWaiting: true } };
    case "room needed":
      return { ...state, isRoomNeeded: true };
    case "displaced":
      return { ...state, isRoomNeeded: true, isDisplaced: true };
    case "session lost":
      return { ...state, isSessionLost: true };
    case "token ended":
      return { ...state, isSessionLost: true, hasTokenEnded: true };
    case "stopping":
      return { ...state, isStopping: true };
    case "claim lost":
      return { ...state, stage: { type: "leaving", session: "detach", task: "lost" } };
    case "arrived":
      return stage.type === "prompting"
        ? { ...state, stage: afterArrival(input.arrival, at + rules.timeouts.linkGraceMs) }
        : state;
    case "link":
      return {
        ...state,
        link: input.url === null ? { type: "unknown" } : { type: "known", url: input.url },
      };
    case "stop found":
      return stage.type === "called off" ? { ...state, stage: afterStop(input.stop) } : state;
    case "recorded":
      // An edit may have ended in the meantime.
      return { ...state, task: withShown(withSeen(input.task, task), task) };
    case "answered":
      return requests.answering === input.requestId
        ? { ...state, requests: { ...requests, answering: null } }
        : state;
    case "collected":
      return collected(state, input, at);
    case "edited": {
      const edit = { type: "none", notBefore: input.notBefore } as const;
      return { ...state, task: withShown(task, input.task), comment: { ...comment, edit } };
    }
    case "reported":
      return { ...state, stage: afterReport(state, input.isSettled, at, rules) };
    default:
      return input satisfies never;
  }
}

function afterArrival(arrival: Arrival, until: number): Stage {
  switch (arrival) {
    case "unwatched":
      // The session is there, and the next attempt finds out whether it has the prompt.
      return { type: "leaving", session: "detach", task: "again" };
    case "unwanted":
      return { type: "called off", isBeingLookedUp: false };
    default:
      return { type: "linking", arrival, until, isRecorded: false };
  }
}

function afterStop(stop: SessionCommand | null): Stage {
  return stop === null
    ? { type: "leaving", session: "detach", task: "again" }
    : { type: "stopped", stop };
}

function afterReport(
  { task, stage }: ActorState,
  isSettled: boolean,
  at: number,
  { timeouts }: ActorRules,
): Stage {
  const left = { type: "leaving", task: "reported" } as const;
  if (stage.type === "reporting" && stage.stop !== null) return { ...left, session: "stop" };
  // The session may be over before it has reported its link.
  const isExpected = isSettled && isLinkExpected(task, at, timeouts.linkWatchMs);
  return { ...left, session: isExpected ? "watch" : "detach" };
}

/** What's to be done, from what is known. */
function plan(state: ActorState, moment: Moment, rules: ActorRules): Step {
  const { stage } = state;
  switch (stage.type) {
    case "opened":
      return planOpened(state, stage, moment, rules);
    case "prompting":
      return planPrompting(state, stage, moment, rules);
    case "linking":
      return planLinking(state, stage, moment, rules);
    case "called off":
      return planCalledOff(state, stage);
    case "stopped":
      return planStopped(state, stage, rules);
    case "following":
      return planFollowing(state, stage, moment, rules);
    case "ending":
      return planEnding(state, stage);
    case "leaving":
      return planLeaving(state, stage);
    case "reporting":
    case "left":
      return stay(state);
    default:
      return stage satisfies never;
  }
}
