import type { CopilotSession } from "@github/copilot-sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerRequest } from "../../src/copilot/answer.ts";
import { createEventLog } from "../../src/copilot/event-log.ts";
import { createHeldRequests } from "../../src/copilot/requests.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- questions are answered without it
const session = {} as CopilotSession;
const TIMES = { timestamp: "2026-11-21T12:00:00.000Z", parentId: null, ephemeral: true } as const;
const WHICH = { question: "Which branch?" };

/** Requests of a session in which the agent has asked a question, and the runtime hasn't called for the answer yet. */
function asked() {
  const log = createEventLog();
  const requests = createHeldRequests(log);
  const requestId = "q1";
  log.add({
    ...TIMES,
    id: "1",
    type: "user_input.requested",
    data: { requestId, ...WHICH },
  });
  const data = { requestId, answer: "main" };
  return {
    requests,
    answer: () =>
      answerRequest({ session, log, requests, confirmMs: 30_000 }, requestId, {
        approved: true,
        text: "main",
      }),
    call: async () => requests.options.onUserInputRequest?.(WHICH, { sessionId: "s" }),
    settle: () => log.add({ ...TIMES, id: "2", type: "user_input.completed", data }),
  };
}

/** Whether a call gets an answer. */
async function gets(called: Promise<unknown>): Promise<boolean> {
  const got = vi.fn();
  void called.then(got);
  await vi.advanceTimersByTimeAsync(1_000);
  return got.mock.calls.length > 0;
}

const MAIN = { answer: "main", wasFreeform: true };

test("an answer waits for the runtime's call, however late a busy machine hears of it", async () => {
  const { answer, call, settle } = asked();
  const answered = answer();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await call()).toEqual(MAIN);
  settle();
  expect(await answered).toBe("answered");
});

test("a question that people answer meanwhile in Mission Control is answered", async () => {
  const { answer, call, settle } = asked();
  const answered = answer();
  await vi.advanceTimersByTimeAsync(20_000);
  settle();
  expect(await answered).toBe("answered");
  expect(await gets(call())).toBe(false);
});

test("an answer that the agent didn't get in time isn't given later", async () => {
  const { answer, call } = asked();
  const answered = answer();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await answered).toBe("unreachable");
  expect(await gets(call())).toBe(false);
});
