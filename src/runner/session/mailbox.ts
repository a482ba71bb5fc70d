import { setImmediate as turn } from "node:timers/promises";
import type { ActorInput } from "../../core/actor/input.ts";
import type { Observation } from "../../core/session/observation.ts";
import { createSignal } from "../lease/signal.ts";

/** The inputs of an actor that wait until it takes them. */
export interface Mailbox {
  put(input: ActorInput): void;
  /** The same, before all others. */
  putFirst(input: ActorInput): void;
  /** Something was observed. */
  observe(observation: Observation, isElsewhere: boolean): void;
  /** The actor can't continue: whoever waits for its next input gets the error. False if it has left. */
  fail(error: unknown): boolean;
  /** The actor has left. Gives the error that it didn't get anymore; null if there's none. */
  close(): unknown;
  /** All that is there. */
  takeAll(): readonly ActorInput[];
  /**
   * Resolves with all that comes in one turn of the event loop: what belongs together comes together. With a tick if
   * nothing comes for so many milliseconds.
   */
  next(withinMs: number): Promise<readonly ActorInput[]>;
}

/** Observations that came one after the other. */
interface Observed {
  readonly type: "observed";
  readonly observations: Observation[];
  readonly elsewhere: string[];
}

/** A mailbox with the first input, which is what has been observed until it's taken. */
export function createMailbox(): Mailbox {
  const first: Observed = { type: "observed", observations: [], elsewhere: [] };
  let inputs: ActorInput[] = [first];
  const news = createSignal();
  let last: Observed | null = first;
  let failure: { readonly error: unknown } | null = null;
  let isClosed = false;

  function put(input: ActorInput): void {
    last = null;
    inputs.push(input);
    news.raise();
  }

  function takeAll(): readonly ActorInput[] {
    if (failure !== null) {
      const { error } = failure;
      failure = null;
      throw error;
    }
    const all = inputs;
    inputs = [];
    last = null;
    return all;
  }

  return {
    put,
    putFirst(input) {
      inputs.unshift(input);
      news.raise();
    },
    observe(observation, isElsewhere) {
      if (last === null) {
        const observed: Observed = { type: "observed", observations: [], elsewhere: [] };
        put(observed);
        last = observed;
      }
      last.observations.push(observation);
      if (isElsewhere && observation.type === "asked") last.elsewhere.push(observation.requestId);
    },
    fail(error) {
      if (isClosed) return false;
      failure ??= { error };
      news.raise();
      return true;
    },
    close() {
      isClosed = true;
      return failure?.error ?? null;
    },
    takeAll,
    async next(withinMs) {
      if (inputs.length === 0 && failure === null) await news.wait(withinMs);
      await turn();
      const all = takeAll();
      return all.length === 0 ? [{ type: "tick" }] : all;
    },
  };
}
