import pTimeout from "p-timeout";
import type { Finding } from "../core/doctor/finding.ts";
import type { Administration, HealthCheck } from "../ports/administration.ts";
import type { Log } from "../ports/log.ts";

interface Options {
  readonly examine: () => Promise<readonly Finding[]>;
  readonly now: () => Date;
  readonly log: Pick<Log, "error">;
  /** For how long somebody who asks first waits, in milliseconds. */
  readonly waitMs?: number;
}

/** In milliseconds: for so long a health check counts. */
const FRESH_MS = 60_000;
/** The same, for whoever sees it while the next one is made. What's older helps nobody. */
const SHOWN_MS = 15 * 60_000;
const WAIT_MS = 3_000;

/** Health checks for all who ask: one at a time, and one a minute at most. */
export function createHealthChecks({
  examine,
  now,
  log,
  waitMs = WAIT_MS,
}: Options): Pick<Administration, "health" | "onHealthCheck"> {
  const listeners = new Set<() => void>();
  let last: HealthCheck | null = null;
  let begunAt = -Infinity;
  let running: Promise<void> | null = null;

  async function check(): Promise<void> {
    const at = now();
    begunAt = at.getTime();
    try {
      last = { checkedAt: at.toISOString(), findings: await examine() };
    } catch (err) {
      log.error({ err }, "health check failed");
    }
    running = null;
    for (const listener of listeners) listener();
  }

  /** The last one, unless it's too old. */
  function shown(): HealthCheck | null {
    const age = last === null ? Infinity : now().getTime() - Date.parse(last.checkedAt);
    return age < SHOWN_MS ? last : null;
  }

  return {
    async health() {
      if (now().getTime() - begunAt >= FRESH_MS) running ??= check();
      const known = shown();
      if (known !== null || running === null) return known;
      await pTimeout(running, { milliseconds: waitMs, fallback() {} });
      return shown();
    },
    onHealthCheck(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
