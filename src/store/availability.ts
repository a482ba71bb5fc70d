import pTimeout from "p-timeout";
import type { Log } from "../ports/log.ts";

/** Whether the database can store tasks. */
export interface Availability {
  /** Writes at most once a second, however often it is asked. Never rejects. */
  isAvailable(): Promise<boolean>;
}

interface Options {
  /** Rejects with the reason when the database can't be written. */
  readonly checkWrite: () => Promise<void>;
  readonly log: Pick<Log, "info" | "error">;
  /** How long an answer holds, in milliseconds: anybody may ask, and each check writes to the disk. */
  readonly answerHoldsMs?: number;
  /** How long a write may take, in milliseconds. A server that hangs is as unavailable as one that is down. */
  readonly timeLimitMs?: number;
}

/** Checks the database when somebody asks, and logs when it goes and when it comes back, with the reason. */
export function createAvailability(options: Options): Availability {
  const { checkWrite, log, answerHoldsMs = 1_000, timeLimitMs = 5_000 } = options;
  let isUp = true;
  let answer: Promise<boolean> | null = null;

  async function check(): Promise<boolean> {
    try {
      await pTimeout(checkWrite(), { milliseconds: timeLimitMs });
      if (!isUp) log.info({}, "database available again");
      isUp = true;
    } catch (err) {
      if (isUp) log.error({ err }, "database unavailable");
      isUp = false;
    }
    setTimeout(() => (answer = null), answerHoldsMs).unref();
    return isUp;
  }

  return {
    isAvailable: () => (answer ??= check()),
  };
}
