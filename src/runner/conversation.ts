import pTimeout from "p-timeout";
import { documentedLink } from "../core/link.ts";
import type { Task } from "../core/task.ts";
import type { Background } from "./background.ts";
import type { Next } from "./ending.ts";
import type { CloudSession, Patience, Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

type Delivery = Awaited<ReturnType<CloudSession["deliver"]>>;

/** What is done with a session once its agent has started. */
export interface Conversation {
  /** Delivers the prompt, learns the link, tells both. What takes long goes on behind the answer. */
  begin(task: Task, session: CloudSession, prompt: string): Promise<Next>;
  /** Detaches from every session. */
  stop(): Promise<void>;
}

/** Conversations over their ports. */
export function createConversation(
  ports: Ports,
  reporter: Reporter,
  background: Background,
  patience: Patience,
): Conversation {
  const { tasks, log } = ports;
  const attached = new Set<CloudSession>();

  async function detach(session: CloudSession): Promise<void> {
    attached.delete(session);
    await session.detach();
  }

  /** The prompt has arrived, or will not: the rest is to tell it, with the link. */
  async function conclude(begun: Task, session: CloudSession, delivery: Delivery): Promise<Next> {
    if (delivery === "unwatched") {
      await detach(session);
      // The session is there, and the next look at it tells whether it has the prompt.
      return { afterMs: 0 };
    }
    const spoken = await record(tasks, begun, outcomeOf(delivery, ports.now()));
    if (delivery === "delivered") log.info({ taskId: begun.id }, "prompt delivered");
    else log.warn({ taskId: begun.id, ...delivery }, "prompt not delivered");
    const linked = await learnLink(ports, spoken, session, patience.linkGraceMs);
    const next = await reporter.report(linked);
    if (next !== "done" || linked.linkSource === "session") await detach(session);
    else void watchForLink(linked, session);
    return next;
  }

  /** The comment stands with the documented link; the session may still tell its own. */
  async function watchForLink(task: Task, session: CloudSession): Promise<void> {
    try {
      const linked = await learnLink(ports, task, session, patience.linkWatchMs);
      if (linked.linkSource === "session") await reporter.tell(linked);
    } catch (error) {
      log.warn({ taskId: task.id, err: error }, "the link was not corrected");
    } finally {
      await detach(session);
    }
  }

  return {
    async begin(task, session, prompt) {
      attached.add(session);
      const begun = await record(tasks, task, startOf(session, ports.now()));
      log.info({ taskId: task.id, sessionId: session.id }, "session ready");
      const delivery = session.deliver(prompt);
      const soon = { milliseconds: patience.promptNoticeMs, fallback: () => "not yet" as const };
      const arrival = await pTimeout(delivery, soon);
      if (arrival !== "not yet") return conclude(begun, session, arrival);
      log.warn({ taskId: task.id, sessionId: session.id }, "the prompt has not arrived yet");
      const waiting = await reporter.tell(await learnLink(ports, begun, session, 0));
      background.goOn(waiting, async () => conclude(waiting, session, await delivery));
      return "done";
    },
    async stop() {
      await Promise.all([...attached].map(detach));
    },
  };
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

function outcomeOf(delivery: Exclude<Delivery, "unwatched">, now: Date) {
  if (delivery === "delivered") return { promptDeliveredAt: now.toISOString() };
  const { code: failureCode, message: failureDetail } = delivery;
  return { state: "failed", failureCode, failureDetail } as const;
}

async function learnLink({ tasks }: Ports, task: Task, session: CloudSession, withinMs: number) {
  if (task.linkSource === "session") return task;
  const told = await session.link(withinMs);
  if (told !== null) return record(tasks, task, { linkUrl: told, linkSource: "session" });
  if (task.linkUrl !== null) return task;
  const linkUrl = documentedLink(session.id);
  return record(tasks, task, { linkUrl, linkSource: "documented" });
}
