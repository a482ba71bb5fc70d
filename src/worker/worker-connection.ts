import { randomUUID } from "node:crypto";
import type { Observation } from "../core/session/observation.ts";
import type { Call, CallLetter, Notice } from "../core/worker/messages.ts";
import { sealFor } from "./sealing.ts";

/** What came of a call: what the worker says, or nothing, because it isn't reached. */
export type Reply =
  | { readonly type: "result"; readonly result: unknown }
  | { readonly type: "unreachable" };

/** The process of a worker. */
export interface WorkerAddress {
  readonly process: string;
  readonly publicKey: string;
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  /** Whether a prompt is still to be sent. */
  readonly isWanted: () => Promise<boolean>;
}

interface Options {
  readonly sessionId: string;
  readonly fence: number;
  /** The address of this process. */
  readonly client: string;
  readonly send: (recipient: string, letter: CallLetter) => void;
  /** It has ended: no more notices are for it. */
  readonly onEnd: () => void;
}

const UNREACHABLE: Reply = { type: "unreachable" };
const ALWAYS = () => Promise.resolve(true);

/** One connection of this process to one session on a worker. Once it's lost, it stays so. */
export class WorkerConnection {
  readonly sessionId: string;
  readonly fence: number;
  readonly #options: Options;
  readonly #lost = new AbortController();
  readonly #displaced = new AbortController();
  readonly #waiting = new Map<string, Waiting>();
  readonly #observed: Observation[] = [];
  readonly #answerable = new Set<string>();
  readonly #listeners = new Set<(observation: Observation) => void>();
  /** Its worker's process; null while none is known. */
  #worker: WorkerAddress | null = null;
  /** What wakes up whoever waits for the row to change. */
  #changed = Promise.withResolvers<void>();
  /** The machine that has begun with it. */
  machine: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.fence = options.fence;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get displaced(): AbortSignal {
    return this.#displaced.signal;
  }

  get process(): string | null {
    return this.#worker?.process ?? null;
  }

  /** From now on, calls go there. */
  connectTo(worker: WorkerAddress): void {
    this.#worker = worker;
  }

  /** Calls the worker, and waits for what comes of it, for as long as it's there. @throws what the worker reports as a defect */
  call(call: Call, isWanted = ALWAYS): Promise<Reply> {
    return this.#calling(randomUUID(), call, isWanted);
  }

  /** The same with something that only this worker can read. */
  callSealed(type: "open" | "attach" | "push", secret: unknown): Promise<Reply> {
    const id = randomUUID();
    if (this.#worker === null) return Promise.resolve(UNREACHABLE);
    const purpose = { sessionId: this.sessionId, callId: id };
    const sealed = sealFor(this.#worker.publicKey, JSON.stringify(secret), purpose);
    return this.#calling(id, { type, sealed }, ALWAYS);
  }

  /** Calls the worker without waiting for what comes of it. */
  notify(call: Call): void {
    if (!this.lost.aborted) this.#send(randomUUID(), call);
  }

  #calling(id: string, call: Call, isWanted: () => Promise<boolean>): Promise<Reply> {
    if (this.lost.aborted || this.#worker === null) return Promise.resolve(UNREACHABLE);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, isWanted });
      this.#send(id, call);
    });
  }

  #send(id: string, call: Call): void {
    if (this.#worker === null) return;
    const { sessionId, fence } = this;
    const { client: from, send } = this.#options;
    send(this.#worker.process, { sessionId, fence, id, from, call });
  }

  /** Takes in what the worker says. */
  receive(notice: Notice): void {
    switch (notice.type) {
      case "changed":
        return this.wake();
      case "taken":
        this.machine = notice.machine;
        return this.wake();
      case "result":
        return this.#settle(notice.id)?.resolve({ type: "result", result: notice.result });
      case "rejected":
        return this.#settle(notice.id)?.reject(new Error(notice.message));
      case "fenced":
        return this.end();
      case "observed":
        return this.#observe(notice);
      case "displaced":
        return this.#displaced.abort();
      case "lost":
        return this.end(notice.reason === "token" ? "token" : undefined);
      case "wanted":
        return void this.#askWhetherWanted(notice);
      default:
        return notice satisfies never;
    }
  }

  #settle(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #observe({ position, observation, canAnswer }: Extract<Notice, { type: "observed" }>): void {
    // Something is missing: the next connection gets everything again.
    if (position !== this.#observed.length) return this.end();
    if (canAnswer && observation.type === "asked") this.#answerable.add(observation.requestId);
    this.#observed.push(observation);
    for (const listener of this.#listeners) listener(observation);
  }

  async #askWhetherWanted({ id, question }: Extract<Notice, { type: "wanted" }>): Promise<void> {
    const waiting = this.#waiting.get(id);
    // Whoever doesn't know loses nothing by not sending it.
    const isWanted = (await waiting?.isWanted().catch(() => false)) ?? false;
    this.notify({ type: "wanted", question, isWanted });
  }

  /** Gives what was observed so far, and then what is. */
  observe(listener: (observation: Observation) => void): () => void {
    for (const observation of this.#observed) listener(observation);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  canAnswer(requestId: string): boolean {
    return this.#answerable.has(requestId);
  }

  /** Resolves when the row may have changed. */
  changed(): Promise<void> {
    return this.#changed.promise;
  }

  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** The session isn't reached through this connection anymore. */
  end(reason?: "token"): void {
    if (this.lost.aborted) return;
    this.#options.onEnd();
    this.#lost.abort(reason);
    for (const { resolve } of this.#waiting.values()) resolve(UNREACHABLE);
    this.#waiting.clear();
    this.wake();
  }
}
