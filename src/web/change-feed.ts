import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../ports/log.ts";
import type { ChangedTask, ChangesCursor, TaskLists } from "../ports/task-lists.ts";

/** What has changed: these tasks, or possibly any. */
export type Changes = readonly ChangedTask[] | "any";

/** Reports what any replica changes of tasks. The database is asked once for all who listen, and only while some do. */
export interface ChangeFeed {
  /** @returns ends it */
  listen(listener: (changes: Changes) => void): () => void;
}

interface Options {
  readonly lists: Pick<TaskLists, "changes">;
  /** Between two questions to the database, in milliseconds. */
  readonly everyMs: number;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
  readonly log: Pick<Log, "warn">;
}

/** Asks the database again and again while anybody listens. */
export function createChangeFeed({ lists, everyMs, stopping, log }: Options): ChangeFeed {
  const listeners = new Set<(changes: Changes) => void>();
  let isAsking = false;
  let hasFailed = false;

  function report(changes: Changes): void {
    for (const listener of listeners) listener(changes);
  }

  /** @returns up to where changes are known now */
  async function askOnce(since: ChangesCursor | null): Promise<ChangesCursor | null> {
    try {
      const { changed, cursor, isComplete } = await lists.changes(since);
      // What changed while the database was away isn't known.
      if (!isComplete || (since === null && hasFailed)) report("any");
      else if (since !== null && changed.length > 0) report(changed);
      hasFailed = false;
      return cursor;
    } catch (err) {
      if (!hasFailed) log.warn({ err }, "changes of tasks can't be read for the pages");
      hasFailed = true;
      return null;
    }
  }

  async function ask(): Promise<void> {
    let since: ChangesCursor | null = null;
    while (listeners.size > 0 && !stopping.aborted) {
      since = await askOnce(since);
      await sleep(everyMs, undefined, { signal: stopping, ref: false }).catch(() => {});
    }
    isAsking = false;
  }

  return {
    listen(listener) {
      listeners.add(listener);
      if (!isAsking) {
        isAsking = true;
        void ask();
      }
      return () => void listeners.delete(listener);
    },
  };
}
