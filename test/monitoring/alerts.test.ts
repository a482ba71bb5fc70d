import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { hasPromtool, promtool } from "../promtool.ts";
import { alertRules, RULES, yamlFile } from "./rules.ts";

/** Something that happens to the bot, minute by minute, and when somebody is to learn of it. */
interface Story {
  /** In Prometheus' notation: the first value, what is added each minute, and how often. */
  readonly series: Readonly<Record<string, string>>;
  /** In minutes. */
  readonly quietAt: number;
  readonly firesAt: number;
  /** Of the alert, besides its severity. */
  readonly labels?: Readonly<Record<string, string>>;
}

const INSTANCE = { instance: "bot-1:9464", job: "copilot-task-bot" };

/** A series of the bot at bot-1. */
function of(metric: string, labels: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ ...INSTANCE, ...labels }).map(
    ([name, value]) => `${name}="${value}"`,
  );
  const prefix = /^(?:up|nodejs_\w+)$/u.test(metric) ? "" : "copilot_task_bot_";
  return `${prefix}${metric}{${all.join(",")}}`;
}

/** The buckets of a histogram in which so many of 10 a minute took at most as long as the bucket says. */
function buckets(
  metric: string,
  within: Readonly<Record<string, number>>,
  labels: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...within, "+Inf": 10 }).map(([le, count]) => [
      of(`${metric}_bucket`, { ...labels, le }),
      `0+${count}x60`,
    ]),
  );
}

/** Each alert: it's quiet while all is well, or not bad enough, and fires when it's to. */
const STORIES: Readonly<Record<string, Story>> = {
  CopilotTaskBotDown: {
    series: { [of("up")]: "1x9 0x30" },
    quietAt: 14,
    firesAt: 16,
    labels: INSTANCE,
  },
  CopilotTaskBotDatabaseDown: {
    series: { [of("database_up")]: "1x9 0x30" },
    quietAt: 11,
    firesAt: 13,
    labels: INSTANCE,
  },
  CopilotTaskBotCannotStartSessions: {
    series: { [of("runtime_ready")]: "1x9 0x30" },
    quietAt: 14,
    firesAt: 16,
    labels: INSTANCE,
  },
  CopilotTaskBotWebhooksNotStored: {
    series: {
      [of("webhooks_total", { event: "issues.labeled", result: "queued" })]: "0+5x60",
      [of("webhooks_total", { event: "issues.labeled", result: "not_stored" })]: "0x29 1x30",
    },
    quietAt: 29,
    firesAt: 31,
  },
  CopilotTaskBotDefects: {
    series: {
      [of("webhooks_total", { event: "other", result: "failed" })]: "0x60",
      [of("queue_steps_total", { lane: "start", result: "done" })]: "0+5x60",
      [of("queue_steps_total", { lane: "start", result: "failed" })]: "0x29 1x30",
    },
    quietAt: 29,
    firesAt: 31,
  },
  CopilotTaskBotWrongSecret: {
    series: {
      [of("webhooks_total", { event: "unverified", result: "wrong_signature" })]: "0+2x60",
      // While others have the right signature, somebody attacks, or has an old secret.
      [of("webhooks_total", { event: "issues.labeled", result: "queued" })]: "0+1x20 20x40",
    },
    quietAt: 25,
    firesAt: 40,
  },
  CopilotTaskBotWebhooksSlow: {
    series: {
      ...buckets("webhook_duration_seconds", { "5": 9 }),
      [of("webhook_duration_seconds_bucket", { le: "10" })]: "0+10x60",
      [of("webhook_duration_seconds_bucket", { le: "0.1" })]: "0+9x60",
    },
    quietAt: 4,
    firesAt: 20,
  },
  CopilotTaskBotWebhooksMissed: {
    series: { [of("redeliveries_total", { result: "requested" })]: "0+0.1x60 7+1x20" },
    quietAt: 60,
    firesAt: 75,
  },
  CopilotTaskBotQueueStuck: {
    series: { [of("oldest_queued_task_seconds")]: "0x5 60+60x20" },
    quietAt: 13,
    firesAt: 18,
  },
  CopilotTaskBotStartsWait: {
    series: buckets("queue_wait_seconds", { "1": 2, "60": 5, "300": 10 }, { lane: "start" }),
    quietAt: 14,
    firesAt: 30,
  },
  CopilotTaskBotStartsSlow: {
    series: buckets("session_start_seconds", { "10": 2, "60": 5, "120": 10 }),
    quietAt: 14,
    firesAt: 30,
  },
  CopilotTaskBotTasksFail: {
    series: {
      [of("task_outcomes_total", { outcome: "failed", reason: "policy_blocked" })]: "0x30 0+1x40",
      [of("task_steps_total", { step: "session_asked_for", kind: "triage" })]: "0+1x70",
    },
    quietAt: 40,
    firesAt: 60,
  },
  CopilotTaskBotAccountRefused: {
    series: {
      [of("task_outcomes_total", { outcome: "failed", reason: "policy_blocked" })]: "0+1x60",
      [of("task_outcomes_total", { outcome: "failed", reason: "bad_credentials" })]: "0x29 1x30",
    },
    quietAt: 29,
    firesAt: 31,
    labels: { reason: "bad_credentials" },
  },
  CopilotTaskBotCommentsUndelivered: {
    series: { [of("oldest_undelivered_task_seconds")]: "0+60x60" },
    quietAt: 35,
    firesAt: 37,
  },
  CopilotTaskBotGitHubUnreachable: {
    series: {
      [of("github_requests_total", { api: "rest", result: "ok" })]: "0+8x60",
      [of("github_requests_total", { api: "rest", result: "unreachable" })]: "0+1x30 30+8x30",
    },
    quietAt: 38,
    firesAt: 50,
  },
  CopilotTaskBotGitHubLimitNear: {
    series: {
      [of("github_requests_remaining", { resource: "core" })]: "1000-50x18",
      [of("github_requests_limit", { resource: "core" })]: "5000x60",
    },
    quietAt: 11,
    firesAt: 13,
    labels: { ...INSTANCE, resource: "core" },
  },
  CopilotTaskBotTokensNotRefreshed: {
    series: {
      [of("token_refreshes_total", { result: "granted" })]: "0+5x60",
      [of("token_refreshes_total", { result: "refused" })]: "0x10 0+1x30",
    },
    quietAt: 12,
    firesAt: 20,
  },
  CopilotTaskBotFollowsAsManyAsItMay: {
    series: {
      [of("sessions_followed")]: "49x9 50x30",
      [of("sessions_followed_limit")]: "50x60",
    },
    quietAt: 24,
    firesAt: 26,
    labels: INSTANCE,
  },
  CopilotTaskBotRuntimesInUse: {
    series: { [of("runtimes_waiting")]: "0x9 2x30" },
    quietAt: 19,
    firesAt: 21,
    labels: INSTANCE,
  },
  CopilotTaskBotNoMachine: {
    series: {
      [of("machine_waiting_sessions", { reason: "room" })]: "5x60",
      [of("machine_waiting_sessions", { reason: "machine" })]: "0x9 1x30",
    },
    quietAt: 14,
    firesAt: 16,
  },
  CopilotTaskBotMachinesFull: {
    series: {
      [of("machine_waiting_sessions", { reason: "room" })]: "2x60",
      [of("machine_oldest_waiting_session_seconds")]: "0+60x60",
    },
    quietAt: 20,
    firesAt: 22,
  },
  CopilotTaskBotMachineAway: {
    series: { [of("machine_unreached_sessions")]: "0x9 1x30" },
    quietAt: 14,
    firesAt: 16,
  },
  CopilotTaskBotMachinesFail: {
    series: {
      [of("machine_outcomes_total", { outcome: "failed", reason: "limit_exceeded" })]: "0+1x60",
      [of("machine_outcomes_total", { outcome: "failed", reason: "checkout_failed" })]: "0x29 1x30",
    },
    quietAt: 29,
    firesAt: 31,
    labels: { reason: "checkout_failed" },
  },
  CopilotTaskBotPushesFail: {
    series: {
      [of("machine_pushes_total", { result: "pushed", reason: "none" })]: "0+5x60",
      [of("machine_pushes_total", { result: "failed", reason: "none" })]: "0x10 0+1x30",
    },
    quietAt: 12,
    firesAt: 20,
  },
  CopilotTaskBotBusy: {
    series: { [of("nodejs_eventloop_lag_p99_seconds")]: "0.02x9 0.9x30" },
    quietAt: 19,
    firesAt: 21,
    labels: INSTANCE,
  },
};

