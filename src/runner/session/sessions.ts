import { openedSession, reachedSession } from "../../core/actor/new-actor.ts";
import type { ActorRules } from "../../core/actor/rules.ts";
import { whoLeaves } from "../../core/actor/room.ts";
import type { ActorState } from "../../core/actor/state.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { SessionsReading } from "../../ports/metrics.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Next } from "../../ports/queue.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import type { Background } from "../lease/background.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Reporter } from "../report/reporter.ts";
import type { ActorParts, SessionActor } from "./actor.ts";
import { startActor } from "./actor.ts";
import { ofDisconnected } from "./disconnected.ts";
import type { LinkWatch } from "./link-watch.ts";
import type { Steering } from "./steering.ts";

/** The sessions that this process has. */
export interface Sessions {
  /**
   * Delivers the prompt to a session whose agent has started, learns the link, shows both, and follows the session.
   * What takes long continues in the background.
   */
  begin(task: Task, session: CloudSession, prompt: string): Promise<Next>;
  /**
   * Follows a session that has its prompt, under the task's claim; resolves with what is next for the task. When the
   * claim is lost, it disconnects from the session, reports nothing, and rejects with `LostClaim`.
   */
  follow(task: Task, session: CloudSession, lost: AbortSignal): Promise<Next>;
  /** There may be a command for the task. */
  nudge(taskId: string): void;
  /** A command that was given before the task was settled has it opened again. */
  openForSessionCommands(task: Task): Promise<void>;
  /** The same for all tasks: the process that settled them may have been stopped before it looked for commands. */
  openForLeftCommands(): Promise<void>;
  counts(): SessionsReading;
  /** Whether this process has the task's session. */
  has(taskId: string): boolean;
  /** Looks for commands that other replicas have taken in. */
  pollSessionCommands(): Promise<void>;
  /**
   * Lets go of the sessions whose owners have disconnected their Copilot, here or through another replica: their tasks
   * are processed again, and their comments say so.
   */
  letGoOfDisconnected(): Promise<void>;
  /** Detaches from every session; the tasks stay as they are, for the next process. */
  stop(): Promise<void>;
}

interface Parts {
  readonly ports: Pick<
    Ports,
    "tasks" | "sessionCommands" | "github" | "log" | "now" | "digest" | "stopping" | "processAgain"
  > & { readonly identities: Pick<Ports["identities"], "isConnected"> };
  readonly outcomes: Pick<Outcomes, "stopped">;
  readonly steering: Steering;
  readonly reporter: Reporter;
  readonly background: Background;
  readonly links: Pick<LinkWatch, "watch" | "letGoOfDisconnected">;
  readonly timeouts: Timeouts;
  readonly hosts: GitHubHosts;
  /** The most sessions that are followed at once. */
  readonly maxFollowed: number;
}

/** How long after it was given a command is still executed that nobody took, in milliseconds. */
const MAX_LEFT_MS = 86_400_000;

/** No sessions yet. Each has an actor of its own, which sleeps until something happens. */
export function createSessions(parts: Parts): Sessions {
  const { ports, background, maxFollowed } = parts;
  const actors = new Map<string, SessionActor>();
  const followed = () => [...actors.values()].filter(({ state }) => isFollowed(state));
  const openForSessionCommands = ({ id }: Task) => reopenIfWaiting(parts, id);

  const actorParts: ActorParts = {
    ...parts,
    rules: rulesOf(parts),
    countFollowed: () => followed().length,
    makeRoom({ id }) {
      const others = followed().filter(({ state }) => state.task.id !== id);
      whoLeaves(others, maxFollowed)?.put({ type: "room needed" });
    },
    reopenForCommands: openForSessionCommands,
    watchLink: (task, session) => parts.links.watch(task, session),
  };

  function start(state: ActorState, session: CloudSession): SessionActor {
    const actor = startActor(actorParts, state, session);
    const { id } = state.task;
    actors.set(id, actor);
    const forget = () => {
      if (actors.get(id) === actor) actors.delete(id);
    };
    actor.end.then(forget, forget);
    return actor;
  }

  function nudge(taskId: string): void {
    actors.get(taskId)?.put({ type: "nudged" });
  }

  return {
    async begin(task, session, prompt) {
      const actor = start(actorFor(parts, task, session, prompt), session);
      const next = await Promise.race([actor.end, actor.inBackground]);
      if (next !== undefined) return next;
      background.runInBackground(actor.state.task, (lost) => {
        actor.watchClaim(lost);
        return actor.end;
      });
      return "done";
    },
    follow(task, session, lost) {
      const actor = start(actorAgain(parts, task), session);
      actor.watchClaim(lost);
      return actor.end;
    },
    nudge,
    openForSessionCommands,
    openForLeftCommands: () => reopenLeft(parts),
    counts: () => ({ all: actors.size, followed: followed().length }),
    has: (taskId) => actors.has(taskId),
    async pollSessionCommands() {
      if (actors.size === 0) return;
      for (const taskId of await ports.sessionCommands.waiting([...actors.keys()])) nudge(taskId);
    },
    letGoOfDisconnected: () => letGoOfDisconnected(parts, [...actors.values()]),
    async stop() {
      await Promise.all([...actors.values()].map(({ session }) => session.detach()));
    },
  };
}

async function letGoOfDisconnected(
  { ports, links }: Parts,
  actors: readonly SessionActor[],
): Promise<void> {
  const own = actors.map((actor) => ({ actor, task: actor.state.task }));
  // They end as those whose runtime is gone do: they can't be reached again.
  for (const { actor } of await ofDisconnected(ports.identities, own)) {
    actor.put({ type: "session lost" });
  }
  await links.letGoOfDisconnected();
}

function actorFor({ reporter }: Parts, task: Task, session: CloudSession, prompt: string) {
  return openedSession(task, prompt, session, reporter.cooldownUntil(task));
}

function actorAgain({ reporter, ports }: Parts, task: Task): ActorState {
  return reachedSession(task, ports.now().getTime(), reporter.cooldownUntil(task));
}

function isFollowed({ stage }: ActorState): boolean {
  return stage.type === "following";
}

function rulesOf({ ports, reporter, timeouts, hosts }: Parts): ActorRules {
  // To know what's due is to render the comment: once for each state of a task.
  const known = new WeakMap<Task, number>();
  return {
    timeouts,
    hosts,
    digest: ports.digest,
    dueAt(task) {
      const dueAt = known.get(task) ?? reporter.dueAt(task);
      known.set(task, dueAt);
      return dueAt;
    },
  };
}

async function reopenIfWaiting(parts: Parts, id: string): Promise<void> {
  const waiting = await parts.ports.sessionCommands.waiting([id]);
  if (waiting.length > 0) await reopen(parts, id);
}

async function reopenLeft(parts: Parts): Promise<void> {
  const { sessionCommands, now } = parts.ports;
  const since = new Date(now().getTime() - MAX_LEFT_MS).toISOString();
  for (const taskId of await sessionCommands.left(since)) await reopen(parts, taskId);
}

async function reopen({ ports, timeouts }: Parts, id: string): Promise<void> {
  const followUntil = new Date(ports.now().getTime() + timeouts.followAgainMs).toISOString();
  const opened = await ports.tasks.reopen(id, { followUntil });
  if (opened !== null) ports.processAgain(id);
}
