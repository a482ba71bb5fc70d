import type { WorkerRow, WorkerRows } from "../ports/hosting-rows.ts";
import { BEAT_MS } from "./presence.ts";

interface Options {
  readonly workers: WorkerRows;
  readonly me: Pick<WorkerRow, "id" | "process">;
  /** How many places are taken. */
  readonly taken: () => number;
  readonly onReplaced: () => void;
  /** For how long the database may be away. */
  readonly cutOffMs: number;
  /** It's away for longer. Called again and again until it's back. */
  readonly onCutOff: () => void;
}

/** Says every two seconds that this worker is there, until it's stopped. */
export function startBeats({ workers, me, taken, onReplaced, cutOffMs, onCutOff }: Options) {
  let heardAt = performance.now();
  let tickedAt = heardAt;
  let isBeating = false;
  let isOver = false;

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    try {
      if (!(await workers.beat({ id: me.id, process: me.process, taken: taken() })) && !isOver)
        onReplaced();
      heardAt = performance.now();
    } catch {
      // Without the database, nobody hears it. Whoever waits for it knows that by its silence.
    } finally {
      isBeating = false;
    }
  }

  const timer = setInterval(() => {
    const now = performance.now();
    // This process was stopped for a while: that says nothing of the database.
    if (now - tickedAt > 2 * BEAT_MS) heardAt += now - tickedAt;
    tickedAt = now;
    void beat();
    // A statement on a connection that's dead may take minutes to fail.
    if (performance.now() - heardAt > cutOffMs) onCutOff();
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
