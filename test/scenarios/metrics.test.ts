import { describe, expect, test, vi } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { samplesIn } from "../metrics/samples.ts";
import { hasPromtool, promtool } from "../promtool.ts";
import { botComments, COPILOT_ACCOUNT, useWorld } from "./world.ts";

const world = useWorld({ variables: { METRICS_PORT: "0", FOLLOW_MINUTES: "5" } });

async function scrape(): Promise<string> {
  const answer = await fetch(`${world.app.metricsUrl ?? ""}/metrics`);
  expect(answer.status).toBe(200);
  return answer.text();
}

/** What is scraped, once it fulfills a condition: the text of the metrics may be a second old. */
async function scraped(isThere: (samples: ReadonlyMap<string, number>) => boolean) {
  let samples: ReadonlyMap<string, number> = new Map();
  const look = async () => {
    samples = samplesIn(await scrape());
    return isThere(samples);
  };
  await vi.waitUntil(look, { timeout: 30_000, interval: 200 });
  return samples;
}

const step = (name: string, kind: string) =>
  `copilot_task_bot_task_steps_total{step="${name}",kind="${kind}"}`;

describe("the metrics of a bot", () => {
  test("show what has become of a label", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Top secret", body: "Very." });
    await octocat.label(issue, "copilot:triage");
    await botComments(world, issue, (body) => body.includes("[Open session]"));

    const samples = await scraped((found) => found.get("copilot_task_bot_sessions_followed") === 1);
    expect([...samples]).toEqual(
      expect.arrayContaining([
        ['copilot_task_bot_webhooks_total{event="issues.labeled",result="queued"}', 1],
        [step("asked", "none"), 1],
        [step("allowed", "triage"), 1],
        [step("session_asked_for", "triage"), 1],
        [step("session_started", "triage"), 1],
        [step("prompt_delivered", "triage"), 1],
        ["copilot_task_bot_time_to_link_seconds_count", 1],
        ["copilot_task_bot_session_start_seconds_count", 1],
        ["copilot_task_bot_sessions", 1],
        ["copilot_task_bot_sessions_followed_limit", 50],
        ["copilot_task_bot_runtime_ready", 1],
        ['copilot_task_bot_runtime_sessions{runtime="0"}', 1],
        ["copilot_task_bot_event_streams", 0],
        ["copilot_task_bot_database_up", 1],
        ["copilot_task_bot_undelivered_tasks", 0],
      ]),
    );
    const seconds = samples.get("copilot_task_bot_time_to_link_seconds_sum") ?? 0;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(60);
    const memory = samples.get('copilot_task_bot_runtime_memory_bytes{runtime="0"}') ?? 0;
    expect(memory).toBeGreaterThan(10 * 1024 * 1024);
    // On a slow machine, a task may be surveyed twice.
    for (const name of [
      'copilot_task_bot_github_requests_total{api="graphql",result="ok"}',
      'copilot_task_bot_queue_steps_total{lane="start",result="done"}',
    ]) {
      expect(samples.get(name)).toBeGreaterThan(0);
    }
  });

  test("show failures by their codes, and commands", async () => {
    const refusal = { message: "blocked by org policy", reason: "policy_blocked" };
    world.missionControl.behaveOnce({ create: { status: 403, body: refusal } });
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Blocked" });
    await octocat.comment(issue, "/copilot fix");
    await botComments(world, issue, (body) => body.includes("policy_blocked"));
    await octocat.comment(issue, "/copilot xyzzy");
    await botComments(world, issue, (body) => body.includes("xyzzy"));

    const denied =
      'copilot_task_bot_task_outcomes_total{outcome="denied",reason="unknown_command"}';
    const samples = await scraped((found) => found.get(denied) === 1);
    expect([...samples]).toEqual(
      expect.arrayContaining([
        ['copilot_task_bot_task_outcomes_total{outcome="failed",reason="policy_blocked"}', 1],
        [step("failed", "fix"), 1],
        ['copilot_task_bot_commands_total{command="fix"}', 1],
        ['copilot_task_bot_commands_total{command="other"}', 1],
      ]),
    );
  });

  test("say nothing of people, repositories, and what they write", async () => {
    const text = await scrape();
    const names = [
      "octocat",
      "octo-org",
      "hello",
      "xyzzy",
      "secret",
      "Very",
      world.github.botLogin,
    ];
    const secrets = [world.github.as(COPILOT_ACCOUNT).token, world.github.webhookSecret];
    for (const word of [...names, ...secrets]) expect(text).not.toContain(word);
  });

  test.skipIf(!hasPromtool)("are as Prometheus wants them", async () => {
    expect(promtool(["check", "metrics"], await scrape())).toEqual({ code: 0, says: "" });
  });
});
