import type { SharedAccount } from "../core/access/shared-account.ts";
import type { Failure } from "../core/task/failure.ts";
import type { Task } from "../core/task/task.ts";
import type { SessionRequest } from "./copilot.ts";

/** What more is known of a failure. */
export type Diagnosis = Partial<Omit<Failure, "message">>;

/** Chooses whose Copilot each session uses. */
export interface Identities {
  /** The same at every step of a task. */
  identityFor(task: Pick<Task, "requester" | "place">): Promise<{ readonly token: string }>;
  /**
   * The accounts of all identities, which agents can act as; null for one that isn't of this GitHub. Rejects as
   * GitHub's methods do.
   */
  accounts(): Promise<readonly SharedAccount[]>;
  /** What GitHub says about a refusal that doesn't say enough; null when it says nothing more. */
  diagnose(request: SessionRequest, failure: Failure): Promise<Diagnosis | null>;
}
