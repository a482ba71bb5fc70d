import { linkLeftMs } from "../../core/actor/links.ts";
import type { Task } from "../../core/task/task.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { ofDisconnected } from "./disconnected.ts";

/** Waits for links that come after their comment: the comment then has the documented link only. */
export interface LinkWatch {
  /** Waits for the link of a settled task, corrects the comment, and detaches from the session. */
  watch(task: Task, session: CloudSession): void;
  /** Detaches from the session of a task, so that somebody else in this process can attach to it. */
  letGo(taskId: string): Promise<void>;
  /** Detaches from the sessions whose owners have disconnected their Copilot. */
  letGoOfDisconnected(): Promise<void>;
  /** Reaches the sessions whose link nobody in this process waits for, e.g. after a restart. */
  findSessions(hasSession: (taskId: string) => boolean): Promise<void>;
  /** Detaches from every session. */
  stop(): Promise<void>;
}

interface Parts {
  readonly ports: Pick<Ports, "tasks" | "copilot" | "log" | "now" | "stopping" | "processAgain"> & {
    readonly identities: Pick<Ports["identities"], "isConnected">;
  };
  readonly timeouts: Pick<Timeouts, "linkWatchMs">;
  /** What a session is reached with. */
  /** Null when the session can't be reached. */
  readonly attach: (task: Task) => Promise<CloudSession | null>;
}

/** A session whose link is waited for. */
interface Watched {
  readonly task: Task;
  readonly detach: () => Promise<void>;
}

/** A link watch with nothing to wait for. */
export function createLinkWatch({ ports, timeouts, attach }: Parts): LinkWatch {
  const { tasks, log } = ports;
  const watched = new Map<string, Watched>();

  async function wait(task: Task, session: CloudSession, detach: () => Promise<void>) {
    try {
      const leftMs = linkLeftMs(task, ports.now().getTime(), timeouts.linkWatchMs);
      const link = await session.link(leftMs);
      // The task is reopened for it, so that the edit survives whatever happens to GitHub or the bot.
      if (link !== null && (await tasks.correctLink(task.id, link))) ports.processAgain(task.id);
    } catch (err) {
      log.warn({ taskId: task.id, err }, "link not updated");
    } finally {
      await detach();
    }
  }

  function watch(task: Task, session: CloudSession): void {
    const detach = async () => {
      if (watched.get(task.id) === entry) watched.delete(task.id);
      await session.detach();
    };
    const entry = { task, detach };
    watched.set(task.id, entry);
    const letGo = () => void detach();
    session.displaced.addEventListener("abort", letGo, { once: true });
    if (session.displaced.aborted) letGo();
    void wait(task, session, detach);
  }

  return {
    watch,
    async letGo(taskId) {
      await watched.get(taskId)?.detach();
    },
    async letGoOfDisconnected() {
      const left = await ofDisconnected(ports.identities, watched.values());
      await Promise.all(left.map(({ detach }) => detach()));
    },
    async findSessions(hasSession) {
      const since = new Date(ports.now().getTime() - timeouts.linkWatchMs).toISOString();
      for (const task of await tasks.withoutLink(since)) {
        if (watched.has(task.id) || hasSession(task.id) || ports.stopping.aborted) continue;
        const session = await attach(task);
        if (session === null) continue;
        log.info({ taskId: task.id }, "waiting for the session's link");
        watch(task, session);
      }
    },
    async stop() {
      await Promise.all([...watched.values()].map(({ detach }) => detach()));
    },
  };
}
