import type { EventLog } from "../event-log.ts";

/** What a session of days keeps is far below; in bytes. */
const MAX_LOG = 64 * 2 ** 20;
/** Knowing an event by its id takes more than the id. */
const PER_EVENT = 128;

/** The same log. @param onFull called with what it was, as soon as it keeps too much */
export function boundedLog(log: EventLog, onFull: (what: string) => void): EventLog {
  let size = 0;
  log.observe((observation) => {
    size += JSON.stringify(observation).length;
  });
  return {
    ...log,
    add(event) {
      const before = log.kept().length;
      log.add(event);
      const isKept = log.kept().length > before;
      // An id may be anything: the runtime says what it is.
      size += PER_EVENT + JSON.stringify(isKept ? event : [event.id]).length;
      if (size > MAX_LOG) onFull("events that take too much memory");
    },
  };
}
