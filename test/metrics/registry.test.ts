import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measuredStep } from "../../src/core/metrics/task-changes.ts";
import { followedEvent } from "../../src/core/webhook/read-webhook.ts";
import type { RequestBudget } from "../../src/core/metrics/measured.ts";
import { auditEntry } from "../../src/core/task/audit.ts";
import { createMetrics } from "../../src/metrics/registry.ts";
import type { DatabaseReading, Measure, ProcessReading } from "../../src/ports/metrics.ts";
import { COMMANDED, taskWith } from "../core/task.ts";
import { samplesIn } from "./samples.ts";

const PROCESS: ProcessReading = {
  sessions: { all: 3, followed: 2 },
  maxFollowed: 50,
  runtimes: { isReady: true, processes: [], waiting: 0 },
  server: { connections: 4, pages: 1, streams: 9 },
};

const DATABASE: DatabaseReading = {
  unsettled: [{ state: "queued", count: 4 }],
  oldestQueuedSeconds: 12.5,
  undelivered: 2,
  oldestUndeliveredSeconds: 60,
  connections: { connected: 7, ended: 1 },
  machines: {
    there: 2,
    away: 1,
    otherVersion: 1,
    places: 6,
    taken: 4,
    waiting: { room: 3, machine: 1 },
    oldestWaitingSeconds: 90,
    unreached: 2,
  },
};

interface Settings {
  readonly process?: () => ProcessReading;
  readonly database?: () => Promise<DatabaseReading>;
  readonly databaseWithinMs?: number;
}

function create({
  process = () => PROCESS,
  database = () => Promise.resolve(DATABASE),
  ...limits
}: Settings = {}) {
  let time = 1_000_000;
  const readings = { process, database };
  const { measure, read } = createMetrics({ readings, now: () => time, ...limits });
  return {
    measure,
    samples: async () => samplesIn((await read()).text),
    pass: (ms: number) => {
      time += ms;
    },
    now: () => time,
  };
}

describe("what happens", () => {
  test("is counted", async () => {
    const { measure, samples } = create();
    measure({ type: "webhook", event: "issues.labeled", result: "queued", seconds: 0.02 });
    measure({ type: "webhook", event: "unverified", result: "wrong_signature", seconds: 9 });
    measure({ type: "task_outcome", outcome: "failed", reason: "policy_blocked" });
    measure({ type: "command", command: "stop" });
    measure({ type: "token_refresh", result: "granted" });
    measure({ type: "redelivery", result: "requested" });
    measure({ type: "queue_step", lane: "start", result: "failed" });
    expect([...(await samples())]).toEqual(
      expect.arrayContaining([
        ['copilot_task_bot_webhooks_total{event="issues.labeled",result="queued"}', 1],
        ['copilot_task_bot_webhooks_total{event="unverified",result="wrong_signature"}', 1],
        ["copilot_task_bot_webhook_duration_seconds_count", 1],
        ['copilot_task_bot_task_outcomes_total{outcome="failed",reason="policy_blocked"}', 1],
        ['copilot_task_bot_commands_total{command="stop"}', 1],
        ['copilot_task_bot_token_refreshes_total{result="granted"}', 1],
        ['copilot_task_bot_redeliveries_total{result="requested"}', 1],
        ['copilot_task_bot_queue_steps_total{lane="start",result="failed"}', 1],
      ]),
    );
  });

  test("is timed in seconds", async () => {
    const { measure, samples } = create();
    measure({ type: "link_known", sinceWebhookSeconds: 70, sinceRequestSeconds: 12 });
    measure({ type: "queue_wait", lane: "start", seconds: 3 });
    expect([...(await samples())]).toEqual(
      expect.arrayContaining([
        ['copilot_task_bot_time_to_link_seconds_bucket{le="60"}', 0],
        ['copilot_task_bot_time_to_link_seconds_bucket{le="120"}', 1],
        ["copilot_task_bot_session_start_seconds_sum", 12],
        ['copilot_task_bot_queue_wait_seconds_bucket{le="2.5",lane="start"}', 0],
        ['copilot_task_bot_queue_wait_seconds_bucket{le="5",lane="start"}', 1],
      ]),
    );
  });

  test("and hasn't happened yet is there with 0, so that its first time is an increase", async () => {
    const known = await create().samples();
    expect(
      [
        'copilot_task_bot_webhooks_total{event="issue_comment.created",result="not_stored"}',
        'copilot_task_bot_task_outcomes_total{outcome="failed",reason="bad_credentials"}',
        'copilot_task_bot_task_steps_total{step="session_asked_for",kind="other"}',
        'copilot_task_bot_github_requests_total{api="rest",result="unreachable"}',
      ].map((name) => known.get(name)),
    ).toEqual([0, 0, 0, 0]);
  });
});

