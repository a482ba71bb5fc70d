import type { Registry } from "prom-client";
import { Counter, Histogram } from "prom-client";
import { COMMAND_LABELS, KIND_LABELS } from "../core/metrics/labels.ts";
import type { Measured } from "../core/metrics/measured.ts";
import { WEBHOOK_REFUSALS } from "../core/metrics/measured.ts";
import { AUDIT_STEPS } from "../core/task/audit.ts";
import { FAILURE_CODES } from "../core/task/failure.ts";
import { WEBHOOK_EVENTS } from "../core/webhook/read-webhook.ts";
import { PUSH_STOPS } from "../core/workspace/push-check.ts";
import type { Measure } from "../ports/metrics.ts";
import type { Budgets } from "./budgets.ts";
import { PREFIX } from "./names.ts";

/** In seconds. A webhook is to be answered within 10. */
const WEBHOOK_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const QUEUE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const GITHUB_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const START_BUCKETS = [1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 120, 180];
/** A task may wait for its turn, for a place, or for days until its requester has connected their Copilot. */
const LINK_BUCKETS = [1, 2.5, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 900, 3_600, 21_600];

/** Counts and times into a registry what happens. */
export function createCounters(register: Registry, budgets: Pick<Budgets, "note">): Measure {
  const counters = registerCounters({ registers: [register] });
  const histograms = registerHistograms({ registers: [register] });
  beginAtZero(counters);
  return (measured) => count({ ...counters, ...histograms, budgets }, measured);
}

type Registers = { readonly registers: Registry[] };

function registerCounters(registers: Registers) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ ...registers, name: `${PREFIX}${name}`, help, labelNames });
  return {
    webhooks: counter("webhooks_total", "Webhooks, by event and by what came of them.", [
      "event",
      "result",
    ]),
    steps: counter("task_steps_total", "Steps of tasks, as the audit records them, by kind.", [
      "step",
      "kind",
    ]),
    outcomes: counter("task_outcomes_total", "What tasks have come to, and why.", [
      "outcome",
      "reason",
    ]),
    commands: counter("commands_total", "Commands that people have written.", ["command"]),
    queueSteps: counter("queue_steps_total", "Steps that the queue has done, by lane.", [
      "lane",
      "result",
    ]),
    requests: counter("github_requests_total", "Requests to GitHub as the App.", ["api", "result"]),
    machineOutcomes: counter(
      "machine_outcomes_total",
      "What tasks on the administrator's machines have come to, and why.",
      ["outcome", "reason"],
    ),
    machinePushes: counter(
      "machine_pushes_total",
      "What became of commits on the administrator's machines, and why they weren't pushed.",
      ["result", "reason"],
    ),
    refreshes: counter("token_refreshes_total", "Refreshes of people's tokens.", ["result"]),
    redeliveries: counter(
      "redeliveries_total",
      "Webhooks that GitHub couldn't deliver, and that the bot has asked for again.",
      ["result"],
    ),
  };
}

function registerHistograms(registers: Registers) {
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ) => new Histogram({ ...registers, name: `${PREFIX}${name}`, help, buckets, labelNames });
  return {
    webhookSeconds: histogram(
      "webhook_duration_seconds",
      "From the first byte of a webhook to its answer.",
      WEBHOOK_BUCKETS,
    ),
    linkSeconds: histogram(
      "time_to_link_seconds",
      "From a webhook to the link of its session, with all that the task waited for.",
      LINK_BUCKETS,
    ),
    startSeconds: histogram(
      "session_start_seconds",
      "From the request for a session to its link, once it has its prompt.",
      START_BUCKETS,
    ),
    queueSeconds: histogram(
      "queue_wait_seconds",
      "How long tasks that were due waited for a place in a lane of the queue.",
      QUEUE_BUCKETS,
      ["lane"],
    ),
    machineWaitSeconds: histogram(
      "machine_wait_seconds",
      "How long sessions waited until one of the administrator's machines had taken them.",
      LINK_BUCKETS,
    ),
    machineStartSeconds: histogram(
      "machine_start_seconds",
      "From then on until the session was open.",
      START_BUCKETS,
    ),
    requestSeconds: histogram(
      "github_request_duration_seconds",
      "Requests to GitHub, with their repetitions and the bot's own pace.",
      GITHUB_BUCKETS,
      ["api"],
    ),
  };
}

