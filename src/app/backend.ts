import type { SessionPages } from "../core/github/hosts.ts";
import type { CheckedBackend } from "../doctor/options.ts";
import type { Readiness } from "../http/health.ts";
import type { Copilot } from "../ports/copilot.ts";
import type { RuntimesReading } from "../ports/metrics.ts";
import type { Timeouts } from "../ports/timeouts.ts";

/** What runs sessions, with everything that the bot has to know of it: a part that is missing is a type error. */
export interface Backend extends CheckedBackend {
  /**
   * Has it start: it takes longer than all else. What doesn't work is logged.
   *
   * @throws CannotStart when the settings name something that isn't there
   */
  start(): void;
  /** Creates its sessions, and says what its refusals mean. */
  copilot(timeouts: Timeouts): Promise<Copilot>;
  /** Where people see its sessions, unless a session reports its own link. */
  readonly pages: SessionPages;
  /** How it's doing, for `/readyz`. */
  status(): Readiness["runtime"];
  /** The same, for the metrics. */
  reading(): RuntimesReading;
  /** From now on nothing of it that is gone is started again. */
  retire(): void;
  stop(): Promise<void>;
}
