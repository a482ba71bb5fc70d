import type { Observation } from "../../src/core/session/observation.ts";
import type { CloudSession } from "../../src/ports/copilot.ts";

/** A session that a test plays: what it reports when, and the calls that it got. */
export interface PlayedSession extends CloudSession {
  /** The calls that it got, e.g. `say: continue`. */
  readonly calls: readonly string[];
  /** Something is observed now. */
  emit(observed: Observed): void;
  /** The runtime dies. */
  die(): void;
  /** Another session needs its process. */
  displace(): void;
}

/** An observation without what the session adds. */
export type Observed = Observation extends infer Seen
  ? Seen extends Observation
    ? Omit<Seen, "id" | "at">
    : never
  : never;

/** A session in which nothing has happened. Its clock is the test's. */
export function playSession(id: string): PlayedSession {
  const listeners = new Set<(observation: Observation) => void>();
  const calls: string[] = [];
  const lost = new AbortController();
  const displaced = new AbortController();
  let count = 0;
  return {
    id,
    repository: null,
    branch: null,
    canResume: true,
    settings: [],
    lost: lost.signal,
    displaced: displaced.signal,
    calls,
    emit(observed) {
      count += 1;
      const seen = { ...observed, id: `${id}-${count}`, at: new Date().toISOString() };
      for (const listener of listeners) listener(seen);
    },
    die: () => lost.abort(),
    displace: () => displaced.abort(),
    deliver: () => Promise.resolve("delivered"),
    link: () => Promise.resolve(null),
    observe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say(text) {
      calls.push(`say: ${text}`);
      return Promise.resolve("delivered");
    },
    abort() {
      calls.push("abort");
      return Promise.resolve("aborted");
    },
    answer(requestId, { approved, text }) {
      calls.push([`answer ${requestId}:`, approved ? "yes" : "no", text ?? ""].join(" ").trim());
      return Promise.resolve("answered");
    },
    canAnswer: () => true,
    detach() {
      calls.push("detach");
      return Promise.resolve();
    },
    hosted: null,
  };
}