type Counters = ReturnType<typeof registerCounters>;

/** What is counted from 0, and not from its first time: that one would be no increase. */
function beginAtZero(counters: Counters): void {
  const { webhooks, steps, outcomes, commands, queueSteps, requests, refreshes } = counters;
  for (const event of [...WEBHOOK_EVENTS, "other"]) {
    for (const result of ["not_stored", "failed"]) webhooks.inc({ event, result }, 0);
  }
  for (const result of WEBHOOK_REFUSALS) webhooks.inc({ event: "unverified", result }, 0);
  for (const step of AUDIT_STEPS) for (const kind of KIND_LABELS) steps.inc({ step, kind }, 0);
  for (const reason of FAILURE_CODES) outcomes.inc({ outcome: "failed", reason }, 0);
  for (const reason of FAILURE_CODES)
    counters.machineOutcomes.inc({ outcome: "failed", reason }, 0);
  for (const result of ["pushed", "failed"])
    counters.machinePushes.inc({ result, reason: "none" }, 0);
  for (const reason of PUSH_STOPS) counters.machinePushes.inc({ result: "stopped", reason }, 0);
  for (const command of COMMAND_LABELS) commands.inc({ command }, 0);
  for (const lane of ["receive", "start"]) {
    for (const result of ["done", "failed"]) queueSteps.inc({ lane, result }, 0);
  }
  for (const api of ["rest", "graphql"]) {
    for (const result of ["ok", "rate_limited", "unreachable"]) requests.inc({ api, result }, 0);
  }
  for (const result of ["granted", "refused", "unreachable"]) refreshes.inc({ result }, 0);
  for (const result of ["requested", "impossible"]) counters.redeliveries.inc({ result }, 0);
}

interface Parts extends Counters, ReturnType<typeof registerHistograms> {
  readonly budgets: Pick<Budgets, "note">;
}

function count(parts: Parts, measured: Measured): void {
  switch (measured.type) {
    case "webhook": {
      const { event, result, seconds } = measured;
      parts.webhooks.inc({ event, result });
      // Others take as long as whoever sends them wants.
      if (event !== "unverified") parts.webhookSeconds.observe(seconds);
      break;
    }
    case "task_step":
      parts.steps.inc({ step: measured.step, kind: measured.kind });
      break;
    case "task_outcome":
      parts.outcomes.inc({ outcome: measured.outcome, reason: measured.reason });
      break;
    case "command":
      parts.commands.inc({ command: measured.command });
      break;
    case "link_known":
      parts.linkSeconds.observe(measured.sinceWebhookSeconds);
      parts.startSeconds.observe(measured.sinceRequestSeconds);
      break;
    case "queue_wait":
      parts.queueSeconds.observe({ lane: measured.lane }, measured.seconds);
      break;
    case "queue_step":
      parts.queueSteps.inc({ lane: measured.lane, result: measured.result });
      break;
    case "github_request": {
      const { api, result, seconds, budget, client } = measured;
      parts.requests.inc({ api, result });
      parts.requestSeconds.observe({ api }, seconds);
      if (budget !== null) parts.budgets.note(client, budget);
      break;
    }
    case "machine_taken":
      parts.machineWaitSeconds.observe(measured.seconds);
      break;
    case "machine_opened":
      parts.machineStartSeconds.observe(measured.seconds);
      break;
    case "machine_outcome":
      parts.machineOutcomes.inc({ outcome: measured.outcome, reason: measured.reason });
      break;
    case "machine_push":
      parts.machinePushes.inc({ result: measured.result, reason: measured.reason });
      break;
    case "token_refresh":
      parts.refreshes.inc({ result: measured.result });
      break;
    case "redelivery":
      parts.redeliveries.inc({ result: measured.result });
      break;
    default:
      measured satisfies never;
  }
}
