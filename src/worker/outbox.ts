import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Letter, Mail } from "../ports/hosting-rows.ts";

/** Before the database is tried again, in milliseconds. */
const RETRY_MS = 500;
/** So many letters go in one statement. */
const SENT_AT_ONCE = 100;

/** What a process sends: in the order in which it was given, by one statement at a time. It waits while the database is away. */
export class Outbox {
  readonly #mail: Mail;
  readonly #onError: (error: unknown) => void;
  readonly #letters: Letter[] = [];
  #sending: Promise<void> | null = null;
  #isStopped = false;

  constructor(mail: Mail, onError: (error: unknown) => void) {
    this.#mail = mail;
    this.#onError = onError;
  }

  send(recipient: string, content: unknown): void {
    this.#letters.push({ id: randomUUID(), recipient, content });
    this.#sendSoon();
  }

  /** Resolves when everything is sent, or after so many milliseconds. */
  async flush(withinMs: number): Promise<void> {
    await Promise.race([this.#sending, sleep(withinMs, undefined, { ref: false })]);
  }

  stop(): void {
    this.#isStopped = true;
  }

  #sendSoon(): void {
    // What is sent in one turn goes together.
    this.#sending ??= Promise.resolve()
      .then(() => this.#sendAll())
      .finally(() => {
        this.#sending = null;
        if (this.#letters.length > 0 && !this.#isStopped) this.#sendSoon();
      });
  }

  async #sendAll(): Promise<void> {
    while (this.#letters.length > 0) {
      const some = this.#letters.slice(0, SENT_AT_ONCE);
      try {
        await this.#mail.send(some);
        this.#letters.splice(0, some.length);
      } catch (error) {
        this.#onError(error);
        if (this.#isStopped) return;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }
}
