import type { SessionEvent } from "@github/copilot-sdk";

/** The events of one session, each once, in the order in which they came. */
export interface EventLog {
  /** Takes an event; one that is there already (by its id) changes nothing. */
  add(event: SessionEvent): void;
  /** The first event, past or to come, in which the reader finds something; null when time is over. */
  first<T>(read: (event: SessionEvent) => T | null, withinMs: number): Promise<T | null>;
  /** Ends all waiting: nothing more will come. */
  close(): void;
}

/** An empty log. */
export function createEventLog(): EventLog {
  const events = new Map<string, SessionEvent>();
  const waiting = new Set<(event: SessionEvent | null) => void>();
  let closed = false;
  return {
    add(event) {
      if (events.has(event.id)) return;
      events.set(event.id, event);
      for (const notice of waiting) notice(event);
    },
    first<T>(read: (event: SessionEvent) => T | null, withinMs: number) {
      for (const event of events.values()) {
        const found = read(event);
        if (found !== null) return Promise.resolve(found);
      }
      if (closed) return Promise.resolve(null);
      return new Promise<T | null>((resolve) => {
        const end = (found: T | null) => {
          clearTimeout(timer);
          waiting.delete(notice);
          resolve(found);
        };
        const notice = (event: SessionEvent | null) => {
          const found = event === null ? null : read(event);
          if (event === null || found !== null) end(found);
        };
        const timer = setTimeout(() => end(null), withinMs);
        waiting.add(notice);
      });
    },
    close() {
      closed = true;
      for (const notice of waiting) notice(null);
    },
  };
}