/** What somebody can make the bot count, with names of theirs. */
function countAll(measure: Measure, text: string): void {
  const webhook = { name: text, deliveryId: text, payload: { action: text } };
  measure({ type: "webhook", event: followedEvent(webhook), result: "ignored", seconds: 0 });
  const task = taskWith(COMMANDED, { trigger: { name: text }, decision: { kind: text } });
  for (const step of ["asked", "answered", "passed_on"] as const) {
    measuredStep(auditEntry(task, { step, reason: text }, task.createdAt)).forEach(measure);
  }
}

function own(names: Iterable<string>): string[] {
  return [...names].filter((name) => name.startsWith("copilot_task_bot_"));
}

test("people's words make no metrics of their own, however many they write", async () => {
  const { measure, samples } = create();
  countAll(measure, "anything");
  const before = [...(await samples()).keys()];
  fc.assert(fc.property(fc.string(), (text) => countAll(measure, text)));
  expect(own((await samples()).keys())).toEqual(own(before));
});

/** What the database says of them. */
const MACHINES = /_machines|_machine_(?:places|waiting|oldest|unreached)/u;

describe("the database", () => {
  test("is asked at most once in five seconds", async () => {
    let count = 0;
    const database = () => {
      count += 1;
      return Promise.resolve({ ...DATABASE, undelivered: count });
    };
    const { samples, pass } = create({ database });
    const read = async () => (await samples()).get("copilot_task_bot_undelivered_tasks");
    expect([await read(), await read()]).toEqual([1, 1]);
    pass(4_999);
    expect(await read()).toBe(1);
    pass(1);
    expect(await read()).toBe(2);
  });

  test("that fails has no values, and is asked again later", async () => {
    let isAway = true;
    const database = () =>
      isAway ? Promise.reject(new Error("it's away")) : Promise.resolve(DATABASE);
    const { samples, pass } = create({ database });
    const away = await samples();
    expect(away.get("copilot_task_bot_database_up")).toBe(0);
    expect(
      [...away.keys()].filter((name) => /undelivered_|queued_task|unsettled/u.test(name)),
    ).toEqual([]);
    expect([...away.keys()].filter((name) => MACHINES.test(name))).toEqual([]);
    // What is known without it is there.
    expect(away.get("copilot_task_bot_sessions_followed")).toBe(2);
    isAway = false;
    pass(5_000);
    const back = await samples();
    expect(back.get("copilot_task_bot_database_up")).toBe(1);
    expect(back.get('copilot_task_bot_unsettled_tasks{state="queued"}')).toBe(4);
    expect(back.get('copilot_task_bot_unsettled_tasks{state="idle"}')).toBe(0);
    expect(back.get("copilot_task_bot_oldest_queued_task_seconds")).toBe(12.5);
    expect(back.get('copilot_task_bot_connections{state="connected"}')).toBe(7);
    expect([...back].filter(([name]) => MACHINES.test(name))).toEqual([
      ['copilot_task_bot_machines{state="there"}', 2],
      ['copilot_task_bot_machines{state="away"}', 1],
      ['copilot_task_bot_machines{state="other_version"}', 1],
      ["copilot_task_bot_machine_places", 6],
      ["copilot_task_bot_machine_places_taken", 4],
      ['copilot_task_bot_machine_waiting_sessions{reason="room"}', 3],
      ['copilot_task_bot_machine_waiting_sessions{reason="machine"}', 1],
      ["copilot_task_bot_machine_oldest_waiting_session_seconds", 90],
      ["copilot_task_bot_machine_unreached_sessions", 2],
    ]);
  });

  test("that hangs keeps nobody waiting for long, and is asked only once meanwhile", async () => {
    let count = 0;
    const answer = Promise.withResolvers<DatabaseReading>();
    const database = () => {
      count += 1;
      return answer.promise;
    };
    const { samples } = create({ database, databaseWithinMs: 10 });
    const both = await Promise.all([samples(), samples()]);
    expect(both.map((found) => found.get("copilot_task_bot_database_up"))).toEqual([0, 0]);
    expect(count).toBe(1);
    answer.resolve(DATABASE);
    await answer.promise;
    expect((await samples()).get("copilot_task_bot_database_up")).toBe(1);
    expect(count).toBe(1);
  });
});

