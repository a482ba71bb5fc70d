import type { GitHubHosts } from "../core/github/hosts.ts";
import type { SessionsReading } from "../ports/metrics.ts";
import type { Ports } from "../ports/ports.ts";
import type { Next } from "../ports/queue.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import { createBackground } from "./lease/background.ts";
import { withRetries } from "./lease/retries.ts";
import { createWithLease } from "./lease/with-lease.ts";
import { createControls } from "./receive/controls.ts";
import { createFlood } from "./receive/flood.ts";
import { createGate } from "./receive/gate.ts";
import { createHandover } from "./receive/handover.ts";
import { createPolicies } from "./receive/policies.ts";
import { createReactions } from "./receive/reactions.ts";
import { createReceipt } from "./receive/receipt.ts";
import { createOutcomes } from "./report/outcomes.ts";
import { createReporter } from "./report/reporter.ts";
import { createLinkWatch } from "./session/link-watch.ts";
import { createRemoteControl } from "./session/remote-control.ts";
import { createSessions } from "./session/sessions.ts";
import { createSteering } from "./session/steering.ts";
import { traceGate, traceReporter, traceStep } from "./spans.ts";
import { createLine, watchPlaces } from "./start/line.ts";
import { attach } from "./start/session-request.ts";
import { createStarter } from "./start/starter.ts";
import { wakeConnected } from "./start/connection.ts";
import { createWriter } from "./start/writer.ts";

/** The one place that moves tasks. Level-triggered: processing twice is harmless. */
export interface Runner {
  /** Decides about the requester and shows that the trigger was seen. Quick: creates no session. */
  receive(taskId: string): Promise<Next>;
  /** Everything else, up to the comment. May take minutes. */
  start(taskId: string): Promise<Next>;
  /** Looks for commands to the sessions that this process follows. */
  pollSessionCommands(): Promise<void>;
  /** Lets go of the sessions, and of the tokens, of people who have disconnected their Copilot. */
  letGoOfDisconnected(): Promise<void>;
  /** Has the tasks processed whose requesters have connected their Copilot. */
  pollConnections(): Promise<void>;
  /** Waits for links that sessions whose comment has been posted have not reported yet. */
  pollLinks(): Promise<void>;
  /** Has tasks processed again that were settled while somebody gave them a command. */
  openForLeftCommands(): Promise<void>;
  /** Has tasks processed that wait for a place among the sessions of their repository, where there may be one. */
  pollFreeSlots(): Promise<void>;
  /** There may be news for the session of a task. */
  nudge(taskId: string): void;
  /** The sessions of this process. */
  sessionCounts(): SessionsReading;
  /** Stops watching sessions; they keep running. */
  stop(): Promise<void>;
}

/** What a runner needs in addition to its ports. */
export interface RunnerOptions {
  /** Of the GitHub that tasks are on. */
  readonly hosts: GitHubHosts;
  readonly timeouts: Timeouts;
  /** The most sessions that are followed at once. */
  readonly maxFollowed: number;
}

/** A runner over its ports. */
export function createRunner(
  given: Ports,
  { hosts, timeouts, maxFollowed }: RunnerOptions,
): Runner {
  const origin = hosts.web;
  const { ports, line } = withLine(withRetries(given));
  const reactions = createReactions(ports);
  const flood = createFlood(ports.now);
  const { tracing } = ports;
  const reporter = traceReporter(createReporter({ ports, reactions, hosts, timeouts }), tracing);
  const outcomes = createOutcomes({ ports, reporter, flood, timeouts });
  // Claims are renewed so often that a renewal isn't repeated.
  const background = createBackground(given, timeouts.renewMs);
  const common = { ports, hosts, timeouts, reactions, flood, reporter, outcomes, background };

  const policies = createPolicies(ports.github, origin);
  const gate = traceGate(createGate(ports, outcomes, policies), tracing);
  const handover = createHandover(ports.now, timeouts.handoverMs);
  const writer = createWriter({ ports, outcomes, policies, origin });
  const links = createLinkWatch({
    ...common,
    attach: (task) => attach(ports, task),
  });
  const steering = createSteering(ports, policies, timeouts.handoverMs);
  const sessions = createSessions({ ...common, steering, links, maxFollowed });

  const controls = createControls({ ...common, gate });
  const remote = createRemoteControl({ ...common, gate, sessions });
  const receipt = createReceipt({ ...common, gate, handover, controls, remote });
  const starter = createStarter({ ...common, sessions, links, gate, handover, writer, line });
  const withLease = createWithLease({ ...common, ports: given });
  const receive = traceStep(tracing, "receive", (task) => receipt.receive(task));
  const start = traceStep(tracing, "start", (task) => starter.advance(task));

  return {
    receive: (taskId) => withLease(taskId, "receive", receive),
    start: (taskId) => withLease(taskId, "start", start),
    nudge: (taskId) => sessions.nudge(taskId),
    sessionCounts: () => sessions.counts(),
    pollSessionCommands: () => sessions.pollSessionCommands(),
    openForLeftCommands: () => sessions.openForLeftCommands(),
    async letGoOfDisconnected() {
      await sessions.letGoOfDisconnected();
      await ports.copilot.endUnused(async (token) => !(await ports.identities.isCurrent(token)));
    },
    pollConnections: () => wakeConnected(ports),
    pollFreeSlots: () => line.startNext(),
    pollLinks: () => links.findSessions((taskId) => sessions.has(taskId)),
    async stop() {
      await Promise.all([sessions.stop(), links.stop()]);
    },
  };
}

/** Whoever leaves a place lets the next one in. */
function withLine(given: Ports) {
  const line = createLine(given);
  const tasks = watchPlaces(given.tasks, (repository) => {
    line.startNext(repository).catch((err: unknown) => {
      given.log.warn({ err }, "next task could not be found");
    });
  });
  return { ports: { ...given, tasks }, line };
}
