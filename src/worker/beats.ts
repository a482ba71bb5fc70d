import pTimeout from "p-timeout";
import type { WorkerRow, WorkerRows } from "../ports/hosting-rows.ts";
import { BEAT_MS } from "./presence.ts";

/** When the database was last heard of. */
export class LastHeard {
  #at = performance.now();

  /** It has just answered. */
  note(): void {
    this.#at = performance.now();
  }

  /** This process was stopped for so long: that says nothing of the database. */
  pause(ms: number): void {
    this.#at += ms;
  }

  /** In milliseconds. */
  age(): number {
    return performance.now() - this.#at;
  }
}

interface Options {
  readonly workers: WorkerRows;
  readonly me: Pick<WorkerRow, "id" | "process">;
  /** How many places are taken. */
  readonly taken: () => number;
  readonly onReplaced: () => void;
  readonly heard: LastHeard;
  /** For how long the database may be away. */
  readonly cutOffMs: number;
  /** It's away for longer. Called again and again until it's back. */
  readonly onCutOff: () => void;
}

/** A statement on a connection that's dead may take minutes to fail: the next one gets another, in milliseconds. */
const ANSWER_MS = 5_000;

/** Says every two seconds that this worker is there, until it's stopped. */
export function startBeats(options: Options) {
  const { workers, me, taken, heard, onReplaced, cutOffMs, onCutOff } = options;
  let tickedAt = performance.now();
  let isBeating = false;
  let isOver = false;

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    try {
      const beating = workers.beat({ id: me.id, process: me.process, taken: taken() });
      const isMine = await pTimeout(beating, { milliseconds: ANSWER_MS });
      heard.note();
      if (!isMine && !isOver) onReplaced();
    } catch {
      // Without the database, nobody hears it. Whoever waits for it knows that by its silence.
    } finally {
      isBeating = false;
    }
  }

  const timer = setInterval(() => {
    const now = performance.now();
    if (now - tickedAt > 2 * BEAT_MS) heard.pause(now - tickedAt);
    tickedAt = now;
    void beat();
    if (heard.age() > cutOffMs) onCutOff();
  }, BEAT_MS);
  return {
    async stop() {
      isOver = true;
      clearInterval(timer);
      // Whoever waits knows it without waiting.
      await workers.leave(me).catch(() => {});
    },
  };
}
