import pTimeout from "p-timeout";
import { documentedLink } from "../core/link.ts";
import type { Task } from "../core/task.ts";
import type { Background } from "./background.ts";
import type { Ending, Next } from "./ending.ts";
import type { Following } from "./following.ts";
import type { CloudSession, Patience, Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

type Delivery = Awaited<ReturnType<CloudSession["deliver"]>>;

/** Whether the prompt has arrived. */
type Outcome = Exclude<Delivery, "unwatched" | "unwanted">;

/** What is done with a session once its agent has started. */
export interface Conversation {
  /** Delivers the prompt, learns the link, tells both. What takes long goes on behind the answer. */
  begin(task: Task, session: CloudSession, prompt: string): Promise<Next>;
  /** Detaches from every session. */
  stop(): Promise<void>;
}

type ConversationPorts = Pick<Ports, "tasks" | "orders" | "log" | "now">;

interface Parts {
  readonly ports: ConversationPorts;
  readonly ending: Pick<Ending, "stopped">;
  readonly reporter: Reporter;
  readonly background: Background;
  readonly following: Following;
  readonly patience: Patience;
}

/** Conversations over their parts. */
export function createConversation(parts: Parts): Conversation {
  const { ports, reporter, background, following, patience } = parts;
  const attached = createAttached();

  /** The prompt has arrived, or will not: the rest is to tell it, with the link, or to follow. */
  async function conclude(
    begun: Task,
    session: CloudSession,
    delivery: Delivery,
  ): Promise<Next | { readonly follow: Task }> {
    if (delivery === "unwatched") {
      await attached.detach(session);
      // The session is there, and the next look at it tells whether it has the prompt.
      return { afterMs: 0 };
    }
    if (delivery === "unwanted") return callOff(parts, begun, session, attached.detach);
    const linked = await linkAfter(parts, begun, session, delivery);
    if (delivery === "delivered" && patience.followMs > 0) {
      attached.handOver(session);
      const followUntil = new Date(ports.now().getTime() + patience.followMs).toISOString();
      // It is told from there: what the agent asks first waits for no comment.
      return { follow: await record(ports.tasks, linked, { followUntil }) };
    }
    const next = await reporter.report(linked);
    // Nobody follows who would take what people have told it in the meantime.
    if (next === "done" && delivery === "delivered") await following.openForOrders(linked);
    if (next !== "done" || linked.linkSource === "session") await attached.detach(session);
    else void watchForLink(parts, linked, session).then(() => attached.detach(session));
    return next;
  }

  async function converse(task: Task, session: CloudSession, prompt: string): Promise<Next> {
    const begun = await record(ports.tasks, task, startOf(session, ports.now()));
    ports.log.info({ taskId: task.id, sessionId: session.id }, "session ready");
    const delivery = session.deliver(prompt, () => isWanted(ports, task));
    const soon = { milliseconds: patience.promptNoticeMs, fallback: () => "not yet" as const };
    const arrival = await pTimeout(delivery, soon);
    if (arrival !== "not yet") {
      const concluded = await conclude(begun, session, arrival);
      if (!isToFollow(concluded)) return concluded;
      const { follow } = concluded;
      background.goOn(follow, (lost) => following.follow(follow, session, lost));
      return "done";
    }
    ports.log.warn({ taskId: task.id, sessionId: session.id }, "the prompt has not arrived yet");
    const waiting = await reporter.tell(await learnLink(ports, begun, session, 0));
    background.goOn(waiting, async (lost) => {
      const concluded = await attached.orDetach(session, async () =>
        conclude(waiting, session, await delivery),
      );
      return isToFollow(concluded) ? following.follow(concluded.follow, session, lost) : concluded;
    });
    return "done";
  }

  return {
    async begin(task, session, prompt) {
      attached.add(session);
      return attached.orDetach(session, () => converse(task, session, prompt));
    },
    stop: () => attached.detachAll(),
  };
}

/** The sessions that are talked with, until they are followed. */
function createAttached() {
  const all = new Set<CloudSession>();

  async function detach(session: CloudSession): Promise<void> {
    all.delete(session);
    await session.detach();
  }

  return {
    add: (session: CloudSession) => all.add(session),
    /** Somebody else watches it now. */
    handOver: (session: CloudSession) => all.delete(session),
    detach,
    /** Whatever breaks off: a session that nobody talks with any more is not watched for ever. */
    async orDetach<Result>(session: CloudSession, talk: () => Promise<Result>): Promise<Result> {
      try {
        return await talk();
      } catch (error) {
        await detach(session);
        throw error;
      }
    },
    async detachAll() {
      await Promise.all([...all].map(detach));
    },
  };
}

/** Somebody has stopped the task: it has no prompt, and will not get one. */
async function callOff(
  { ports, ending }: Parts,
  begun: Task,
  session: CloudSession,
  detach: (session: CloudSession) => Promise<void>,
): Promise<Next> {
  const stop = await ports.orders.stopOf(begun.id);
  if (stop === null) {
    await detach(session);
    return { afterMs: 0 };
  }
  const next = await ending.stopped(await learnLink(ports, begun, session, 0), stop);
  const abort = async () => {
    try {
      const came = await session.abort();
      ports.log.info({ taskId: begun.id, came }, "session without a prompt stopped");
    } catch (err) {
      ports.log.warn({ taskId: begun.id, err }, "a session without a prompt was not stopped");
    } finally {
      await detach(session);
    }
  };
  // An agent that has nothing to do may take its time to say so.
  void abort();
  return next;
}

/** While the database does not tell, it is: who follows the session takes the order then. */
async function isWanted({ orders, log }: ConversationPorts, { id }: Task): Promise<boolean> {
  try {
    return (await orders.stopOf(id)) === null;
  } catch (err) {
    log.warn({ taskId: id, err }, "it is not known whether the task was stopped");
    return true;
  }
}

/** Records what came of the prompt, and where the session is. */
async function linkAfter(
  { ports, patience }: Parts,
  begun: Task,
  session: CloudSession,
  delivery: Outcome,
): Promise<Task> {
  const spoken = await record(ports.tasks, begun, outcomeOf(delivery, ports.now()));
  if (delivery === "delivered") ports.log.info({ taskId: begun.id }, "prompt delivered");
  else ports.log.warn({ taskId: begun.id, ...delivery }, "prompt not delivered");
  return learnLink(ports, spoken, session, patience.linkGraceMs);
}

/** The comment stands with the documented link; the session may still tell its own. */
async function watchForLink(
  { ports, reporter, patience }: Parts,
  task: Task,
  session: CloudSession,
): Promise<void> {
  try {
    const linked = await learnLink(ports, task, session, patience.linkWatchMs);
    if (linked.linkSource === "session") await reporter.tell(linked);
  } catch (error) {
    ports.log.warn({ taskId: task.id, err: error }, "the link was not corrected");
  }
}

function isToFollow(
  concluded: Next | { readonly follow: Task },
): concluded is { readonly follow: Task } {
  return typeof concluded === "object" && "follow" in concluded;
}

function startOf(session: CloudSession, now: Date) {
  return {
    state: "in_progress",
    failureCode: null,
    failureDetail: null,
    watchUntil: null,
    sessionId: session.id,
    sessionStartedAt: now.toISOString(),
    sessionRepository: session.repository,
    sessionBranch: session.branch,
    promptIntentAt: now.toISOString(),
  } as const;
}

function outcomeOf(delivery: Outcome, now: Date) {
  if (delivery === "delivered") return { promptDeliveredAt: now.toISOString(), subjectKey: null };
  const { code: failureCode, message: failureDetail } = delivery;
  return { state: "failed", failureCode, failureDetail, subjectKey: null } as const;
}

async function learnLink(
  { tasks }: ConversationPorts,
  task: Task,
  session: CloudSession,
  withinMs: number,
) {
  if (task.linkSource === "session") return task;
  const told = await session.link(withinMs);
  if (told !== null) return record(tasks, task, { linkUrl: told, linkSource: "session" });
  if (task.linkUrl !== null) return task;
  const linkUrl = documentedLink(session.id);
  return record(tasks, task, { linkUrl, linkSource: "documented" });
}
