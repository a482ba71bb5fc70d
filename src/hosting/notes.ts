import type { Log } from "../ports/log.ts";
import type { SessionRecord, SessionRecords } from "./records.ts";
import { startRunningTime } from "./running-time.ts";

/** What is kept of a session while it has a runtime. */
export interface SessionNotes {
  /** The newest. */
  readonly now: SessionRecord;
  note(change: Partial<SessionRecord>): void;
  /** Somebody is about to end its runtime, as often as they like: that's no crash of the session's. */
  endInOrder(): void;
  /** Its runtime has ended: its time doesn't count from now on. */
  close(): void;
}

interface Parts {
  readonly records: SessionRecords;
  readonly sandbox: { readonly log: Log };
}

/** Begins to keep what happens to a session, and for how long it has run. */
export function createNotes(
  { records, sandbox: { log } }: Parts,
  taskId: string,
  record: SessionRecord,
): SessionNotes {
  let now = record;
  const note = (change: Partial<SessionRecord>) => {
    now = { ...now, ...change };
    try {
      records.writeNow(taskId, now);
    } catch (err) {
      // The disk may be full: then this is forgotten when the machine stops.
      log.error({ taskId, err }, "record of a session couldn't be written");
    }
  };
  const time = startRunningTime(record.ranMs, (ranMs) => note({ ranMs }));
  return {
    get now() {
      return now;
    },
    note,
    endInOrder() {
      if (now.resumptions > 0) note({ resumptions: now.resumptions - 1 });
    },
    close: () => time.stop(),
  };
}
