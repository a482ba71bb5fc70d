import type { Answer } from "./answer.ts";

/** How the parts that a task needs are doing. */
export interface Readiness {
  readonly store: "ok" | "unavailable";
  readonly runtime: {
    readonly state: string;
    readonly version: string | null;
    readonly cloudSessions: boolean | null;
  };
  /**
   * Tasks that wait because GitHub refuses what they ask for, since when the oldest does, and why; null while
   * the database doesn't answer. It says nothing about whether tasks can be taken and started.
   */
  readonly undelivered: {
    readonly count: number;
    readonly since: string | null;
    readonly reason: string | null;
  } | null;
}

/** `GET /readyz`: 200 when tasks can be taken and started, else 503, with the parts one by one. */
export function readinessAnswer({ store, runtime, undelivered }: Readiness): Answer {
  const ready = store === "ok" && runtime.state === "ready" && runtime.cloudSessions === true;
  return { status: ready ? 200 : 503, body: { ready, store, runtime, undelivered } };
}
