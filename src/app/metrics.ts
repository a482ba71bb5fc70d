import { serveMetrics } from "../http/metrics-server.ts";
import type { HttpServer } from "../http/listening.ts";
import type { PublicServer } from "../http/server.ts";
import { machinesReading } from "../core/worker/machines-reading.ts";
import { createMetrics } from "../metrics/registry.ts";
import type { Machines } from "../ports/machines.ts";
import type { ProcessReading, Readings } from "../ports/metrics.ts";
import type { Runner } from "../runner/runner.ts";
import type { Backend } from "./backend.ts";
import type { AppOptions } from "./options.ts";
import { measureTasks } from "./measured-tasks.ts";
import type { MeasuredTasks, Storage } from "./storage.ts";
import { now } from "./task-options.ts";

/** What is measured, before there's anything to read. */
export interface MetricsParts extends MeasuredTasks {
  /** Serves the metrics. Rejects when the address can't be had. */
  listen(parts: ReadParts): Promise<HttpServer>;
}

interface ReadParts {
  readonly storage: Pick<Storage, "readTasks">;
  readonly machines: Machines;
  readonly backend: Pick<Backend, "reading">;
  readonly server: Pick<PublicServer, "reading">;
  /** There's one later. */
  readonly runner: Promise<Pick<Runner, "sessionCounts">>;
}

const NO_SESSIONS = { all: 0, followed: 0 };

const NOTHING_YET: Readings = {
  process: () => ({
    sessions: NO_SESSIONS,
    maxFollowed: 0,
    runtimes: { isReady: false, processes: [], waiting: 0 },
    server: { connections: 0, pages: 0, streams: 0 },
  }),
  database: () => Promise.reject(new Error("the database isn't open yet")),
};

/** The metrics of this process, served at `port`. */
export function prepareMetrics({ environment, log }: AppOptions, port: number): MetricsParts {
  let readings = NOTHING_YET;
  const { measure, read } = createMetrics({
    readings: { process: () => readings.process(), database: () => readings.database() },
    now: Date.now,
  });
  return {
    ...measureTasks(measure),
    async listen({ storage, machines, backend, server: ofWebhooks, runner }) {
      let running: Pick<Runner, "sessionCounts"> | null = null;
      void runner.then((one) => (running = one));
      readings = {
        process: (): ProcessReading => ({
          sessions: running?.sessionCounts() ?? NO_SESSIONS,
          maxFollowed: environment.MAX_FOLLOWED_SESSIONS,
          runtimes: backend.reading(),
          server: ofWebhooks.reading(),
        }),
        async database() {
          const tasks = await storage.readTasks();
          const all = await machines.machines();
          const hosted = await machines.hostedTasks(null);
          return { ...tasks, machines: machinesReading(all, hosted, now()) };
        },
      };
      const server = await serveMetrics({
        host: environment.METRICS_HOST,
        port,
        settings: { host: "METRICS_HOST", port: "METRICS_PORT" },
        read,
        log,
      });
      log.info({ url: `${server.url}/metrics` }, "serving metrics");
      return server;
    },
  };
}
