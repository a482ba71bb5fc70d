import { expect, it, vi } from "vitest";
import { z } from "zod";
import { hello } from "../../../sandbox/github/seed.ts";
import { asked, useWorld } from "../world.ts";
import { FOLLOWING } from "./followed.ts";

const world = useWorld({ ...FOLLOWING, timeouts: { ...FOLLOWING.timeouts, firstRetryMs: 4_000 } });

const checkRun = z.object({ status: z.string(), conclusion: z.string().optional() });

/** The check runs that the bot has written, in order. */
function checks() {
  return world.github.requests
    .filter(({ path }) => path.includes("/check-runs"))
    .map(({ method, body }) => {
      const { status, conclusion } = checkRun.parse(body);
      return { method, status, conclusion };
    });
}

it("a task that is canceled between two tries leaves no check run waiting", async () => {
  await world.github.writeFile(hello, ".github/copilot-tasks.yml", "check_run: true\n");
  world.missionControl.behaveOnce({ create: { status: 429, body: { message: "rate limited" } } });
  const octocat = world.github.as("octocat");
  const pull = await octocat.openPullRequest(hello, { title: "Change", head: "feature" });
  await octocat.comment(pull, "/copilot review");
  const logged = (words: string) => world.log.some((line) => line.includes(words));
  await vi.waitUntil(() => logged('"code":"rate_limited"'), 30_000);
  await octocat.close(pull);
  await vi.waitUntil(() => checks().length === 2, 30_000);
  await vi.waitUntil(() => logged("task settled"), 30_000);
  expect(checks()).toEqual([
    { method: "POST", status: "queued" },
    { method: "PATCH", status: "completed", conclusion: "neutral" },
  ]);
  expect(asked(world)).toEqual(["POST /agents/tasks"]);
  const { comments } = await world.github.thread("octo-org", "hello", pull.number);
  // The command's author gets a comment; a label wouldn't need one.
  const answers = comments.filter(({ author }) => author === world.github.botLogin);
  expect(answers).toHaveLength(1);
  expect(answers[0]?.body).toContain("This was closed before the task started.");
});
