import type { NoticeLetter } from "../core/worker/messages.ts";
import type { HostedRow, HostingJobs, HostingRows, WorkerRow } from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";

interface Options {
  readonly rows: HostingRows;
  readonly jobs: HostingJobs;
  readonly me: Pick<WorkerRow, "id" | "process">;
  readonly labels: readonly string[];
  readonly places: number;
  /** How many sessions take a place, those that are only claimed not counted. */
  readonly running: () => number;
  readonly send: (recipient: string, letter: NoticeLetter) => void;
  readonly log: Pick<Log, "error">;
}

/** The sessions that a worker has claimed and not begun. */
export interface Claims {
  /** Looks for sessions that wait, beside every two seconds. */
  look(): void;
  /** The bot has answered: what becomes of this one isn't decided here anymore. */
  settle(sessionId: string): void;
  /** Takes nothing more, and hands back what it has. */
  stop(): Promise<void>;
}

const POLL_MS = 2_000;

/** A bot that's there answers in an instant: one that doesn't gets the session back, in milliseconds. */
const ANSWER_MS = 15_000;

/** Claims sessions that wait, as long as there are places. */
export function createClaims(options: Options): Claims {
  const { rows, jobs, me, labels, places, running, log } = options;
  const claimed = new Map<string, { readonly row: HostedRow; readonly timer: NodeJS.Timeout }>();
  let stopped = false;
  let looking: Promise<void> | null = null;
  let isWoken = false;

  const notice = ({ id, fence, client }: HostedRow) =>
    options.send(client, { sessionId: id, fence, notice: { type: "changed" } });

  async function release(sessionId: string): Promise<void> {
    const one = claimed.get(sessionId);
    if (one === undefined) return;
    settle(sessionId);
    await rows.release(sessionId, me.process);
    notice(one.row);
  }

  function settle(sessionId: string): void {
    clearTimeout(claimed.get(sessionId)?.timer);
    claimed.delete(sessionId);
  }

  function keep(row: HostedRow): void {
    const timer = setTimeout(() => {
      release(row.id).catch((error: unknown) => {
        log.error({ err: error }, "a session could not be handed back");
      });
    }, ANSWER_MS).unref();
    claimed.set(row.id, { row, timer });
    notice(row);
  }

  async function takeAll(): Promise<void> {
    while (!stopped && claimed.size + running() < places) {
      const sessionId = await jobs.take(labels);
      if (sessionId === null) return;
      const row = await rows.claim(sessionId, me);
      if (row !== null) keep(row);
    }
  }

  function look(): void {
    isWoken = true;
    if (stopped) return;
    looking ??= takeWoken().finally(() => {
      looking = null;
      if (isWoken) look();
    });
  }

  async function takeWoken(): Promise<void> {
    isWoken = false;
    await takeAll().catch((error: unknown) => {
      log.error({ err: error }, "what waits for a worker can't be read");
    });
  }

  const polls = setInterval(look, POLL_MS).unref();
  return {
    look,
    settle,
    async stop() {
      stopped = true;
      clearInterval(polls);
      await looking;
      await Promise.all(Array.from(claimed.keys(), release));
    },
  };
}