/** With the labels of the alert, as Prometheus writes them into its sentences. */
function written(template: string, labels: Readonly<Record<string, string>>): string {
  return template.replaceAll(
    /\{\{ \$labels\.(\w+) \}\}/gu,
    (_, name: string) => labels[name] ?? "",
  );
}

/** A story, as promtool tests it. */
function testOf(alert: string, { series, quietAt, firesAt, labels = {} }: Story): object {
  const rule = alertRules().find((one) => one.alert === alert);
  const annotations = Object.entries(rule?.annotations ?? {});
  const fired = {
    exp_labels: { ...labels, ...rule?.labels },
    exp_annotations: Object.fromEntries(
      annotations.map(([name, template]) => [name, written(template, labels)]),
    ),
  };
  return {
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [
      { eval_time: `${quietAt}m`, alertname: alert, exp_alerts: [] },
      { eval_time: `${firesAt}m`, alertname: alert, exp_alerts: [fired] },
    ],
  };
}

test("each alert has a story", () => {
  expect(alertRules().map(({ alert }) => alert)).toEqual(Object.keys(STORIES));
});

test("each alert is explained", () => {
  const explained = readFileSync("docs/monitoring.md", "utf8").matchAll(
    /^\| `(CopilotTaskBot\w+)`/gmu,
  );
  expect(Array.from(explained, ([, name]) => name)).toEqual(Object.keys(STORIES));
});

test.skipIf(!hasPromtool)("the alerts are as Prometheus wants them", () => {
  const { code, says } = promtool(["check", "rules", RULES]);
  expect(says).toContain(`SUCCESS: ${Object.keys(STORIES).length} rules found`);
  expect(code).toBe(0);
});

test.skipIf(!hasPromtool).each(Object.entries(STORIES))(
  "%s fires when it's to, and not before",
  (alert, story) => {
    const file = yamlFile({
      rule_files: [resolve(RULES)],
      evaluation_interval: "1m",
      tests: [testOf(alert, story)],
    });
    const { code, says } = promtool(["test", "rules", file]);
    expect(code, says).toBe(0);
  },
);
