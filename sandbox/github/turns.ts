/** Lets one piece of work after another be done. */
export interface Turns {
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Makes a queue in which nobody waits yet. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const result = last.then(work, work);
      last = result;
      return result;
    },
  };
}
