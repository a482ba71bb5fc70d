import type { Mail } from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";
import { Inbox } from "./inbox.ts";
import { Outbox } from "./outbox.ts";

/** One process' letters to and from others, in order. */
export interface Post {
  /** Sends one, as soon as the database takes it. */
  send(recipient: string, content: unknown): void;
  /** Looks for letters now. */
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

/** So often at most, the log says that the database is away, in milliseconds. */
const REPORT_MS = 60_000;

/** Opens a process' post. */
export function openPost({ log, mail, ...options }: Options): Post {
  let reportedAt = -Infinity;
  const onError = (error: unknown) => {
    if (performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    log.error({ err: error }, "no mail between the bot and its workers");
  };
  const outbox = new Outbox(mail, onError);
  const inbox = new Inbox({ ...options, mail, onError });
  return {
    send: (recipient, content) => outbox.send(recipient, content),
    wake: () => inbox.wake(),
    flush: (withinMs) => outbox.flush(withinMs),
    stop() {
      outbox.stop();
      inbox.stop();
    },
  };
}
