import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { advance } from "../../../src/core/actor/actor.ts";
import { wakeAt } from "../../../src/core/actor/deadlines.ts";
import { openedSession, reachedSession } from "../../../src/core/actor/new-actor.ts";
import type { ActorEffect } from "../../../src/core/actor/effect.ts";
import type { ActorInput } from "../../../src/core/actor/input.ts";
import type { ActorRules, ActorTimeouts } from "../../../src/core/actor/rules.ts";
import { requestCodeOf } from "../../../src/core/actor/seen.ts";
import type { ActorState } from "../../../src/core/actor/state.ts";
import type { CommandOutcome } from "../../../src/core/comment/outcome.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import type { Observation } from "../../../src/core/session/observation.ts";
import type { SessionCommand } from "../../../src/core/session/session-command.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { storable } from "../../../src/store/storable.ts";
import type { Layer } from "../task.ts";
import { ASKED, LINKED, over, SESSION_ID, taskWith } from "../task.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
const START = Date.parse("2026-11-21T12:00:00Z");

const TIMEOUTS: ActorTimeouts = {
  startingNoticeMs: 10 * SECOND,
  promptNoticeMs: 20 * SECOND,
  linkGraceMs: 5 * SECOND,
  linkWatchMs: 10 * MINUTE,
  followMs: 60 * MINUTE,
  idleMs: 10 * MINUTE,
  editEveryMs: 15 * SECOND,
};

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** What people see of a task once its comment has been edited. */
function edited(task: Task): Task {
  const comment = { ...task.shown.comment, digest: digest(renderComment(task, GITHUB_COM)) };
  return { ...task, shown: { ...task.shown, comment } };
}

function rulesWith(timeouts: Partial<ActorTimeouts>): ActorRules {
  return {
    timeouts: { ...TIMEOUTS, ...timeouts },
    hosts: GITHUB_COM,
    digest,
    dueAt: (task) =>
      task.shown.comment.digest === edited(task).shown.comment.digest ? Infinity : 0,
  };
}

/** An input, or one that depends on what happened before. */
type Input = ActorInput | ((playing: Playing) => ActorInput);

/** One thing that happens, several that come together, or time that passes. */
export type Happens = Input | readonly Input[] | { readonly ms: number };

/** What happens, and what the actor wants done then, a line for each effect. */
export type Row = readonly [happens: Happens, ...effects: string[]];

/** A story that is being played. */
export interface Playing {
  readonly state: ActorState;
  readonly at: number;
  /** The task of the edit that is under way, or was last. */
  readonly editing: Task;
}

/** A test in which one thing happens after the other. */
export function story(
  title: string,
  first: ActorState,
  rows: readonly Row[],
  timeouts: Partial<ActorTimeouts> = {},
): void {
  test(title, () => {
    const player = createPlayer(first, timeouts);
    const played = rows.map(([happens]) => [happens, ...player.play(happens)]);
    expect(played).toEqual(rows);
  });
}

/** Plays what happens to an actor as its shell does: what was written is learned before anything else. */
export function createPlayer(first: ActorState, timeouts: Partial<ActorTimeouts> = {}) {
  const rules = rulesWith(timeouts);
  let playing: Playing = { state: first, at: START, editing: first.task };

  function learn(...inputs: readonly ActorInput[]): string[] {
    const moment = { at: playing.at, followed: 1 };
    const { state, effects } = advance(playing.state, inputs, moment, rules);
    playing = { ...playing, state };
    for (const effect of effects) {
      if (effect.type === "edit") playing = { ...playing, editing: effect.task };
    }
    const written = effects.flatMap((effect) => (effect.type === "record" ? [effect.after] : []));
    const then = written.flatMap((task) => learn({ type: "recorded", task: storable(task) }));
    return [...effects.map(lineOf), ...then];
  }

  function pass(ms: number): string[] {
    const until = playing.at + ms;
    const lines: string[] = [];
    for (;;) {
      const { state, at } = playing;
      const wakesAt = wakeAt(state, { at, followed: 1 }, rules);
      if (wakesAt > until) break;
      playing = { ...playing, at: Math.max(wakesAt, at + 50) };
      lines.push(...learn({ type: "tick" }));
    }
    playing = { ...playing, at: until };
    return lines;
  }

  return {
    get playing() {
      return playing;
    },
    wakesAt: () => wakeAt(playing.state, { at: playing.at, followed: 1 }, rules),
    play(happens: Happens): string[] {
      if ("ms" in happens) return pass(happens.ms);
      const inputs: readonly Input[] = Array.isArray(happens) ? happens : [happens];
      return learn(...inputs.map((one) => (typeof one === "function" ? one(playing) : one)));
    },
  };
}

