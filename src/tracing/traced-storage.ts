import type { Approvals } from "../ports/approvals.ts";
import type { SessionCommands } from "../ports/session-commands.ts";
import type { TaskStore } from "../ports/tasks.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { WaitingRequesters } from "../ports/waiting-people.ts";
import type { TaskTraces } from "./open-telemetry.ts";

/** The stores that tasks are moved with. */
export interface TracedStores {
  readonly tasks: TaskStore;
  readonly sessionCommands: SessionCommands;
  readonly approvals: Approvals;
  readonly waitingRequesters: WaitingRequesters;
}

/** What is called every few seconds, for as long as a session is followed, or waited for. */
const WITHOUT_SPAN: ReadonlySet<string> = new Set(["renew", "stopOf"]);

/**
 * The stores with a span for each call that is made for a task. A trace begins with the task's insertion, and each write that settles
 * a task sends the span of its whole time.
 *
 * @param system the database, as the conventions name it
 */
export function traceStores<Stores extends TracedStores>(
  stores: Stores,
  traces: Pick<TaskTraces, "span" | "begun" | "settled">,
  system: "sqlite" | "postgresql",
): Stores {
  const traced = { traces, system };
  return {
    ...stores,
    tasks: traceTasks(withSpans(stores.tasks, traced), traces),
    sessionCommands: withSpans(stores.sessionCommands, traced),
    approvals: withSpans(stores.approvals, traced),
    waitingRequesters: withSpans(stores.waitingRequesters, traced),
  };
}

function traceTasks(tasks: TaskStore, traces: Pick<TaskTraces, "begun" | "settled">): TaskStore {
  return {
    ...tasks,
    async insert(trigger) {
      const startedAt = Date.now();
      const task = await tasks.insert(trigger);
      if (task !== null) traces.begun(task, startedAt);
      return task;
    },
    async record(before, after) {
      const written = await tasks.record(before, after);
      const isSettled = before.settledAt === null && (written?.settledAt ?? null) !== null;
      if (written !== null && isSettled) traces.settled(written);
      return written;
    },
  };
}

interface Traced {
  readonly traces: Pick<Tracing, "span">;
  readonly system: string;
}

/** Of a port whose methods all give promises. */
function withSpans<Port extends object>(port: Port, { traces, system }: Traced): Port {
  const options = { kind: "client", attributes: { "db.system.name": system } } as const;
  return new Proxy(port, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function" || typeof name !== "string" || WITHOUT_SPAN.has(name)) {
        return method;
      }
      return (...given: unknown[]) =>
        traces.span(
          `store ${name}`,
          async (): Promise<unknown> => Reflect.apply(method, target, given),
          options,
        );
    },
  });
}
