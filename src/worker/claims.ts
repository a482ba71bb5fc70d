import type { NoticeLetter } from "../core/worker/messages.ts";
import type {
  HostedRow,
  HostingJobs,
  HostingRows,
  MachineRows,
  WorkerRow,
} from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";

/** What a worker claims sessions with. */
export interface ClaimsParts {
  readonly rows: HostingRows;
  readonly machineRows: MachineRows;
  readonly jobs: HostingJobs;
  readonly me: Pick<WorkerRow, "id" | "process">;
  readonly labels: readonly string[];
  readonly places: number;
  /** How many sessions take a place, those that are only claimed not counted. */
  readonly running: () => number;
  readonly send: (recipient: string, letter: NoticeLetter) => void;
  readonly log: Pick<Log, "error">;
  /** How long a claimed session waits for its tokens; 30 seconds, unless given. */
  readonly answerMs?: number;
}

const POLL_MS = 2_000;

/**
 * A bot that's there answers as soon as it has tokens: one that doesn't gets the session back, in milliseconds. If it only
 * takes longer, it has them for the next claim.
 */
const ANSWER_MS = 30_000;

/** The sessions that a worker has claimed and not begun: as many as there are places. */
export class SessionClaims {
  readonly #parts: ClaimsParts;
  readonly #claimed = new Map<
    string,
    { readonly row: HostedRow; readonly timer: NodeJS.Timeout }
  >();
  readonly #polls = setInterval(() => this.look(), POLL_MS).unref();
  #isStopped = false;
  #isWoken = false;
  #looking: Promise<void> | undefined;

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** How many there are. */
  get size(): number {
    return this.#claimed.size;
  }

  /** Looks for sessions that wait, beside every two seconds. */
  look(): void {
    this.#isWoken = true;
    if (this.#looking === undefined) this.#looking = this.#takeWhileWoken();
  }

  /** The bot has answered: what becomes of this one isn't decided here anymore. */
  settle(sessionId: string): void {
    clearTimeout(this.#claimed.get(sessionId)?.timer);
    this.#claimed.delete(sessionId);
  }

  /** Takes nothing more, and hands back what it has. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#polls);
    await this.#looking;
    await Promise.all(Array.from(this.#claimed.keys(), (id) => this.#release(id)));
  }

  async #takeWhileWoken(): Promise<void> {
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      await this.#takeAll().catch((error: unknown) => {
        this.#parts.log.error({ err: error }, "what waits for a worker can't be read");
      });
    }
    this.#looking = undefined;
  }

  async #takeAll(): Promise<void> {
    const { jobs, labels, machineRows, me } = this.#parts;
    while (this.#hasRoom()) {
      const sessionId = await jobs.take(labels);
      if (sessionId === null) return;
      const row = await machineRows.claim(sessionId, me);
      if (row !== null) this.#keep(row);
    }
  }

  #hasRoom(): boolean {
    const { places, running } = this.#parts;
    return !this.#isStopped && this.size + running() < places;
  }

  #keep(row: HostedRow): void {
    const { answerMs = ANSWER_MS } = this.#parts;
    const timer = setTimeout(() => void this.#release(row.id), answerMs).unref();
    this.#claimed.set(row.id, { row, timer });
    this.#notify(row);
  }

  async #release(sessionId: string): Promise<void> {
    const { rows, me, log } = this.#parts;
    const one = this.#claimed.get(sessionId);
    if (one === undefined) return;
    this.settle(sessionId);
    try {
      await rows.release(sessionId, me.process);
    } catch (error) {
      // Whoever wants it sees that this process doesn't have it anymore when it ends.
      log.error({ err: error, sessionId }, "a session could not be handed back");
    }
    this.#notify(one.row);
  }

  #notify({ id, fence, client }: HostedRow): void {
    this.#parts.send(client, { sessionId: id, fence, notice: { type: "changed" } });
  }
}
