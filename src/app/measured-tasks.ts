import { measuredHosting, measuredLink, measuredStep } from "../core/metrics/task-changes.ts";
import type { Measure } from "../ports/metrics.ts";
import type { MeasuredTasks } from "./storage.ts";
import { now } from "./task-options.ts";

/**
 * What is measured of tasks: their steps, as the audit has them, when people learn the links of their sessions, and what comes of
 * sessions on own machines.
 */
export function measureTasks(measure: Measure): MeasuredTasks {
  return {
    measure,
    onAudited: (entry) => measuredStep(entry).forEach(measure),
    timed: (tasks) => ({
      ...tasks,
      async record(before, after) {
        const changed = await tasks.record(before, after);
        // Of what this write was to change: another one may have written the rest of the row.
        const measured = changed === null ? null : measuredLink(before, after, now());
        if (measured !== null) measure(measured);
        if (changed !== null) measuredHosting(before, after).forEach(measure);
        return changed;
      },
    }),
  };
}
