import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { hello } from "../../../sandbox/github/seed.ts";
import { botComments, takePlace, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld({
  ...FOLLOWING,
  variables: { ...FOLLOWING.variables, MAX_CONCURRENT_STARTS: "1" },
});

const checkRun = z.object({
  status: z.string(),
  conclusion: z.string().optional(),
  name: z.string().optional(),
});

const logged = (words: string) => world.log.filter((line) => line.includes(words)).length;

describe("while a task waits", () => {
  it.each([
    ["closing the issue", "subject_closed"],
    ["taking the label off", "label_removed"],
  ] as const)(
    "%s cancels it",
    async (_what, cancellation) => {
      const leave = await takePlace(world);
      const octocat = world.github.as("octocat");
      const second = await octocat.openIssue(hello, { title: "Waits" });
      await octocat.label(second, "copilot:triage");
      const before = logged('"canceled":1');
      if (cancellation === "subject_closed") await octocat.close(second);
      else await octocat.unlabel(second, "copilot:triage");
      await vi.waitUntil(() => logged('"canceled":1') > before, 30_000);
      leave();
      const sessions = world.missionControl.tasks.length;
      await startStory(world);
      expect(world.missionControl.tasks.length).toBe(sessions + 1);
    },
    90_000,
  );
});

describe("while a session runs", () => {
  it("closing the issue changes nothing unless the policy says so", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    await world.github.as("octocat").close(issue);
    emit("assistant.message", { messageId: "m", content: "I go on." });
    await comment("I go on.");
    expect(session.aborts).toBe(0);
  });

  it("closing the issue stops it where the policy says stop", async () => {
    await world.github.writeFile(hello, ".github/copilot-tasks.yml", "on_close: stop\n");
    const { issue, session, comment } = await startStory(world);
    await world.github.as("octocat").close(issue);
    expect(await comment("Copilot was stopped")).toContain("Stopped by `octocat`.");
    expect(session.aborts).toBe(1);
    await world.github.deleteFile(hello, ".github/copilot-tasks.yml");
  });
});

describe("the policy on the agent's requests", () => {
  it("answers them itself", async () => {
    const policy = "permissions_policy: deny-writes-to-default-branch\n";
    await world.github.writeFile(hello, ".github/copilot-tasks.yml", policy);
    const { session, emit } = await startStory(world);
    for (const [requestId, fullCommandText] of [
      ["r1", "git push origin main"],
      ["r2", "git push origin fix"],
    ] as const) {
      const permissionRequest = { kind: "shell", toolCallId: requestId, fullCommandText };
      emit("permission.requested", { requestId, permissionRequest });
    }
    await world.missionControl.until(() => session.permissionResponses.length === 2, 30_000);
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([false, true]);
    await world.github.deleteFile(hello, ".github/copilot-tasks.yml");
  });
});

describe("a limit of credits", () => {
  it("is taken by the runtime, and shown by /copilot config", async () => {
    const policy = "session_limits: { ai_credits: 100 }\n";
    await world.github.writeFile(hello, ".github/copilot-tasks.yml", policy);
    const { issue } = await startStory(world);
    await world.github.as("octocat").comment(issue, "/copilot config");
    const [, config] = await botComments(world, issue, (body) => body.includes("| setting |"));
    expect(config).toContain("- `session_limits.ai_credits`: `100` (repository)");
    await world.github.deleteFile(hello, ".github/copilot-tasks.yml");
  });
});

describe("a check run", () => {
  it("is shown on the head of a pull request where the policy wants it", async () => {
    await world.github.writeFile(hello, ".github/copilot-tasks.yml", "check_run: true\n");
    const octocat = world.github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Change", head: "feature" });
    const before = world.missionControl.tasks.length;
    await octocat.comment(pull, "/copilot review");
    const written = () => world.github.requests.filter(({ path }) => path.includes("/check-runs"));
    const checks = () =>
      written().map(({ method, body }) => {
        const { status, conclusion, name } = checkRun.parse(body);
        return { method, status, conclusion, name };
      });
    await world.github.until(() => checks().length === 2, 30_000);
    const session = world.missionControl.tasks[before];
    world.missionControl.emit(session?.id ?? "", "session.task_complete", { success: true });
    await world.github.until(() => checks().length === 3, 30_000);
    expect(checks()).toEqual([
      { method: "POST", status: "queued", name: "copilot task" },
      { method: "PATCH", status: "in_progress" },
      { method: "PATCH", status: "completed", conclusion: "success" },
    ]);
    await world.github.deleteFile(hello, ".github/copilot-tasks.yml");
  });
});
