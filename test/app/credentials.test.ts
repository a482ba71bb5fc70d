import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createCredentials } from "../../src/app/credentials.ts";

/** Credentials of which GitHub says one thing after the other; the last one again and again. */
function watching(...answers: readonly (boolean | null | Error)[]) {
  let now = 0;
  const credentials = createCredentials(() => now);
  let asked = 0;
  credentials.watch("APP_ID, PRIVATE_KEY", async () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? null;
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return {
    /** What's refused, after GitHub has answered so many times. */
    async after(times: number) {
      for (let time = 1; time < times; time += 1) {
        await setImmediate();
        now += 5_000;
        credentials.refused();
      }
      await setImmediate();
      return credentials.refused();
    },
  };
}

test.each([
  ["accepted at once", [true], 1, []],
  ["refused", [false], 1, ["APP_ID, PRIVATE_KEY"]],
  ["refused, and accepted later", [false, true], 2, []],
  ["accepted, and refused later", [true, false], 3, []],
  ["not known, as GitHub says nothing", [null], 3, []],
  ["not known, as GitHub can't be reached", [new Error("ECONNREFUSED")], 3, []],
  ["refused, when GitHub can't be reached later", [false, null], 3, ["APP_ID, PRIVATE_KEY"]],
] as const)("%s", async (_what, answers, times, refused) => {
  expect(await watching(...answers).after(times)).toEqual(refused);
});

test("GitHub is asked every 5 seconds at most, however often somebody wants to know", async () => {
  let [now, asked] = [0, 0];
  const credentials = createCredentials(() => now);
  credentials.watch("COPILOT_GITHUB_TOKEN", () => {
    asked += 1;
    return Promise.reject(new Error("API rate limit exceeded"));
  });
  for (now = 0; now < 12_000; now += 100) {
    credentials.refused();
    await setImmediate();
  }
  expect(asked).toBe(3);
});
