import type { Answer } from "./answer.ts";

/** How the parts that a task needs are doing. */
export interface Readiness {
  readonly store: "ok" | "unavailable";
  readonly runtime: {
    readonly state: string;
    readonly version: string | null;
    readonly cloudSessions: boolean | null;
  };
  /** Variables whose values GitHub refuses, and hasn't accepted since the bot started. */
  readonly refused: readonly string[];
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
export function readinessAnswer({ store, runtime, refused, undelivered }: Readiness): Answer {
  const canStart = runtime.state === "ready" && runtime.cloudSessions === true;
  const ready = store === "ok" && canStart && refused.length === 0;
  return { status: ready ? 200 : 503, body: { ready, store, runtime, refused, undelivered } };
}
