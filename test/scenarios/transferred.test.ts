import { describe, expect, it, vi } from "vitest";
import { FOLLOWING } from "./follow/followed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const names = ["one", "other", "outside", "renamed", "busy"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  variables: FOLLOWING.variables,
  timeouts: { ...FOLLOWING.timeouts, reportAgainMs: 200, firstRetryMs: 100, forgottenMs: 1_000 },
});

const place = (repo: string) => ({ owner: "octo-org", repo });
const TRANSFERRED = { event: "issues", action: "transferred" };

/** A followed session of a new issue, whose link is posted. */
async function started(repo = "one") {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(place(repo), { title: "It crashes", body: "" });
  const before = world.missionControl.tasks.length;
  await octocat.label(issue, "copilot:triage");
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  const { id = "" } = world.missionControl.tasks[before] ?? {};
  const end = () => world.missionControl.emit(id, "session.task_complete", { summary: "Done." });
  return { issue, end, session: world.missionControl.tasks[before] };
}

/** Lines of the log from now on. */
function logFromNow() {
  const from = world.log.length;
  return (...words: readonly string[]) =>
    world.log.slice(from).find((line) => words.every((word) => line.includes(word)));
}

describe("an issue that is transferred while its session runs", () => {
  it.each(["gets the webhook", "misses the webhook"])(
    "has its comment in the new thread, if the bot %s",
    async (how) => {
      const { issue, end } = await started();
      if (how === "misses the webhook") world.github.loseNext(TRANSFERRED);
      const moved = await world.github.transferIssue(issue, place("other"));
      end();
      const comments = await botComments(world, moved, (body) => body.includes("Done."));
      expect(comments).toHaveLength(1);
      expect(steady(comments[0] ?? "", world)).toContain(
        `- Transferred from \`octo-org/one#${issue.number}\`\n`,
      );
    },
  );

  it("is steered from its new thread", async () => {
    const { issue, session } = await started();
    const moved = await world.github.transferIssue(issue, place("other"));
    await world.github.as("octocat").comment(moved, "/copilot stop");
    await vi.waitUntil(() => session?.aborts === 1, 30_000);
    const comments = await botComments(world, moved, (body) => body.includes("Stopped by"));
    expect(comments).toHaveLength(1);
  });

  it("to where the App isn't installed, ends its task with that reason", async () => {
    const { issue, end } = await started();
    world.github.loseNext({ event: "installation_repositories" });
    await world.github.installation.removeRepository("outside");
    await world.github.transferIssue(issue, place("outside"));
    const line = logFromNow();
    end();
    await vi.waitUntil(() => line("task settled") !== undefined, 30_000);
    expect(line("thread could not be updated")).toContain('"cancellation":"subject_transferred"');
    const { length } = world.github.requests;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(world.github.requests).toHaveLength(length);
  });
});

describe("an issue that is transferred before its task begins", () => {
  it.each(["gets the webhook", "misses the webhook"])(
    "is worked on in its new place, if the bot %s",
    async (how) => {
      const octocat = world.github.as("octocat");
      const issue = await octocat.openIssue(place("one"), { title: "It crashes", body: "" });
      const away = { status: 403, body: { message: "Sorry." } };
      const { met } = world.github.failNext({ method: "GET", path: /\/permission$/u }, away, 2);
      await octocat.label(issue, "copilot:triage");
      await met;
      if (how === "misses the webhook") world.github.loseNext(TRANSFERRED);
      const moved = await world.github.transferIssue(issue, place("other"));
      const [comment = ""] = await botComments(world, moved);
      expect(comment).toContain("[Open session]");
      expect(comment).toContain("- Repository `octo-org/other`");
      expect(comment).not.toContain("Transferred from");
      expect(world.missionControl.tasks.at(-1)?.repository).toBe("octo-org/other");
    },
  );
});

describe("an issue that is deleted while its session runs", () => {
  it("ends its task with that reason, and causes no more requests", async () => {
    const { issue, end } = await started();
    const line = logFromNow();
    await world.github.deleteIssue(issue);
    end();
    await vi.waitUntil(() => line("task settled") !== undefined, 30_000);
    expect(line("thread could not be updated")).toContain('"cancellation":"subject_deleted"');
  });
});

describe("a repository that is renamed without a webhook", () => {
  it("has its comment under the new name", async () => {
    const { issue, end } = await started("renamed");
    world.github.loseNext({ event: "repository", action: "renamed" });
    await world.github.as("octocat").rename(place("renamed"), "renewed");
    end();
    const moved = { ...issue, repo: "renewed" };
    const comments = await botComments(world, moved, (body) => body.includes("Done."));
    expect(comments).toHaveLength(1);
  });
});

describe("a conversation that is locked, as one is that becomes a discussion", () => {
  it("has its comment when it is unlocked", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(place("busy"), { title: "It crashes", body: "" });
    const before = asked(world).length;
    world.missionControl.behaveOnce({ workerDelayMs: 1_500 }, "octo-org/busy");
    await octocat.label(issue, "copilot:triage");
    await world.missionControl.until(() => asked(world).length > before, 30_000);
    const line = logFromNow();
    await octocat.lock(issue, "off-topic");
    await vi.waitUntil(() => line("GitHub refused a request", '"locked"') !== undefined, 30_000);
    await octocat.unlock(issue);
    expect(await botComments(world, issue)).toHaveLength(1);
  });
});
