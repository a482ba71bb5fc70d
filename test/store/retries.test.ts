import { describe, expect, test } from "vitest";
import { retrying } from "../../src/core/task/transitions/deciding.ts";
import type { Task } from "../../src/core/task/task.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, moving } from "./story.ts";
import { commanded } from "./trigger.ts";
import { changed, failed, over } from "../core/task.ts";

const FAILED = over(ADMITTED, {
  state: "failed",
  outcome: failed("policy_blocked"),
  settledAt: "2026-11-21T12:00:05.000Z",
});

/** A store of threads in each of which a task has failed, and people ask for it again. */
async function failedStore() {
  const { tasks } = await openStore();
  let comments = 0;
  const next = (thread: number, name: string) => {
    comments += 1;
    const trigger = { trigger: { name }, subject: { number: thread } };
    return moving(tasks, commanded(comments, trigger));
  };
  return {
    tasks,
    fail: async (thread: number) => changed(await next(thread, "triage"), FAILED),
    ask: (thread: number) => next(thread, "retry"),
    retry: (task: Task, target: Task) =>
      tasks.recordRetry(task, retrying(task, target, { more: "", isTrusted: true })),
  };
}

describe("a retry", () => {
  test("is recorded", async () => {
    const { tasks, fail, ask, retry } = await failedStore();
    const target = await fail(7);
    const recorded = await retry(await ask(7), target);
    expect(recorded).toMatchObject({
      type: "recorded",
      task: { decision: { kind: "triage", retryOf: target.id } },
    });
    if (recorded.type !== "recorded") return;
    expect(await tasks.get(recorded.task.id)).toEqual(recorded.task);
    // Who got no answer from the database asks again.
    expect(await retry(recorded.task, target)).toMatchObject({ type: "recorded" });
  });

  test("isn't recorded if another one is, of the same task or of its retry", async () => {
    const { tasks, fail, ask, retry } = await failedStore();
    const target = await fail(7);
    const first = await ask(7);
    await retry(first, target);
    const [second, third] = [await ask(7), await ask(7)];
    const retried = { type: "retried", by: { id: first.id } };
    expect(await retry(second, target)).toMatchObject(retried);
    expect(await tasks.get(second.id)).toEqual(second);
    await tasks.record(first, changed(first, FAILED));
    expect(await retry(second, first)).toMatchObject({ type: "recorded" });
    expect(await retry(third, target)).toMatchObject({ ...retried, by: { id: second.id } });
    expect(await retry(await ask(8), await fail(8))).toMatchObject({ type: "recorded" });
  });

  test("isn't recorded under an old claim", async () => {
    const { tasks, fail, ask, retry } = await failedStore();
    const old = await ask(7);
    await tasks.release(old);
    await tasks.claim(old.id, "receive");
    expect(await retry(old, await fail(7))).toEqual({ type: "lost" });
  });

  test("is recorded once, though several are to be at the same moment", async () => {
    const { fail, ask, retry } = await failedStore();
    const threads = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const thread of threads) {
      const target = await fail(thread);
      const asked = [await ask(thread), await ask(thread), await ask(thread)];
      const records = await Promise.all(asked.map((task) => retry(task, target)));
      const [recorded, ...others] = records.filter(({ type }) => type === "recorded");
      expect(others).toEqual([]);
      expect(records.filter(({ type }) => type === "retried")).toHaveLength(2);
      expect(records).toContainEqual(
        expect.objectContaining({
          type: "retried",
          by: recorded?.type === "recorded" ? recorded.task : null,
        }),
      );
    }
  });
});