function lineOf(effect: ActorEffect): string {
  switch (effect.type) {
    case "record": {
      const { news, before, after, finished } = effect;
      const what = [news?.type ?? [], changesOf(before, after), finished.map((id) => `done ${id}`)];
      return ["record", what.flat().join(", ")].join(": ");
    }
    case "execute": {
      const { action } = effect;
      const what = action.type === "answer" ? `answer ${action.requestId}` : action.type;
      return `execute ${effect.command.id}: ${what}`;
    }
    case "answer":
      return `answer ${effect.requestId}: ${effect.approved ? "yes" : "no"}`;
    case "report":
      return effect.stop === null ? "report" : `report as stopped by ${effect.stop.requester}`;
    case "leave":
      return `leave: session ${effect.session}, task ${effect.task}`;
    default:
      return effect.type;
  }
}

/** What a transition has changed, in the words of the record. */
function changesOf(before: Task, after: Task): string[] {
  const { session: one } = before;
  const { session: other } = after;
  const changes: readonly (readonly [boolean, string])[] = [
    [before.state !== after.state, `state ${after.state}`],
    [before.outcome !== after.outcome, `outcome ${after.outcome?.type}`],
    [one.id !== other.id, "session"],
    [one.prompt.deliveredAt !== other.prompt.deliveredAt, "prompt"],
    [one.link !== other.link, other.link === null ? "no link" : `${other.link.source} link`],
    [one.followUntil === null && other.followUntil !== null, "followed"],
    [one.progress.said !== other.progress.said, `said ${other.progress.said}`],
    [
      one.progress.asking.length !== other.progress.asking.length,
      `${other.progress.asking.length} asked`,
    ],
    [one.progress.pulls.length !== other.progress.pulls.length, "pull request"],
    [one.progress.note !== other.progress.note, other.progress.note ?? ""],
    [
      one.hosting?.publication !== other.hosting?.publication,
      `publication ${other.hosting?.publication?.type}`,
    ],
    [one.hosting?.share?.type !== other.hosting?.share?.type, `${other.hosting?.share?.type}`],
    [one.unfollowed !== other.unfollowed, `unfollowed: ${other.unfollowed}`],
  ];
  return changes.filter(([hasChanged]) => hasChanged).map(([, change]) => change);
}

/** An actor whose session's agent has just started; the task has a comment unless the layer says otherwise. */
export function opened(...layers: readonly Layer[]): ActorState {
  const task = taskWith(over(ASKED, { shown: { comment: { id: 1 } } }, ...layers));
  return openedSession(task, "Look.", {
    id: SESSION_ID,
    repository: null,
    branch: null,
    canResume: true,
    settings: [],
    hosted: null,
  });
}

/** An actor that follows a session again, whose comment says so and whose commands were looked for. */
export function followed(...layers: readonly Layer[]): ActorState {
  const followUntil = new Date(START + TIMEOUTS.followMs).toISOString();
  const startedAt = new Date(START).toISOString();
  const shown = { comment: { id: 1 } };
  const task = taskWith(over(LINKED, { session: { followUntil, startedAt }, shown }, ...layers));
  const player = createPlayer(reachedSession(edited(task), START));
  expect(player.play(NOTHING_SEEN)).toEqual(["make room", "take commands"]);
  expect(player.play(taken())).toEqual([]);
  return player.playing.state;
}

/** A session's documented link, and that's all that is known of where it is. */
export const UNLINKED = {
  session: { link: { url: "https://github.com/copilot/tasks/1", source: "documented" } },
} as const satisfies Layer;

export const NOTHING_SEEN: ActorInput = { type: "observed", observations: [], elsewhere: [] };

/** An observation without what the session adds. */
type Observed = Observation extends infer One
  ? One extends Observation
    ? Omit<One, "id" | "at">
    : never
  : never;

/** These are observed now, in one go. */
export function sees(...observed: readonly Observed[]) {
  return ({ at, state }: Playing): ActorInput => {
    const observations: Observation[] = [];
    for (const one of observed) {
      const id = `e${state.seen.observations.length + observations.length}`;
      observations.push({ ...one, id, at: new Date(at).toISOString() });
    }
    return { type: "observed", observations, elsewhere: [] };
  };
}

export function passes(ms: number): Happens {
  return { ms };
}

/** The edit that is under way has been made; GitHub may want to be left alone for a while. */
export function editMade(quietMs = 0) {
  return ({ editing, at }: Playing): ActorInput => {
    return { type: "edited", task: edited(editing), notBefore: quietMs === 0 ? 0 : at + quietMs };
  };
}

export function command(
  id: string,
  type: SessionCommand["type"],
  text = "",
  requester = "writer",
): SessionCommand {
  return { id, taskId: "task", type, text, requester };
}

/** Commands that were waiting were taken. */
export function taken(...commands: readonly SessionCommand[]): ActorInput {
  return { type: "taken", begun: [], commands };
}

export function executed(commandId: string, outcome: CommandOutcome): ActorInput {
  return { type: "executed", commandId, outcome };
}

export function codeOf(requestId: string, asking: Asking): string {
  return requestCodeOf(digest, requestId, asking);
}
