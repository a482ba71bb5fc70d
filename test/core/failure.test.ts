import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../../src/core/failure.ts";
import { meaningOf, retryDelayMs } from "../../src/core/failure.ts";

const place = { github: "https://ghe.example.com", owner: "octo-org", repository: "hello" };

/** Who is asked to do what. */
const MENDERS: Record<FailureCode, RegExp> = {
  policy_blocked: /owner of the organisation.*owner of the enterprise/u,
  not_entitled: /owner of the organisation/u,
  bad_credentials: /administrator of the bot.*`COPILOT_GITHUB_TOKEN`/u,
  rate_limited: /wait/u,
  start_timed_out: /githubstatus\.com/u,
  prompt_not_delivered: /you can open it/u,
  runtime_unsupported: /administrator of the bot.*1\.0\.11 with `@github\/copilot` 1\.0\.80/u,
  runtime_crashed: /administrator of the bot/u,
  repository_not_found: /administrator of the repository/u,
  app_not_permitted: /owner of octo-org.*installed GitHub Apps/u,
  mission_control_unreachable:
    /githubstatus\.com.*administrator of the bot.*`COPILOT_MC_BASE_URL`/u,
  github_unreachable: /githubstatus\.com/u,
  interrupted: /never creates a second session/u,
  unknown: /administrator of the bot/u,
};
const CODES = Object.keys(MENDERS).filter((code): code is FailureCode => code in MENDERS);

describe("what a failure means", () => {
  test.each(CODES)("%s has a sentence, and a remedy that says who can mend it", (code) => {
    const { sentence, remedy } = meaningOf(code, place);
    for (const text of [sentence, remedy]) {
      expect(text).toMatch(/^[A-Z[].*\.$/u);
      expect(text).not.toMatch(/undefined|\n| {2}/u);
    }
    expect(remedy).toMatch(MENDERS[code]);
  });

  test("is another one for each code", () => {
    const sentences = CODES.map((code) => meaningOf(code, place).sentence);
    expect(new Set(sentences).size).toBe(CODES.length);
  });

  test.each([
    ["policy_blocked", "/organizations/octo-org/settings/copilot/policies"],
    ["not_entitled", "/organizations/octo-org/settings/copilot/seat_management"],
    ["repository_not_found", "/octo-org/hello/settings/access"],
    ["app_not_permitted", "/organizations/octo-org/settings/installations"],
    ["app_not_permitted", "/settings/installations"],
  ] as const)("%s links the setting on the GitHub that it is on", (code, path) => {
    expect(meaningOf(code, place).remedy).toContain(`](https://ghe.example.com${path})`);
  });
});

describe("the time until the bot tries again by itself", () => {
  const failure: Failure = { code: "rate_limited", message: "", nothingCreated: true };

  test.each([
    [0, 0, 5_000],
    [0, 1, 10_000],
    [1, 0, 10_000],
    [1, 0.5, 15_000],
    [2, 0, 20_000],
    [2, 1, 40_000],
  ])("after %i retries, with a chance of %d, is %i ms", (retries, chance, delay) => {
    expect(retryDelayMs(failure, retries, chance, 5_000)).toBe(delay);
  });

  test.each([
    [3, 5_000],
    [60, 60_000],
    [3_600, 3_600_000],
  ])("is at least the %i s that the other side asked for: %i ms", (retryAfterSeconds, delay) => {
    expect(retryDelayMs({ ...failure, retryAfterSeconds }, 0, 0, 5_000)).toBe(delay);
  });

  test.each([3, 4, 100])("never comes after %i retries", (retries) => {
    expect(retryDelayMs(failure, retries, 0, 5_000)).toBeNull();
  });

  const PASSING: readonly FailureCode[] = [
    "rate_limited",
    "runtime_crashed",
    "mission_control_unreachable",
    "github_unreachable",
  ];

  test.each(PASSING)("comes for %s, unless a session may have been created", (code) => {
    expect(retryDelayMs({ ...failure, code }, 0, 0, 5_000)).toBe(5_000);
    expect(retryDelayMs({ ...failure, code, nothingCreated: false }, 0, 0, 5_000)).toBeNull();
  });

  test.each(CODES.filter((code) => !PASSING.includes(code)))("never comes for %s", (code) => {
    const asked = { ...failure, code, retryAfterSeconds: 1 };
    expect(retryDelayMs(asked, 0, 0, 5_000)).toBeNull();
  });
});
