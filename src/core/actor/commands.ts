import type { CommandOutcome } from "../comment/outcome.ts";
import { cutOffSentences, outcomeSentence } from "../comment/outcome.ts";
import type { SessionCommand } from "../session/session-command.ts";
import type { Asking } from "../task/asking.ts";
import { isOnGitHub } from "../task/session.ts";
import type { SharingChange } from "../task/transitions/hosting.ts";
import { refusedShare } from "../task/transitions/hosting.ts";
import { meaningOf } from "./command-action.ts";
import type { ActorEffect } from "./effect.ts";
import type { ActorInput } from "./input.ts";
import { withObservations } from "./observing.ts";
import type { ActorRules } from "./rules.ts";
import { requestCodeOf } from "./seen.ts";
import type { ActorState, Commands } from "./state.ts";
import type { Step } from "./step.ts";
import { andThen, stay } from "./step.ts";

/**
 * Commands were taken. Of those that a process began that was cut off, nobody knows what came: that is reported, and
 * they're never executed a second time. News may be taken twice.
 */
export function taken(
  state: ActorState,
  { begun, commands }: Extract<ActorInput, { type: "taken" }>,
  at: number,
  rules: ActorRules,
): Step {
  const cutOff = begun.filter(({ id }) => !state.commands.begun.has(id));
  const reported = changed(state, {
    areBeingTaken: false,
    begun: new Set([...state.commands.begun, ...cutOff.map(({ id }) => id)]),
    finished: [
      ...state.commands.finished,
      ...cutOff.filter(({ type }) => type !== "pull_request").map(({ id }) => id),
    ],
    note: cutOffSentences(cutOff, isOnGitHub(state.task.session)) ?? state.commands.note,
  });
  const news = cutOff.filter(({ type }) => type === "pull_request");
  return [...news, ...commands].reduce(
    (step, command) => andThen(step, (next) => began(next, command, at, rules)),
    stay(reported),
  );
}

function began(state: ActorState, command: SessionCommand, at: number, rules: ActorRules): Step {
  const { id, text: url } = command;
  const begun = changed(state, { begun: new Set([...state.commands.begun, id]) });
  if (command.type === "pull_request") {
    const pull = { type: "pull_request", id, url, at: new Date(at).toISOString() } as const;
    return stay(withObservations(finished(begun, id), [pull]));
  }
  const codeOf = (requestId: string, asking: Asking) =>
    requestCodeOf(rules.digest, requestId, asking);
  const meaning = meaningOf(command, state.seen.progress, codeOf);
  switch (meaning.type) {
    case "nothing":
      return stay(withComment(finished(begun, id)));
    case "outcome":
      return stay(cameOf(begun, command, meaning.outcome, at));
    case "action": {
      const executing = new Map([...begun.commands.executing, [id, command]]);
      const effect: ActorEffect = { type: "execute", command, action: meaning.action };
      return { state: changed(begun, { executing }), effects: [effect] };
    }
    default:
      return meaning satisfies never;
  }
}

/** A command was executed; the next write to the row says what came of it. */
export function executed(
  state: ActorState,
  { commandId, outcome }: Extract<ActorInput, { type: "executed" }>,
  at: number,
): ActorState {
  const command = state.commands.executing.get(commandId);
  if (command === undefined) return state;
  const executing = new Map(state.commands.executing);
  executing.delete(commandId);
  return cameOf(changed(state, { executing }), command, outcome, at);
}

function cameOf(
  state: ActorState,
  command: SessionCommand,
  outcome: CommandOutcome,
  at: number,
): ActorState {
  const { id } = command;
  const note = outcomeSentence(outcome, command, isOnGitHub(state.task.session));
  const sharing = sharingOf(outcome) ?? state.commands.sharing;
  const noted = withComment(finished(changed(state, { note, sharing }), id));
  if (outcome.type !== "send" || outcome.came !== "delivered") return noted;
  // The agent has got words to work on, even where its session was over.
  return withObservations(noted, [{ type: "working", id, at: new Date(at).toISOString() }]);
}

/** What a command has made of sharing the session; null where it's as it was, or nobody knows. */
function sharingOf(outcome: CommandOutcome): SharingChange | null {
  if (outcome.type === "unshare") {
    return outcome.came === "unshared" ? { share: { type: "not_shared" }, url: null } : null;
  }
  if (outcome.type !== "share") return null;
  switch (outcome.came) {
    case "shared":
      return { share: { type: "shared" }, url: outcome.url };
    case "refused":
      return { share: refusedShare(outcome.failure), url: null };
    case "in_cloud":
    case "never":
      return null;
    default:
      return outcome satisfies never;
  }
}

function finished(state: ActorState, id: string): ActorState {
  return changed(state, { finished: [...state.commands.finished, id] });
}

function withComment(state: ActorState): ActorState {
  return changed(state, { isCommentWanted: true });
}

function changed(state: ActorState, changes: Partial<Commands>): ActorState {
  return { ...state, commands: { ...state.commands, ...changes } };
}
