import type { InstallationEvent } from "../core/webhook/installation-event.ts";
import type { SubjectEvent } from "../core/webhook/subject-event.ts";

/** What came of an installation event. */
export interface AppliedToInstallation {
  /** How many tasks it has canceled. */
  readonly canceled: number;
}

/** The installations of the App, and what becomes of their tasks. */
export interface Installations {
  /**
   * Has tasks and installations follow a change. Durable when it resolves. A delivery that was applied
   * before, and news that is older than what is known, change nothing.
   */
  applyInstallationEvent(event: InstallationEvent): Promise<AppliedToInstallation>;
  /**
   * Deletes everything that is known of installations that were deleted before this: tasks with their
   * session commands, audit, approvals. Returns the number of installations.
   */
  eraseInstallations(before: Date): Promise<number>;
}

/** What came of a subject event. */
export interface AppliedToSubject {
  /** How many tasks it has canceled. */
  readonly canceled: number;
  /** Tasks whose sessions got a command. */
  readonly steered: readonly string[];
  /** Canceled tasks whose commands are still to be answered, or whose comments say that they wait. */
  readonly unanswered: readonly string[];
}

/** What becomes of tasks whose subject, label or branch is gone. */
export interface Subjects {
  /** Durable when it resolves. A delivery that was applied before changes nothing. */
  applySubjectEvent(event: SubjectEvent): Promise<AppliedToSubject>;
}
