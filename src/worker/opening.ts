import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { isServed, isThere, machineOfWorker } from "../core/worker/machine.ts";
import { openingSchema } from "../core/worker/results.ts";
import type {
  HostedRow,
  HostingJobs,
  HostingRows,
  WorkerRow,
  WorkerRows,
} from "../ports/hosting-rows.ts";
import type {
  HostedOpening,
  HostedRequest,
  HostedTokens,
  SessionHost,
} from "../ports/session-host.ts";
import type { Log } from "../ports/log.ts";
import { KeptTokens } from "./kept-tokens.ts";
import type { WorkerConnection, Reply } from "./worker-connection.ts";
import { LOOK_MS } from "./presence.ts";

/** What looks after the sessions of workers. */
export interface OpeningParts {
  readonly rows: HostingRows;
  readonly workers: WorkerRows;
  readonly jobs: HostingJobs;
  readonly log: Pick<Log, "error">;
}

interface Wanted {
  readonly request: HostedRequest;
  readonly tokens: () => Promise<HostedTokens>;
  readonly waiting: Parameters<SessionHost["open"]>[2];
  readonly connection: WorkerConnection;
}

/** What came of it. */
export type WorkerOpening =
  | Exclude<z.output<typeof openingSchema>, { type: "released" }>
  | (Extract<HostedOpening, { type: "failed" }> & { readonly isMachineGone: true });

/** A job that nobody has taken for so long is sent again, in milliseconds: a worker may have died with it. */
const JOB_MS = 10_000;

const WITHDRAWN: WorkerOpening = { type: "withdrawn" };

/** Waits until a worker has room for a session, gives it its tokens, and waits for what comes of it. */
export class WaitingForOpening {
  readonly #parts: OpeningParts;
  readonly #wanted: Wanted;
  readonly #withdrawn: Promise<void>;
  /** The worker's process that has the tokens, and what comes of that. */
  #asked: { readonly process: string; readonly reply: Promise<Reply> } | null = null;
  readonly #tokens: KeptTokens;
  #jobSentAt = -Infinity;
  #isAnnounced = false;
  #isTakenBack = false;

