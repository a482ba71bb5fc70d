import { collectDefaultMetrics, Registry } from "prom-client";
import type { Measure, MetricsText, Readings } from "../ports/metrics.ts";
import { createBudgets } from "./budgets.ts";
import { createCounters } from "./counters.ts";
import { createGauges } from "./gauges.ts";
import { remembered } from "./remembered.ts";

/** The metrics of a process, in the text format of Prometheus. */
export interface Metrics {
  readonly measure: Measure;
  /** All metrics as of now. The database is waited for only so long, and asked only once in a while. */
  readonly read: () => Promise<MetricsText>;
}

interface Options {
  readonly readings: Readings;
  /** In milliseconds since the epoch. */
  readonly now: () => number;
  /** How long the database may take, in milliseconds. Prometheus waits for 10 seconds. */
  readonly databaseWithinMs?: number;
}

/** For how long what the database said is good, in milliseconds. */
const REMEMBERED_MS = 5_000;

/** Gauges whose names end as those of counters do, and what they are the sums of: whoever wants that can sum it up. */
const LEFT_OUT = [
  "nodejs_active_handles",
  "nodejs_active_handles_total",
  "nodejs_active_requests",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
];

/** Metrics in which nothing has been counted. */
export function createMetrics({ readings, now, databaseWithinMs = 2_000 }: Options): Metrics {
  const register = new Registry();
  const budgets = createBudgets(now);
  const measure = createCounters(register, budgets);
  const gauges = createGauges(register);
  const readDatabase = remembered(() => readings.database(), {
    now,
    rememberedMs: REMEMBERED_MS,
    withinMs: databaseWithinMs,
  });
  collectDefaultMetrics({ register });
  for (const name of LEFT_OUT) register.removeSingleMetric(name);
  return {
    measure,
    async read() {
      const database = await readDatabase();
      gauges.showProcess(readings.process());
      gauges.showBudgets(budgets.lowest());
      gauges.showDatabase(database);
      return { contentType: register.contentType, text: await register.metrics() };
    },
  };
}
