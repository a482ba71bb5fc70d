import { expect, it, vi } from "vitest";
import { useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

const EDIT = { method: "PATCH", path: /\/issues\/comments\/\d+$/u };
const LIMITED = {
  status: 403,
  body: { message: "You have exceeded a secondary rate limit. Please wait a few minutes." },
  headers: { "retry-after": "6" },
};

it("a GitHub that does not answer an edit keeps nobody from stopping the agent", async () => {
  const { issue, session, emit, comment } = await startStory(world);
  await comment("In progress");
  const { met } = world.github.failNext(EDIT, "hang");
  emit("assistant.message", { messageId: "m1", content: "I look at the cache." });
  await met;
  await world.github.as("writer").comment(issue, "/copilot stop");
  await vi.waitUntil(() => session.aborts === 1, 15_000);
  // The bot waits half a minute for an answer.
  await world.github.until(async () => {
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    return comments.some(({ body }) => body.includes("`writer` has stopped it."));
  }, 60_000);
  expect(await comment("`writer` has stopped it.")).toContain("I look at the cache.");
}, 120_000);

it("a GitHub that wants to be left alone gets the next edit after that time, and the newest", async () => {
  const { issue, session, emit, comment } = await startStory(world);
  await comment("In progress");
  const edits = () => world.github.requests.filter(({ path }) => EDIT.path.test(path));
  const before = edits().length;
  const { met } = world.github.failNext(EDIT, LIMITED);
  emit("assistant.message", { messageId: "m1", content: "I look at the cache." });
  await met;
  const refusedAt = performance.now();
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  await world.missionControl.until(() => session.prompts.length === 2, 5_000);
  expect(await comment("it has arrived")).toContain("I look at the cache.");
  expect(performance.now() - refusedAt).toBeGreaterThan(5_500);
  expect(
    edits()
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([403, 200]);
});

it("what people write while the end cannot be told reaches the session afterwards", async () => {
  const { issue, session, emit, comment } = await startStory(world);
  await comment("In progress");
  const { met } = world.github.failNext(EDIT, LIMITED);
  emit("session.task_complete", { summary: "The cache grew without end.", success: true });
  await met;
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  await world.missionControl.until(() => session.prompts.length === 2, 30_000);
  expect(await comment("it has arrived")).toContain("The cache grew without end.");
}, 60_000);
