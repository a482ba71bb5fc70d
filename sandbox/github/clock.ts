/** GitHub's clock, which need not agree with that of the machine the bot runs on. */
export interface Clock {
  /** How far it is ahead, in milliseconds. */
  offsetMs: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes a clock that is right. */
export function createClock(): Clock {
  return {
    offsetMs: 0,
    now() {
      return Date.now() + this.offsetMs;
    },
  };
}