const runtime = (processId: number | null, memoryBytes: number | null) => ({
  processId,
  sessions: 1,
  memoryBytes,
});
const withRuntimes = (...processes: ReturnType<typeof runtime>[]): ProcessReading => ({
  ...PROCESS,
  runtimes: { isReady: processes.length > 0, processes, waiting: 2 },
});

describe("runtimes", () => {
  test("have numbers that stay, and that others get after them", async () => {
    let reading = withRuntimes(runtime(4_711, 300), runtime(4_712, 200));
    const { samples } = create({ process: () => reading });
    const memory = async () =>
      [...(await samples())].filter(([name]) => name.includes("runtime_memory_bytes"));
    expect(await memory()).toEqual([
      ['copilot_task_bot_runtime_memory_bytes{runtime="0"}', 300],
      ['copilot_task_bot_runtime_memory_bytes{runtime="1"}', 200],
    ]);
    reading = withRuntimes(runtime(4_712, 250), runtime(9_999, 100));
    expect(await memory()).toEqual([
      ['copilot_task_bot_runtime_memory_bytes{runtime="1"}', 250],
      ['copilot_task_bot_runtime_memory_bytes{runtime="0"}', 100],
    ]);
  });

  test("whose memory isn't known have none", async () => {
    const { samples } = create({ process: () => withRuntimes(runtime(1, null), runtime(null, 5)) });
    const found = await samples();
    expect([...found.keys()].filter((name) => name.includes("memory_bytes{"))).toEqual([]);
    expect(found.get("copilot_task_bot_runtimes")).toBe(2);
    expect(found.get("copilot_task_bot_runtimes_waiting")).toBe(2);
    expect(found.get("copilot_task_bot_runtime_ready")).toBe(1);
    expect(found.get("copilot_task_bot_event_streams")).toBe(9);
  });
});

function asked(measure: Measure, client: object, budget: RequestBudget): void {
  measure({ type: "github_request", api: "rest", result: "ok", seconds: 1, budget, client });
}
const budgetOf = (remaining: number, limit: number, resetAt: number): RequestBudget => ({
  resource: "core",
  remaining,
  limit,
  resetAt,
});

describe("GitHub's limits", () => {
  test("are those of the installation with the smallest part left", async () => {
    const { measure, samples, now } = create();
    const [small, large] = [{}, {}];
    asked(measure, small, budgetOf(4_000, 5_000, now() + 1_000));
    asked(measure, large, budgetOf(4_500, 15_000, now() + 1_000));
    const found = await samples();
    expect(found.get('copilot_task_bot_github_requests_remaining{resource="core"}')).toBe(4_500);
    expect(found.get('copilot_task_bot_github_requests_limit{resource="core"}')).toBe(15_000);
  });

  test("are the last that an installation was given, until GitHub counts anew", async () => {
    const { measure, samples, now, pass } = create();
    const client = {};
    const left = async () =>
      (await samples()).get('copilot_task_bot_github_requests_remaining{resource="core"}');
    asked(measure, client, budgetOf(10, 5_000, now() + 1_000));
    asked(measure, client, budgetOf(9, 5_000, now() + 1_000));
    expect(await left()).toBe(9);
    pass(1_000);
    expect(await left()).toBeUndefined();
  });
});
