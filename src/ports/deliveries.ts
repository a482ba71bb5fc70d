import type { Attempt, RedeliveryProgress } from "../core/webhook/redelivery.ts";

/** The App's webhook deliveries. GitHub keeps them for 3 days, an Enterprise Server for 7. */
export interface Deliveries {
  /** All attempts that were made at this time or later, newest first; all there are for an empty one. */
  attemptsSince(time: string): Promise<Attempt[]>;
  /** Has GitHub deliver again what it tried in this attempt; false when it can't repeat this one. */
  repeat(attemptId: string): Promise<boolean>;
}

/** A round of the recovery: one replica's, for as long as it's renewed. */
export interface RecoveryRound {
  /** What the last round left behind. */
  readonly before: RedeliveryProgress;
  /** False when another replica has begun a round since. */
  renew(): Promise<boolean>;
  end(progress: RedeliveryProgress): Promise<void>;
  /** Ends a round that broke off: the next may begin where it began. */
  release(): Promise<void>;
}

/** How far the recovery of missed deliveries has come. */
export interface Recovery {
  /** Begins a round; null when another replica is at it. */
  begin(): Promise<RecoveryRound | null>;
  /** Ends the round of a process that is gone. */
  release(): Promise<void>;
  /** Which of these deliveries made a task, or have been applied. */
  known(deliveryIds: readonly string[]): Promise<Set<string>>;
}
