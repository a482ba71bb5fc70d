import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, vi } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import type { Place } from "./world.ts";
import { botComments, useWorld } from "./world.ts";

// The runtime gives up by itself after 60 seconds: nothing that it says then is new.
const world = useWorld({ variables: { SESSION_START_TIMEOUT_SECONDS: "14" } });

/** A label on a new issue, whose agent never starts. */
async function label() {
  world.missionControl.behaveOnce({ worker: "none" });
  const sessions = world.missionControl.tasks.length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes", body: "" });
  await octocat.label(issue, "copilot:triage");
  await world.missionControl.until(({ tasks }) => tasks.length > sessions, 30_000);
  return issue;
}

/** Waits until the bot has nothing left to do for the task of a comment; its steps in the audit. */
async function stepsOf(comment: string): Promise<string[]> {
  const id = /copilot-task:(?<id>[0-9a-f-]{36})/u.exec(comment)?.groups?.["id"] ?? "none";
  const isSettled = (line: string) => line.includes(id) && line.includes('"msg":"task settled"');
  await vi.waitUntil(() => world.log.some(isSettled), 100_000);
  const database = new DatabaseSync(join(world.directory, "tasks.db"), { readOnly: true });
  try {
    const rows = database
      .prepare("select step, reason from audit where task_id = ? order by id")
      .all(id);
    return rows.map(({ step, reason }) => `${String(step)} ${String(reason ?? "")}`.trim());
  } finally {
    database.close();
  }
}

function stoppedComments(issue: Place): Promise<string[] | null> {
  return botComments(world, issue, (body) => body.includes("stopped")).catch(() => null);
}

describe.concurrent("a start that times out", () => {
  it("is one failure in the audit, and its comment says how to retry", async () => {
    const issue = await label();
    const [late = ""] = await botComments(world, issue, (body) => body.includes("timed_out"));
    expect(await stepsOf(late)).toEqual([
      "asked",
      "allowed",
      "session_asked_for",
      "failed start_timed_out",
    ]);
    const comments = await botComments(world, issue);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toMatch(/`start_timed_out`/u);
    expect(comments[0]).toMatch(/comment `\/copilot retry [0-9a-f]{8}`/u);
  }, 150_000);

  it("after somebody stopped it says who", async () => {
    const issue = await label();
    await world.github.as("octocat").comment(issue, "/copilot stop");
    const [comment = ""] = await vi.waitUntil(() => stoppedComments(issue), 140_000);
    expect(comment).toContain("Stopped by `octocat` before Copilot received the prompt.");
    expect(comment).toMatch(/comment `\/copilot retry [0-9a-f]{8}`/u);
    expect((await stepsOf(comment)).at(-1)).toBe("canceled stopped");
  }, 150_000);
});
