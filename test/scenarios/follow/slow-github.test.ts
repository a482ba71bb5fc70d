import { expect, it, vi } from "vitest";
import { useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

const EDIT = { method: "PATCH", path: /\/issues\/comments\/\d+$/u };

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
