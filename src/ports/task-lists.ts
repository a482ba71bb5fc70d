import type { Limit } from "../core/task/denial.ts";
import type { AuditEntry } from "../core/task/audit.ts";
import type { ConnectionCount } from "../core/identity/connection.ts";
import type { SessionCommand } from "../core/session/session-command.ts";
import type { Task, TaskPlace, TaskState } from "../core/task/task.ts";
import type { Undelivered } from "../core/task/undelivered.ts";
import type { KnownRepository } from "./viewing.ts";

/** The repositories that the viewer can read now. No other task is looked at. */
export type ReadableRepositories = readonly KnownRepository[];

/** Which tasks are wanted: those for which all that is given holds. */
export interface TaskFilter {
  readonly state?: TaskState | undefined;
  readonly repositoryId?: number | undefined;
  readonly kind?: string | undefined;
  /** A login, in whatever case. */
  readonly requester?: string | undefined;
  /** What somebody typed, as `readTaskSearch` (src/core/task/task-search.ts) reads it. */
  readonly search?: string | undefined;
}

/** A place between two tasks of a list, fit for a URL. One that isn't readable counts as none. */
export type ListCursor = string;

/** What a page of the list is asked for with. */
export interface TaskListRequest {
  readonly readable: ReadableRepositories;
  readonly filter: TaskFilter;
  /** Only older tasks; an earlier page's `older`. */
  readonly before?: ListCursor | undefined;
  /** Only newer tasks; an earlier page's `newer`. It counts only where there's no `before`. */
  readonly after?: ListCursor | undefined;
  /** From 1 to 100. */
  readonly limit: number;
}

/** A page of the list, newest first. */
export interface TaskListPage {
  readonly tasks: readonly Task[];
  /** Where the next newer page begins; null on the first page. */
  readonly newer: ListCursor | null;
  /**
   * Where the next older page begins; null on the last page. A page with several filters can have fewer tasks than
   * asked for, or none, though there are older ones: only so many tasks are looked at for one page.
   */
  readonly older: ListCursor | null;
}

/** A step of a task, with its time, as the audit has it. */
export type AuditedMoment = Pick<AuditEntry, "at" | "step" | "reason">;

/** A session command, and when it was given, begun, and done; ISO 8601 in UTC. */
export interface GivenCommand extends SessionCommand {
  readonly createdAt: string;
  readonly takenAt: string | null;
  readonly doneAt: string | null;
}

/** Up to where changes are known; for the same process only. */
export type ChangesCursor = string;

/** A task that has changed. */
export interface ChangedTask {
  readonly id: string;
  readonly repositoryId: number;
}

/** What has changed since a cursor. */
export interface TaskChanges {
  /** Each task once, in no order. */
  readonly changed: readonly ChangedTask[];
  readonly cursor: ChangesCursor;
  /** False when there may be more than are given: then everything has to be read anew. */
  readonly isComplete: boolean;
}

/** How many sessions count for a limit. */
export interface LimitUse extends Pick<Limit, "scope" | "per"> {
  /** Counted up to 1,000. */
  readonly used: number;
}

/** How often tasks failed for one reason. */
export interface FailureCount {
  /** As the audit has it: a `FailureCode`, or one of an older bot. */
  readonly code: string;
  readonly count: number;
  /** When one last did (ISO 8601), and which. */
  readonly lastAt: string;
  readonly lastTaskId: string;
}

/** A repository, as far as its tasks go. */
export interface RepositoryFigures {
  /** Sessions that are at work. */
  readonly running: number;
  /** Sessions that are being started. */
  readonly starting: number;
  /** Tasks that wait until a session there ends. */
  readonly waitingForPlace: number;
  /** For each scope and time that a limit can have. */
  readonly limits: readonly LimitUse[];
  /** Of the last 30 days, the latest first. */
  readonly failures: readonly FailureCount[];
}

/** Somebody who has connected their Copilot. No tokens. */
export interface ConnectedPerson {
  readonly id: number;
  readonly login: string;
  readonly kind: string;
  readonly connectedAt: string;
  /** When the token ends; null when it doesn't. */
  readonly expiresAt: string | null;
  /** Whether the person has to connect again. */
  readonly hasEnded: boolean;
}

/** The whole bot, for its administrators. Times are ISO 8601 in UTC. */
export interface Overview {
  /** Tasks that the bot still has to do with, by state. */
  readonly unsettled: readonly { readonly state: TaskState; readonly count: number }[];
  /** When the oldest task was requested that nobody has looked at, or that waits for its turn; null when none does. */
  readonly oldestQueuedAt: string | null;
  readonly starting: number;
  readonly waitingForPlace: number;
  readonly waitingForConnection: number;
  readonly undelivered: Undelivered;
  /** Deliveries that were missed, and that GitHub was asked to repeat in the last round. */
  readonly missedDeliveries: number;
  /** Up to when no delivery is missing; null before the first round. */
  readonly deliveriesCheckedTo: string | null;
  /** Of the last 30 days, newest day first. */
  readonly failures: readonly {
    /** As `2026-11-30`, in UTC. */
    readonly day: string;
    readonly code: string;
    readonly count: number;
  }[];
  readonly connections: ConnectionCount;
  /** At most 100, the latest first. */
  readonly people: readonly ConnectedPerson[];
}

/**
 * The tasks, as pages list them: those that got a kind, and those that were refused with a reply. Commands to the bot
 * or to a session aren't listed. Every method rejects when the database does, and none takes longer with the number of
 * tasks that are kept.
 */
export interface TaskLists {
  page(request: TaskListRequest): Promise<TaskListPage>;
  /** The tasks that wait for an answer or a connection of this person's, newest first; at most 20. */
  waitingFor(personId: number, readable: ReadableRepositories): Promise<readonly Task[]>;
  /** Where a task is, by the names of that time; null when there's none. Not for whoever may not see it. */
  whereIs(id: string): Promise<KnownRepository | null>;
  /** Null when there's no such task, or it's in another repository. */
  find(id: string, readable: ReadableRepositories): Promise<Task | null>;
  /** The steps of a task, oldest first. */
  audit(taskId: string): Promise<readonly AuditedMoment[]>;
  /** The session commands to a task, oldest first; at most the newest 100. */
  commands(taskId: string): Promise<readonly GivenCommand[]>;
  /**
   * What any replica has changed of listed tasks and their session commands since then. With null, it only gives a
   * cursor.
   */
  changes(since: ChangesCursor | null): Promise<TaskChanges>;
  /** @param personId whose use of the requester's limits is counted */
  repository(
    place: Pick<TaskPlace, "ownerId" | "repositoryId">,
    personId: number,
  ): Promise<RepositoryFigures>;
  overview(): Promise<Overview>;
}
