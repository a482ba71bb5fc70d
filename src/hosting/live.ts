import type { HostedSession } from "../ports/session-host.ts";
import type { SessionName } from "./records.ts";
import type { SessionRoom } from "./rooms.ts";
import type { Run } from "./running.ts";

/** The sessions that have a runtime, each with its place: one of each task. A task may have begun anew with another session. */
export function createLive() {
  const sessions = new Map<string, HostedSession>();
  /** The ids of those whose runtimes are being started. */
  const starting = new Map<string, string>();
  /** Tasks of which a session is being removed. */
  const removals = new Map<string, Promise<void>>();

  async function untilEnded(
    taskId: string,
    room: SessionRoom,
    { session, ended }: Extract<Run, { type: "running" }>,
  ): Promise<void> {
    sessions.set(taskId, session);
    await ended;
    if (sessions.get(taskId) === session) sessions.delete(taskId);
    room.leave();
  }

  async function end(taskId: string): Promise<void> {
    await sessions.get(taskId)?.detach();
  }

  return {
    has: (taskId: string) => starting.has(taskId) || sessions.has(taskId),
    end,
    /** Starts a runtime in a place, which it has until it ends. */
    async keep<Result extends Run | null>(
      { taskId, sessionId }: SessionName,
      room: SessionRoom,
      start: () => Promise<Result>,
    ): Promise<Result> {
      starting.set(taskId, sessionId);
      try {
        await removals.get(taskId);
        const run = await start();
        if (run?.type === "running") void untilEnded(taskId, room, run);
        else room.leave();
        return run;
      } catch (error) {
        room.leave();
        throw error;
      } finally {
        starting.delete(taskId);
      }
    },
    /** Ends a session and removes its files, unless its task has another one by now; one that begins waits for that. */
    async remove(
      { taskId, sessionId }: SessionName,
      removeFiles: () => Promise<void>,
    ): Promise<void> {
      const there = starting.get(taskId) ?? sessions.get(taskId)?.id ?? sessionId;
      if (there !== sessionId) return;
      const removal = end(taskId).then(removeFiles);
      const over = removal.catch(() => {});
      removals.set(taskId, over);
      await removal.finally(() => {
        if (removals.get(taskId) === over) removals.delete(taskId);
      });
    },
  };
}
