/** How many tasks may be started in any hour and in any 24 hours; null is no limit. */
export interface Rate {
  readonly hour: number | null;
  readonly day: number | null;
}

/** How many tasks may be started, and how many run at once. */
export interface Limits {
  readonly requester: Rate;
  readonly repository: Rate;
  readonly organization: Rate;
  /** Running at once in this repository; null is no limit. */
  readonly atOnce: number | null;
}

/** What holds where no file says anything: enough for people, and an end to what runs away. */
export const DEFAULT_LIMITS: Limits = {
  requester: { hour: 10, day: null },
  repository: { hour: null, day: null },
  organization: { hour: null, day: 200 },
  atOnce: 5,
};
