import type { Finding } from "../core/doctor/finding.ts";
import type { Machine } from "../core/worker/machine.ts";
import type { Person } from "../core/identity/connection.ts";
import type { RuntimesReading } from "./metrics.ts";

/** What the doctor found, and when it began to look (ISO 8601 in UTC). */
export interface HealthCheck {
  readonly checkedAt: string;
  readonly findings: readonly Finding[];
}

/** The runtimes of this process of the bot, for whoever administers it. */
export interface RuntimesOverview extends Pick<RuntimesReading, "processes" | "waiting"> {
  /** E.g. `1.0.80`; null where it isn't known. */
  readonly version: string | null;
  /** One of the bot's own words, e.g. `ready`. */
  readonly state: string;
  /** Whether it can create cloud sessions; null where it isn't known. */
  readonly cloudSessions: boolean | null;
  /** The name of the machine, where other replicas have runtimes of their own; else null. */
  readonly replica: string | null;
}

/** Who administers the bot, and what they see of it besides the tasks. */
export interface Administration {
  /**
   * Whether a person administers the bot now. Rejects with a `ViewingTrouble` when GitHub doesn't say.
   *
   * @param person with the login that they have now
   */
  isAdministrator(person: Person): Promise<boolean>;
  /**
   * The last health check, of all who ask together. One that's a minute old is made again; whoever asks gets the old one
   * meanwhile, and waits only a moment where there's none. Null when none could be had.
   */
  health(): Promise<HealthCheck | null>;
  /**
   * Calls the listener after each health check.
   *
   * @returns ends it
   */
  onHealthCheck(listener: () => void): () => void;
  runtimes(): RuntimesOverview;
  /** The administrator's machines that run sessions; null where there are to be none. */
  machines(): Promise<readonly Machine[] | null>;
}
