import { expect, it, vi } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import type { Place, World } from "../world.ts";
import { botComments, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

/** GitHub's times of labels are in seconds. */
const SECOND_MS = 1_000;

async function setAgain({ github }: World, issue: Place): Promise<void> {
  await github.as("octocat").unlabel(issue, "copilot:triage");
  github.clockOffsetMs += SECOND_MS;
  await github.as("octocat").label(issue, "copilot:triage");
}

const repeated = () => world.log.filter((line) => line.includes("webhook repeated")).length;

it("a label that is re-added while the first session runs starts another one", async () => {
  const { issue, session } = await startStory(world);
  const sessions = world.missionControl.tasks.length;
  await setAgain(world, issue);
  await world.missionControl.until(({ tasks }) => tasks.length > sessions, 30_000);
  const second = world.missionControl.tasks[sessions]?.id ?? "";
  const comments = await botComments(world, issue, (body) => body.includes(second));
  expect(comments).toEqual([
    expect.stringContaining(`(https://github.com/copilot/tasks/${session.id})`),
    expect.stringContaining(`(https://github.com/copilot/tasks/${second})`),
  ]);
  const delivery = world.github.deliveries.findLast(({ action }) => action === "labeled");
  const before = repeated();
  await world.github.deliverAgainAs(delivery?.id ?? "");
  await world.github.until(() => repeated() > before);
  expect(world.missionControl.tasks.length).toBe(sessions + 1);
});

it("a label that is re-added while the first session is starting does nothing", async () => {
  world.missionControl.behaveOnce({ worker: "none" });
  const sessions = world.missionControl.tasks.length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Twice" });
  await octocat.label(issue, "copilot:triage");
  await world.missionControl.until(({ tasks }) => tasks.length > sessions, 30_000);
  const before = repeated();
  await setAgain(world, issue);
  await world.github.until(() => repeated() > before);
  world.missionControl.startWorker(world.missionControl.tasks[sessions]?.id ?? "");
  expect(await botComments(world, issue)).toHaveLength(1);
  expect(world.missionControl.tasks.length).toBe(sessions + 1);
});

/** The bot's requests about labels, in order. */
function asked(): string[] {
  return world.github.requests
    .filter(({ path }) => path.includes("/labels"))
    .map(({ method, path }) => `${method} ${path}`);
}

const settledTasks = () => world.log.filter((line) => line.includes("task settled")).length;

it("of two tasks on one issue, the last one to end removes the running label", async () => {
  const policy = "labels_after: { running: copilot-at-work }\n";
  await world.github.writeFile(hello, ".github/copilot-tasks.yml", policy);
  const { issue, emit } = await startStory(world);
  const before = settledTasks();
  const settled = () => settledTasks() - before;
  const labels = `/repos/octo-org/hello/issues/${issue.number}/labels`;
  const sessions = world.missionControl.tasks.length;
  await world.github.as("octocat").comment(issue, "/copilot fix");
  const commented = (words: string) => botComments(world, issue, (body) => body.includes(words));
  await commented("### 🔄 Copilot is working: fix");
  await world.github.until(() => asked().length === 2, 30_000);
  emit("session.task_complete", { summary: "Triaged.", success: true });
  await commented("Triaged.");
  await vi.waitUntil(() => settled() === 1, 30_000);
  expect(asked()).toEqual([`POST ${labels}`, `POST ${labels}`]);
  const second = world.missionControl.tasks[sessions]?.id ?? "";
  const done = { summary: "Fixed.", success: true };
  world.missionControl.emit(second, "session.task_complete", done);
  await commented("Fixed.");
  await vi.waitUntil(() => settled() === 2, 30_000);
  expect(asked()).toEqual([`POST ${labels}`, `POST ${labels}`, `DELETE ${labels}/copilot-at-work`]);
  const { labels: left } = await world.github.thread("octo-org", "hello", issue.number);
  expect(left).toEqual(["copilot:triage"]);
});
