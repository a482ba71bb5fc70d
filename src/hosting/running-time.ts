/** So often a session's running time is noted, in milliseconds: of more than that, a machine that is killed forgets nothing. */
const NOTED_EVERY_MS = 10_000;

/**
 * Counts for how long a session has run, in all of its runtimes together; not while it has none, or its machine sleeps.
 *
 * @param before for how long it had run before this runtime, in milliseconds
 * @param note gets the whole time, every so often and at the end
 */
export function startRunningTime(before: number, note: (ranMs: number) => void) {
  const startedAt = performance.now();
  const noteNow = () => note(Math.round(before + performance.now() - startedAt));
  const timer = setInterval(noteNow, NOTED_EVERY_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      noteNow();
    },
  };
}
