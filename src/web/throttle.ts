/** Something that's done at once, and then not again for a while. */
export interface Throttle {
  /** Has it done. What's asked for meanwhile is done once, when the time is over. */
  readonly ask: () => void;
  /** Nothing is done anymore. */
  readonly end: () => void;
}

/** Does it at most once in so many milliseconds. */
export function createThrottle(doIt: () => void, everyMs: number): Throttle {
  let pause: NodeJS.Timeout | undefined;
  let isAsked = false;

  function ask(): void {
    isAsked = pause !== undefined;
    if (isAsked) return;
    pause = setTimeout(() => {
      pause = undefined;
      if (isAsked) ask();
    }, everyMs);
    doIt();
  }

  return { ask, end: () => clearTimeout(pause) };
}
