import type { Observation } from "../../src/core/observation.ts";
import type { CloudSession } from "../../src/runner/ports.ts";

/** A session that a test plays: what it tells when, and what it was told. */
export interface PlayedSession extends CloudSession {
  /** What it was told, e.g. `say: go on`. */
  readonly told: readonly string[];
  /** Something is observed now. */
  tell(happening: Happening): void;
  /** The runtime dies. */
  die(): void;
}

/** An observation without what the session adds. */
export type Happening = Observation extends infer Seen
  ? Seen extends Observation
    ? Omit<Seen, "id" | "at">
    : never
  : never;

/** A session in which nothing has happened. Its clock is the test's. */
export function playSession(id: string): PlayedSession {
  const listeners = new Set<(observation: Observation) => void>();
  const told: string[] = [];
  const lost = new AbortController();
  let count = 0;
  return {
    id,
    repository: null,
    branch: null,
    lost: lost.signal,
    told,
    tell(happening) {
      count += 1;
      const seen = { ...happening, id: `${id}-${count}`, at: new Date().toISOString() };
      for (const listener of listeners) listener(seen);
    },
    die: () => lost.abort(),
    deliver: () => Promise.resolve("delivered"),
    link: () => Promise.resolve(null),
    observe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say(text) {
      told.push(`say: ${text}`);
      return Promise.resolve("delivered");
    },
    abort() {
      told.push("abort");
      return Promise.resolve("aborted");
    },
    answer(requestId, { approved, text }) {
      told.push([`answer ${requestId}:`, approved ? "yes" : "no", text ?? ""].join(" ").trim());
      return Promise.resolve("answered");
    },
    detach() {
      told.push("detach");
      return Promise.resolve();
    },
  };
}
