import { documentedLink } from "../core/link.ts";
import type { Task } from "../core/task.ts";
import type { Next } from "./ending.ts";
import type { CloudSession, Patience, Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** What is done with a session once its agent has started. */
export interface Conversation {
  /** Delivers the prompt, learns the link, tells both. */
  begin(task: Task, session: CloudSession, prompt: string): Promise<Next>;
  /** Detaches from every session. */
  stop(): Promise<void>;
}

/** Conversations over their ports. */
export function createConversation(
  ports: Ports,
  reporter: Reporter,
  patience: Patience,
): Conversation {
  const { tasks, log } = ports;
  const attached = new Set<CloudSession>();
  const time = () => ports.now().toISOString();

  async function detach(session: CloudSession): Promise<void> {
    attached.delete(session);
    await session.detach();
  }

  /** The comment stands with the documented link; the session may still tell its own. */
  async function watchForLink(task: Task, session: CloudSession): Promise<void> {
    try {
      const linkUrl = await session.link(patience.linkWatchMs);
      if (linkUrl === null || linkUrl === task.linkUrl) return;
      await reporter.report(await record(tasks, task, { linkUrl, linkSource: "session" }));
    } catch (error) {
      log.error({ taskId: task.id, err: error }, "the link could not be corrected");
    } finally {
      await detach(session);
    }
  }

  return {
    async begin(task, session, prompt) {
      attached.add(session);
      const begun = await record(tasks, task, {
        state: "in_progress",
        failureCode: null,
        failureDetail: null,
        sessionId: session.id,
        sessionStartedAt: time(),
        sessionRepository: session.repository,
        sessionBranch: session.branch,
      });
      log.info({ taskId: task.id, sessionId: session.id }, "session ready");
      const spoken = await speak(ports, begun, session, prompt);
      const told = await session.link(patience.linkGraceMs);
      const linked = await record(tasks, spoken, {
        linkUrl: told ?? documentedLink(session.id),
        linkSource: told === null ? "documented" : "session",
      });
      const next = await reporter.report(linked);
      if (told === null) void watchForLink(linked, session);
      else await detach(session);
      return next;
    },
    async stop() {
      await Promise.all([...attached].map(detach));
    },
  };
}

async function speak(
  { tasks, log, now }: Ports,
  begun: Task,
  session: CloudSession,
  prompt: string,
): Promise<Task> {
  const task = await record(tasks, begun, { promptIntentAt: now().toISOString() });
  const failure = await session.deliver(prompt);
  if (failure === null) return record(tasks, task, { promptDeliveredAt: now().toISOString() });
  const { code: failureCode, message: failureDetail } = failure;
  log.warn({ taskId: task.id, code: failureCode, message: failureDetail }, "prompt not delivered");
  return record(tasks, task, { state: "failed", failureCode, failureDetail });
}
