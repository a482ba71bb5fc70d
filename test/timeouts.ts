import { timeoutsFrom } from "../src/app/timeouts.ts";

/** The bot's own, with the environment's defaults. */
export const TIMEOUTS = timeoutsFrom({
  SESSION_START_TIMEOUT_SECONDS: 60,
  GITHUB_RETRY_HOURS: 24,
  FOLLOW_MINUTES: 60,
  IDLE_MINUTES: 10,
});
