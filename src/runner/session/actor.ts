import { setImmediate as turn } from "node:timers/promises";
import { advance } from "../../core/actor/actor.ts";
import { wakeAt } from "../../core/actor/deadlines.ts";
import type { ActorEffect } from "../../core/actor/effect.ts";
import type { ActorInput } from "../../core/actor/input.ts";
import type { ActorRules, Moment } from "../../core/actor/rules.ts";
import type { ActorState } from "../../core/actor/state.ts";
import type { Task } from "../../core/task/task.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { Next } from "../../ports/queue.ts";
import { lostClaimOf } from "../lease/record.ts";
import type { EffectParts, Effects } from "./effects.ts";
import { createEffects, logLeftBehind } from "./effects.ts";
import type { Mailbox } from "./mailbox.ts";
import { createMailbox } from "./mailbox.ts";

/** What actors take. */
export interface ActorParts extends EffectParts {
  readonly rules: ActorRules;
  /** How many sessions are followed. */
  readonly countFollowed: () => number;
  /** Waits for the link of a session that nothing else is wanted from. */
  readonly watchLink: (task: Task, session: CloudSession) => void;
}

/** Has one session, from its opening on, until that is over or somebody else's. */
export interface SessionActor {
  readonly state: ActorState;
  readonly session: CloudSession;
  put(input: ActorInput): void;
  /** Somebody else has claimed the task when this is aborted. */
  watchClaim(lost: AbortSignal): void;
  /** Resolves when nobody needs to wait for the actor anymore. */
  readonly inBackground: Promise<void>;
  /** What's next for the task, once the actor has left the session. `LostClaim` when somebody else has the task. */
  readonly end: Promise<Next>;
}

type Leaving = Extract<ActorEffect, { type: "leave" }>;

/** Starts an actor: around the pure core, it owns the inputs, and does what the core wants done. */
export function startActor(
  parts: ActorParts,
  opened: ActorState,
  session: CloudSession,
): SessionActor {
  const mailbox = createMailbox();
  const inBackground = Promise.withResolvers<void>();
  const knowledge = createKnowledge(parts, opened);
  const task = () => knowledge.state.task;
  const effects = createEffects(parts, { session, mailbox, task, inBackground });

  function loseClaim(): void {
    mailbox.putFirst({ type: "claim lost" });
  }

  async function run(): Promise<Next> {
    const stopListening = listen(session, mailbox, parts.ports.stopping);
    // That's how it's left when something fails.
    let left: Leaving = { type: "leave", session: "detach", task: "as it is" };
    try {
      left = await untilItLeaves(knowledge, mailbox, effects);
      return nextOf(left, task(), effects.reported());
    } finally {
      stopListening();
      await leaveSession(parts, session, task(), left);
      // Others may move the task only when nothing is written from here anymore.
      if (left.task !== "lost") await effects.edited();
      const failure = mailbox.close();
      if (failure !== null) logLeftBehind(parts.ports.log, task(), failure);
    }
  }

  return {
    get state() {
      return knowledge.state;
    },
    session,
    put: (input) => mailbox.put(input),
    watchClaim(lost) {
      if (lost.aborted) loseClaim();
      else lost.addEventListener("abort", loseClaim, { once: true });
    },
    inBackground: inBackground.promise,
    end: run(),
  };
}

/** Sleep is never shorter, in milliseconds: the clocks of the session and of this machine may differ. */
const SHORTEST_PAUSE_MS = 50;

/** What an actor knows, and how it changes. */
function createKnowledge({ ports, rules, countFollowed }: ActorParts, opened: ActorState) {
  let state = opened;
  const moment = (): Moment => ({ at: ports.now().getTime(), followed: countFollowed() });
  return {
    get state() {
      return state;
    },
    /** Takes inputs in; gives what is to be done then. */
    learn(inputs: readonly ActorInput[]): readonly ActorEffect[] {
      const step = advance(state, inputs, moment(), rules);
      ({ state } = step);
      return step.effects;
    },
    /** For how long nothing is to be done unless something happens. */
    pauseMs(): number {
      const now = moment();
      return Math.max(SHORTEST_PAUSE_MS, wakeAt(state, now, rules) - now.at);
    },
  };
}

/** As often, at the most, something is done because of what was just done: a write to the row, then its edit. */
const MOST_IN_A_ROW = 10;

/** Does one thing after the other. What comes of it is learned before anything else. */
async function untilItLeaves(
  knowledge: ReturnType<typeof createKnowledge>,
  mailbox: Mailbox,
  effects: Effects,
): Promise<Leaving> {
  let inputs = await mailbox.next(0);
  let inARow = 0;
  for (;;) {
    const results: ActorInput[] = [];
    for (const effect of knowledge.learn(inputs)) {
      if (effect.type === "leave") return effect;
      const result = await effects.perform(effect);
      if (result !== null) results.push(result);
    }
    inARow = results.length === 0 ? 0 : inARow + 1;
    // Whatever one actor does, the process has time for everything else.
    if (inARow > MOST_IN_A_ROW) await turn();
    inputs =
      results.length > 0
        ? [...results, ...mailbox.takeAll()]
        : await mailbox.next(knowledge.pauseMs());
  }
}

/** Puts in what happens around a session; gives what ends that. */
function listen(session: CloudSession, mailbox: Mailbox, stopping: AbortSignal): () => void {
  const whenLost = () => {
    const type = session.lost.reason === "token" ? "token ended" : "session lost";
    mailbox.putFirst({ type });
  };
  const whenDisplaced = () => mailbox.put({ type: "displaced" });
  const whenStopping = () => mailbox.putFirst({ type: "stopping" });
  const end = session.observe((observation) => {
    const isAsked = observation.type === "asked";
    mailbox.observe(observation, isAsked && !session.canAnswer(observation.requestId));
  });
  if (session.lost.aborted) whenLost();
  if (session.displaced.aborted) whenDisplaced();
  if (stopping.aborted) whenStopping();
  session.lost.addEventListener("abort", whenLost);
  session.displaced.addEventListener("abort", whenDisplaced);
  stopping.addEventListener("abort", whenStopping);
  return () => {
    session.lost.removeEventListener("abort", whenLost);
    session.displaced.removeEventListener("abort", whenDisplaced);
    stopping.removeEventListener("abort", whenStopping);
    end();
  };
}

function nextOf(left: Leaving, task: Task, reported: Next): Next {
  switch (left.task) {
    case "reported":
      return reported;
    case "again":
      return { afterMs: 0 };
    case "as it is":
      return "done";
    case "lost":
      throw lostClaimOf(task);
    default:
      return left.task satisfies never;
  }
}

async function leaveSession(
  { ports: { log }, watchLink }: ActorParts,
  session: CloudSession,
  task: Task,
  { session: how }: Leaving,
): Promise<void> {
  switch (how) {
    case "detach":
      return session.detach();
    case "watch":
      return watchLink(task, session);
    case "stop":
      // An agent that has nothing to do may take its time to say so.
      return void stopSession(session, task, log);
    default:
      return how satisfies never;
  }
}

async function stopSession(
  session: CloudSession,
  { id: taskId }: Task,
  log: ActorParts["ports"]["log"],
): Promise<void> {
  try {
    log.info({ taskId, came: await session.abort() }, "session without a prompt stopped");
  } catch (err) {
    log.warn({ taskId, err }, "session without a prompt could not be stopped");
  } finally {
    await session.detach();
  }
}
