import type { Registry } from "prom-client";
import { Gauge } from "prom-client";
import type { DatabaseReading, ProcessReading, RuntimeReading } from "../ports/metrics.ts";
import type { RequestBudget } from "../core/metrics/measured.ts";
import type { MachinesReading } from "../core/worker/machines-reading.ts";
import { PREFIX } from "./names.ts";
import { createSlots } from "./slots.ts";

/** What is so now. */
export interface Gauges {
  showProcess(reading: ProcessReading): void;
  showBudgets(budgets: readonly RequestBudget[]): void;
  /** Null while the database doesn't answer: then there are no values. */
  showDatabase(reading: DatabaseReading | null): void;
}

type MakeGauge = <Label extends string>(
  name: string,
  help: string,
  labelNames?: Label[],
) => Gauge<Label>;

/** The gauges of a registry. */
export function createGauges(register: Registry): Gauges {
  const gauge: MakeGauge = (name, help, labelNames = []) =>
    new Gauge({ registers: [register], name: `${PREFIX}${name}`, help, labelNames });
  return {
    showProcess: processGauges(gauge),
    showBudgets: budgetGauges(gauge),
    showDatabase: databaseGauges(gauge),
  };
}

function processGauges(gauge: MakeGauge): Gauges["showProcess"] {
  const sessions = gauge("sessions", "Sessions that this process is connected to.");
  const followed = gauge("sessions_followed", "Sessions that this process follows.");
  const limit = gauge("sessions_followed_limit", "Sessions that this process may follow at once.");
  const ready = gauge("runtime_ready", "1 if this process can start sessions, or else 0.");
  const running = gauge("runtimes", "Copilot runtimes of this process.");
  const waiting = gauge("runtimes_waiting", "Sessions that wait for a Copilot runtime.");
  const connections = gauge("http_connections", "Open connections of the server of webhooks.");
  const pages = gauge("page_requests", "Requests for pages that are being answered.");
  const streams = gauge("event_streams", "Pages that are kept up to date.");
  const showRuntimes = runtimeGauges(gauge);
  return (reading) => {
    sessions.set(reading.sessions.all);
    followed.set(reading.sessions.followed);
    limit.set(reading.maxFollowed);
    const { isReady, processes } = reading.runtimes;
    ready.set(isReady ? 1 : 0);
    running.set(processes.length);
    waiting.set(reading.runtimes.waiting);
    showRuntimes(processes);
    const { server } = reading;
    connections.set(server.connections);
    pages.set(server.pages);
    streams.set(server.streams);
  };
}

function runtimeGauges(gauge: MakeGauge) {
  const sessions = gauge("runtime_sessions", "Sessions of each Copilot runtime.", ["runtime"]);
  const memory = gauge("runtime_memory_bytes", "Memory of each Copilot runtime.", ["runtime"]);
  const slotsOf = createSlots();
  return (processes: readonly RuntimeReading[]) => {
    sessions.reset();
    memory.reset();
    const ids = processes.flatMap(({ processId }) => (processId === null ? [] : [processId]));
    const slots = slotsOf(ids);
    for (const { processId, sessions: count, memoryBytes } of processes) {
      const slot = processId === null ? undefined : slots.get(processId);
      if (slot === undefined) continue;
      const runtime = String(slot);
      sessions.set({ runtime }, count);
      if (memoryBytes !== null) memory.set({ runtime }, memoryBytes);
    }
  };
}

function budgetGauges(gauge: MakeGauge): Gauges["showBudgets"] {
  const remaining = gauge(
    "github_requests_remaining",
    "Requests that GitHub takes until it counts anew, of the installation with the smallest part left.",
    ["resource"],
  );
  const limit = gauge(
    "github_requests_limit",
    "Requests that GitHub takes in an hour from the same installation.",
    ["resource"],
  );
  return (budgets) => {
    remaining.reset();
    limit.reset();
    for (const { resource, remaining: left, limit: all } of budgets) {
      remaining.set({ resource }, left);
      limit.set({ resource }, all);
    }
  };
}

function databaseGauges(gauge: MakeGauge): Gauges["showDatabase"] {
  const up = gauge("database_up", "1 if the database answers in time, or else 0.");
  const unsettled = gauge("unsettled_tasks", "Tasks that the bot still has to do with.", ["state"]);
  const oldestQueued = gauge(
    "oldest_queued_task_seconds",
    "How long the first of the tasks that are due has waited; 0 where none waits.",
  );
  const undelivered = gauge(
    "undelivered_tasks",
    "Tasks that wait because GitHub refuses what they ask for, comments above all.",
  );
  const oldestUndelivered = gauge(
    "oldest_undelivered_task_seconds",
    "How long the first of these tasks has waited; 0 where none waits.",
  );
  const connections = gauge("connections", "People who have connected their Copilot.", ["state"]);
  const showMachines = machineGauges(gauge);
  return (reading) => {
    up.set(reading === null ? 0 : 1);
    unsettled.reset();
    connections.reset();
    if (reading === null) {
      showMachines(null);
      for (const one of [oldestQueued, undelivered, oldestUndelivered]) one.remove();
      return;
    }
    for (const state of STATES) unsettled.set({ state }, 0);
    for (const { state, count } of reading.unsettled) unsettled.set({ state }, count);
    oldestQueued.set(reading.oldestQueuedSeconds);
    undelivered.set(reading.undelivered);
    oldestUndelivered.set(reading.oldestUndeliveredSeconds);
    showMachines(reading.machines);
    const { connected, ended } = reading.connections;
    connections.set({ state: "connected" }, connected);
    connections.set({ state: "ended" }, ended);
  };
}

function machineGauges(gauge: MakeGauge) {
  const machines = gauge("machines", "Machines of the administrator's that run sessions.", [
    "state",
  ]);
  const places = gauge(
    "machine_places",
    "Sessions that those machines run at once that are there.",
  );
  const taken = gauge("machine_places_taken", "Places on these machines that are taken.");
  const waiting = gauge("machine_waiting_sessions", "Sessions that wait for a machine, and why.", [
    "reason",
  ]);
  const oldest = gauge(
    "machine_oldest_waiting_session_seconds",
    "How long the first of these sessions has waited; 0 where none waits.",
  );
  const unreached = gauge("machine_unreached_sessions", "Sessions whose machine isn't reached.");
  return (reading: MachinesReading | null) => {
    machines.reset();
    waiting.reset();
    if (reading === null) {
      for (const one of [places, taken, oldest, unreached]) one.remove();
      return;
    }
    machines.set({ state: "there" }, reading.there);
    machines.set({ state: "away" }, reading.away);
    machines.set({ state: "other_version" }, reading.otherVersion);
    places.set(reading.places);
    taken.set(reading.taken);
    for (const [reason, count] of Object.entries(reading.waiting)) waiting.set({ reason }, count);
    oldest.set(reading.oldestWaitingSeconds);
    unreached.set(reading.unreached);
  };
}

/** Those that are seen of unsettled tasks most of the time. */
const STATES = ["queued", "in_progress", "waiting_for_user", "idle"];
