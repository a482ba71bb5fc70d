import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Mail } from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";

/** One process' letters to and from others, in order. */
export interface Post {
  /** Sends one, as soon as the database takes it. */
  send(recipient: string, content: unknown): void;
  /** Looks for letters now, beside every two seconds. */
  wake(): void;
  /** Resolves when everything is sent, or after so many milliseconds. */
  flush(withinMs: number): Promise<void>;
  stop(): void;
}

interface Options {
  readonly mail: Mail;
  /** This process' address. */
  readonly address: string;
  readonly log: Pick<Log, "error">;
  /** Takes a letter in. Must not throw. */
  readonly onLetter: (content: unknown) => void;
}

/** For what PostgreSQL did not notify of, in milliseconds. */
const POLL_MS = 2_000;
/** Before the database is tried again. */
const RETRY_MS = 500;
/** So many letters go in one statement. */
const SENT_AT_ONCE = 100;

/**
 * Opens a process' post. What is sent is written in the order in which it was given, by one statement at a time; it
 * waits while the database is away. What is read is taken in once and in order, and deleted after that.
 */
export function openPost({ mail, address, log, onLetter }: Options): Post {
  const outgoing: { readonly id: string; readonly recipient: string; readonly content: unknown }[] =
    [];
  /** What was read, and may be read again. */
  const taken = new Set<string>();
  let stopped = false;
  let sending: Promise<void> | null = null;
  let reading: Promise<void> | null = null;
  /** Of those, what isn't in the database anymore. */
  const removed: string[] = [];
  let removing: Promise<boolean> | null = null;
  let isWoken = false;
  let isAway = false;

  function report(error: unknown): void {
    // Once for each time that it's away.
    if (!isAway) log.error({ err: error }, "no mail between the bot and its workers");
    isAway = true;
  }

  async function sendAll(): Promise<void> {
    while (outgoing.length > 0) {
      const some = outgoing.slice(0, SENT_AT_ONCE);
      try {
        await mail.send(some);
        outgoing.splice(0, some.length);
        isAway = false;
      } catch (error) {
        report(error);
        if (stopped) return;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** @returns whether there may be more */
  async function readOnce(): Promise<boolean> {
    const gone = removed.splice(0);
    const letters = await mail.read(address);
    // This one can't have seen them anymore, as one that began before their removal may have.
    for (const id of gone) taken.delete(id);
    const fresh = letters.filter(({ id }) => !taken.has(id));
    for (const { id, content } of fresh) {
      taken.add(id);
      onLetter(content);
    }
    removing ??= removeTaken().finally(() => {
      removing = null;
    });
    // Where all that was read is known, it has to go before there can be more.
    return fresh.length > 0 || (letters.length > 0 && (await removing));
  }

  /** Deletes what was taken in, beside what's read next. @returns whether that worked */
  async function removeTaken(): Promise<boolean> {
    const ids = [...taken];
    try {
      await mail.remove(ids);
      removed.push(...ids);
      return true;
    } catch (error) {
      report(error);
      return false;
    }
  }

  async function readAll(): Promise<void> {
    try {
      while (isWoken && !stopped) {
        isWoken = false;
        while ((await readOnce()) && !stopped);
      }
    } catch (error) {
      report(error);
    }
  }

  function wake(): void {
    isWoken = true;
    reading ??= readAll().finally(() => {
      reading = null;
      if (isWoken && !stopped) wake();
    });
  }

  function sendSoon(): void {
    // What is sent in one turn goes together.
    sending ??= Promise.resolve()
      .then(sendAll)
      .finally(() => {
        sending = null;
        if (outgoing.length > 0 && !stopped) sendSoon();
      });
  }

  const polls = setInterval(wake, POLL_MS).unref();
  return {
    send(recipient, content) {
      outgoing.push({ id: randomUUID(), recipient, content });
      sendSoon();
    },
    wake,
    async flush(withinMs) {
      await Promise.race([sending, sleep(withinMs, undefined, { ref: false })]);
    },
    stop() {
      stopped = true;
      clearInterval(polls);
    },
  };
}
