import type { WorkerRow, WorkerRows } from "../ports/hosting-rows.ts";
import { BEAT_MS } from "./presence.ts";

interface Options {
  readonly workers: WorkerRows;
  readonly me: Pick<WorkerRow, "id" | "process">;
  readonly onReplaced: () => void;
}

/** Says every two seconds that this worker is there, until it's stopped. */
export function startBeats({ workers, me, onReplaced }: Options) {
  let isBeating = false;
  let isOver = false;

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    try {
      if (!(await workers.beat(me)) && !isOver) onReplaced();
    } catch {
      // Without the database, nobody hears it. Whoever waits for it knows that by its silence.
    } finally {
      isBeating = false;
    }
  }

  const timer = setInterval(() => void beat(), BEAT_MS);
  return {
    async stop() {
      isOver = true;
      clearInterval(timer);
      // Whoever waits knows it without waiting.
      await workers.leave(me).catch(() => {});
    },
  };
}