  constructor(parts: OpeningParts, wanted: Wanted) {
    this.#parts = parts;
    this.#wanted = wanted;
    this.#tokens = new KeptTokens(wanted.tokens, () => wanted.connection.wake());
    const { withdrawn } = wanted.waiting;
    this.#withdrawn = new Promise((resolve) => {
      if (withdrawn.aborted) resolve();
      withdrawn.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** @throws what asking for the tokens does */
  async end(): Promise<WorkerOpening> {
    const { connection } = this.#wanted;
    for (;;) {
      // Somebody else has the session now, and what comes of it.
      if (connection.lost.aborted) return WITHDRAWN;
      const changed = connection.changed();
      const { failed } = this.#tokens;
      const end = await (failed === null ? this.#step() : this.#giveUp()).catch(
        (error: unknown) => {
          this.#parts.log.error({ err: error }, "the rows of workers can't be read or written");
          return null;
        },
      );
      if (end !== null) return end;
      if (failed !== null) throw failed.error;
      const opened = await this.#next(changed);
      if (opened !== null) return opened;
    }
  }

  /** Waits for something to happen. @returns what came of it, if that's it */
  async #next(changed: Promise<void>): Promise<WorkerOpening | null> {
    const pause = new AbortController();
    const asked = this.#asked;
    const reply = await Promise.race([
      changed.then(() => null),
      ...(this.#isTakenBack ? [] : [this.#withdrawn.then(() => null)]),
      sleep(LOOK_MS, null, { signal: pause.signal }).catch(() => null),
      ...(asked === null ? [] : [asked.reply]),
    ]);
    pause.abort();
    this.#announce(this.#wanted.connection.machine);
    if (reply === null) return null;
    if (reply.type === "unreachable") return WITHDRAWN;
    const opening = openingSchema.parse(reply.result);
    if (opening.type === "released") {
      this.#asked = null;
      this.#jobSentAt = -Infinity;
      return null;
    }
    if (opening.type === "started") this.#announce(opening.session.machine);
    return opening;
  }

  #announce(machine: string | null): void {
    if (machine === null || this.#isAnnounced) return;
    this.#isAnnounced = true;
    this.#wanted.waiting.onTaken(machine);
  }

  /** Does what the row asks for. @returns the end, if that's what it says */
  async #step(): Promise<WorkerOpening | null> {
    const { rows } = this.#parts;
    const { sessionId } = this.#wanted.request;
    const isWithdrawn = this.#wanted.waiting.withdrawn.aborted;
    if (isWithdrawn && !this.#isTakenBack && (await this.#withdraw())) return WITHDRAWN;
    const row = await rows.find(sessionId);
    if (row === null) return WITHDRAWN;
    switch (row.state) {
      case "waiting":
        await this.#sendJob();
        return null;
      case "claimed":
        // The job was taken: if the session waits again, it needs another one.
        this.#jobSentAt = -Infinity;
        return this.#give(row);
      case "begun":
      case "open":
        if (isWithdrawn) this.#takeBack();
        return this.#give(row);
      case "failed":
        return row.failure === null ? null : { type: "failed", failure: row.failure };
      case "removing":
        return WITHDRAWN;
      default:
        return row.state satisfies never;
    }
  }

  async #sendJob(): Promise<void> {
    this.#asked = null;
    if (performance.now() - this.#jobSentAt < JOB_MS) return;
    const { request, waiting } = this.#wanted;
    const { labels } = request.terms;
    await this.#parts.jobs.send(labels, request.sessionId);
    this.#jobSentAt = performance.now();
    const machines = (await this.#parts.workers.all()).map(machineOfWorker);
    waiting.onWaiting?.(isServed(machines, labels));
  }

  #takeBack(): void {
    if (!this.#isTakenBack) this.#wanted.connection.notify({ type: "withdraw" });
    this.#isTakenBack = true;
  }

  /** Gives the tokens to the worker that has the session, once. */
  async #give(row: HostedRow): Promise<WorkerOpening | null> {
    const { connection } = this.#wanted;
    const worker = (await this.#parts.workers.all()).find(({ id }) => id === row.worker);
    if (worker === undefined || !isThere(worker) || !hasItStill(row, worker)) {
      return this.#withoutWorker(row, worker);
    }
    if (this.#asked?.process === worker.process) return null;
    // They wake this up when they're there, and it can be withdrawn until then.
    const tokens = this.#tokens.take();
    if (tokens === null) return null;
    connection.connectTo(worker);
    this.#asked = { process: worker.process, reply: connection.callSealed("open", tokens) };
    return null;
  }

  /** Without tokens, the worker isn't kept waiting for them. */
  async #giveUp(): Promise<WorkerOpening | null> {
    const isGone = await this.#withdraw();
    return isGone && this.#wanted.waiting.withdrawn.aborted ? WITHDRAWN : null;
  }

  /** @returns whether no machine begins with it anymore */
  async #withdraw(): Promise<boolean> {
    const { rows, workers } = this.#parts;
    const { request, connection } = this.#wanted;
    const row = await rows.find(request.sessionId);
    const isGone = await rows.withdraw(request.sessionId);
    const worker = (await workers.all()).find(({ process }) => process === row?.process);
    if (isGone && worker !== undefined) {
      // It has kept room for it.
      connection.connectTo(worker);
      connection.notify({ type: "withdraw" });
    }
    return isGone;
  }

  async #withoutWorker(
    row: HostedRow,
    worker: WorkerRow | undefined,
  ): Promise<WorkerOpening | null> {
    const { rows } = this.#parts;
    if (row.state === "claimed") {
      await rows.release(row.id, row.process ?? "");
      this.#jobSentAt = -Infinity;
      this.#wanted.connection.wake();
      return null;
    }
    // Whoever asks for a session hasn't sent it a prompt: nothing is charged, and its task may begin anew.
    await rows.leaveForRemoval(row.id);
    const message = `${worker?.name ?? "the worker"} ended while the session was being opened`;
    const failure = { code: "runtime_crashed", message, nothingCreated: true } as const;
    return { type: "failed", failure, isMachineGone: true };
  }
}

/** What a process has claimed or begun ends with it; what is open stays its worker's. */
function hasItStill(row: HostedRow, worker: WorkerRow): boolean {
  return row.state === "open" || row.process === worker.process;
}
