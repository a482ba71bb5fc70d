import { expect, test } from "vitest";
import { timeoutsFrom } from "../../src/app/timeouts.ts";

const MINUTE_MS = 60_000;

test("the bot waits for as long as the environment says", () => {
  const environment = {
    SESSION_START_TIMEOUT_SECONDS: 9,
    GITHUB_RETRY_HOURS: 3,
    FOLLOW_MINUTES: 7,
    IDLE_MINUTES: 2,
  };
  expect(timeoutsFrom(environment)).toMatchObject({
    startMs: 9_000,
    giveUpMs: 3 * 60 * MINUTE_MS,
    followMs: 7 * MINUTE_MS,
    followAgainMs: 10 * MINUTE_MS,
    idleMs: 2 * MINUTE_MS,
  });
  expect(timeoutsFrom(environment, { giveUpMs: 1 }).giveUpMs).toBe(1);
});
