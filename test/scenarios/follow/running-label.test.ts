import { expect, it, vi } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import { botComments, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

/** The bot's requests about labels, in order. */
function asked(): string[] {
  return world.github.requests
    .filter(({ path }) => path.includes("/labels"))
    .map(({ method, path }) => `${method} ${path}`);
}

const settled = () => world.log.filter((line) => line.includes("task settled")).length;

it("of two tasks on one issue, the last one to end removes the running label", async () => {
  const policy = "labels_after: { running: copilot-at-work }\n";
  await world.github.writeFile(hello, ".github/copilot-tasks.yml", policy);
  const { issue, emit } = await startStory(world);
  const labels = `/repos/octo-org/hello/issues/${issue.number}/labels`;
  const sessions = world.missionControl.tasks.length;
  await world.github.as("octocat").comment(issue, "/copilot fix");
  const commented = (words: string) => botComments(world, issue, (body) => body.includes(words));
  await commented("### 🔄 Copilot is working: fix");
  await world.github.until(() => asked().length === 2, 20_000);
  emit("session.task_complete", { summary: "Triaged.", success: true });
  await commented("Triaged.");
  await vi.waitUntil(() => settled() === 1, 20_000);
  expect(asked()).toEqual([`POST ${labels}`, `POST ${labels}`]);
  const second = world.missionControl.tasks[sessions]?.id ?? "";
  const done = { summary: "Fixed.", success: true };
  world.missionControl.emit(second, "session.task_complete", done);
  await commented("Fixed.");
  await vi.waitUntil(() => settled() === 2, 20_000);
  expect(asked()).toEqual([`POST ${labels}`, `POST ${labels}`, `DELETE ${labels}/copilot-at-work`]);
  const { labels: left } = await world.github.thread("octo-org", "hello", issue.number);
  expect(left).toEqual(["copilot:triage"]);
});
