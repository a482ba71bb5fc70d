import { expect, it, vi } from "vitest";
import { canAttach, useWorld } from "../world.ts";
import { FOLLOWING, NOT_CARRIED_OUT, startStory } from "./followed.ts";

const world = useWorld({ ...FOLLOWING, timeouts: { ...FOLLOWING.timeouts, requestMs: 4_000 } });

const EDIT = { method: "PATCH", path: /\/issues\/comments\/\d+$/u };
const LIMITED = {
  status: 403,
  body: { message: "You have exceeded a secondary rate limit. Please wait a few minutes." },
  headers: { "retry-after": "3" },
};

it("people can stop the agent while GitHub doesn't answer an edit", async () => {
  const { issue, session, emit, comment } = await startStory(world);
  await comment("Copilot is working");
  const { met } = world.github.failNext(EDIT, "hang");
  emit("assistant.message", { messageId: "m1", content: "I look at the cache." });
  await met;
  await world.github.as("writer").comment(issue, "/copilot stop");
  await vi.waitUntil(() => session.aborts === 1, 30_000);
  // The bot waits for an answer until then.
  await world.github.until(async () => {
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    return comments.some(({ body }) => body.includes("Stopped by `writer`."));
  });
  expect(await comment("Stopped by `writer`.")).toContain("I look at the cache.");
}, 120_000);

it("when GitHub asks for a pause, the next edit comes after it, with the newest state", async () => {
  const { issue, session, emit, comment } = await startStory(world);
  await comment("Copilot is working");
  const edits = () => world.github.requests.filter(({ path }) => EDIT.path.test(path));
  const before = edits().length;
  const { met } = world.github.failNext(EDIT, LIMITED);
  emit("assistant.message", { messageId: "m1", content: "I look at the cache." });
  await met;
  const refusedAt = performance.now();
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  await world.missionControl.until(() => session.prompts.length === 2, 30_000);
  expect(await comment("Copilot received it")).toContain("I look at the cache.");
  expect(performance.now() - refusedAt).toBeGreaterThan(2_500);
  expect(
    edits()
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([403, 200]);
});

it("commands that people write while the end can't be posted reach the session afterwards, or the comment says that they didn't", async () => {
  const { issue, session, emit, comment } = await startStory(world);
  await comment("Copilot is working");
  const { met } = world.github.failNext(EDIT, LIMITED);
  emit("session.task_complete", { summary: "The cache grew without end.", success: true });
  await met;
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  const text = await comment(canAttach ? "Copilot received it" : NOT_CARRIED_OUT);
  expect(text).toContain("The cache grew without end.");
  expect(session.prompts.includes("And the tests?")).toBe(canAttach);
});
