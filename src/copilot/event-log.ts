import type { SessionEvent } from "@github/copilot-sdk";
import type { Observation } from "../core/session/observation.ts";
import type { WaitingRequest } from "./observer.ts";
import { createObserver } from "./observer.ts";

/** The events of one session, each once, in the order in which they came. */
export interface EventLog {
  /** Takes an event; one that is there already (by its id) changes nothing. */
  add(event: SessionEvent): void;
  /**
   * The first event of the start, the link and the messages to the agent, past or to come, in which
   * the reader finds something; null when time is over.
   */
  first<T>(read: (event: SessionEvent) => T | null, withinMs: number): Promise<T | null>;
  /** The events that `first` looks at, so far. */
  kept(): readonly SessionEvent[];
  /** The first event to come, of any kind, in which the reader finds something. */
  next<T>(read: (event: SessionEvent) => T | null, withinMs: number): Promise<T | null>;
  /** Reports what was observed so far, by its time, and then what is. Listeners must not throw. */
  observe(listener: (observation: Observation) => void): () => void;
  /** A request that waits for an answer; undefined when it is settled or was never asked. */
  waiting(requestId: string): WaitingRequest | undefined;
  /** Whether the agent has nothing to do. */
  isResting(): boolean;
  /** Since when it has nothing to do, in milliseconds since the epoch; null while it has. */
  restingSince(): number | null;
  /** Aborted when the log is closed. */
  readonly closed: AbortSignal;
  /** Ends all waiting: nothing more will come. @param why the reason with which `closed` is aborted */
  close(why?: "token"): void;
}

/** What is looked for again; the rest of the events may be large and is not kept. */
const KEPT: ReadonlySet<string> = new Set(["session.start", "session.info", "user.message"]);
/** Pieces of messages that come whole later: too many to be remembered by id. */
const PIECES = /_delta$|_partial_result$/u;

/** An empty log. */
export function createEventLog(): EventLog {
  const seen = new Set<string>();
  const kept: SessionEvent[] = [];
  const observer = createObserver();
  const waiting = new Set<(event: SessionEvent | null) => void>();
  const listeners = new Set<(observation: Observation) => void>();
  const end = new AbortController();
  let restingSince: number | null = null;

  function next<T>(read: (event: SessionEvent) => T | null, withinMs: number) {
    if (end.signal.aborted) return Promise.resolve(null);
    return new Promise<T | null>((resolve) => {
      const settle = (found: T | null) => {
        clearTimeout(timer);
        waiting.delete(notice);
        resolve(found);
      };
      const notice = (event: SessionEvent | null) => {
        const found = event === null ? null : read(event);
        if (event === null || found !== null) settle(found);
      };
      const timer = setTimeout(() => settle(null), withinMs);
      waiting.add(notice);
    });
  }

  return {
    add(event) {
      if (PIECES.test(event.type) || seen.has(event.id)) return;
      seen.add(event.id);
      if (KEPT.has(event.type)) kept.push(event);
      const news = observer.read(event);
      restingSince = observer.isResting() ? (restingSince ?? Date.now()) : null;
      for (const notice of waiting) notice(event);
      for (const observation of news) {
        for (const listener of listeners) listener(observation);
      }
    },
    first(read, withinMs) {
      const found = kept.map((event) => read(event)).find((one) => one !== null) ?? null;
      return found === null ? next(read, withinMs) : Promise.resolve(found);
    },
    kept: () => kept,
    next,
    observe(listener) {
      for (const observation of observer.observed.toSorted(byTime)) listener(observation);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waiting: (requestId) => observer.waiting(requestId),
    isResting: () => observer.isResting(),
    restingSince: () => restingSince,
    closed: end.signal,
    close(why) {
      for (const notice of waiting) notice(null);
      listeners.clear();
      end.abort(why);
    },
  };
}

function byTime(one: Observation, other: Observation): number {
  return Date.parse(one.at) - Date.parse(other.at);
}
