import type { Role } from "../github/role.ts";
import type { Misplacement } from "../command/misplaced.ts";
import type { Policy } from "../policy/policy.ts";
import type { TaskOutcome } from "./outcome.ts";
import type { TaskSession } from "./session.ts";
import type { TaskShown } from "./shown.ts";
import type { IdentityChoice } from "../policy/identity-choice.ts";

/** GitHub's own words for the states of an agent's task. */
export type TaskState =
  | "queued"
  | "in_progress"
  | "waiting_for_user"
  | "idle"
  | "completed"
  | "failed"
  | "timed_out"
  | "cancelled";

/** What a task is claimed for: the quick look at the requester, or the start of its session. */
export type Lane = "receive" | "start";

export type SubjectType = "issue" | "pull_request";

/** Where a command was written in its thread: an issue comment, a review, or a comment on a line of the diff. */
export type CommentPlace = "issue_comment" | "review" | "review_comment";

/** Where a command was given: in its thread, or with a button of a task's page. */
export type CommandPlace = CommentPlace | "page";

/** A label was set. */
export interface LabelTrigger {
  readonly type: "label";
  readonly name: string;
}

/** What commands have in common, wherever they were given. */
interface GivenCommand {
  readonly type: "command";
  /** In small letters. */
  readonly name: string;
  /** Why the command is only answered: how or where it was written; null for one that counts. */
  readonly misplaced: Misplacement | null;
  /** The slug of the App through which the requester wrote the command; null when it was none. */
  readonly viaApp: string | null;
  /** The requester's own words after the command; for a retry, those of the task that is tried again too. */
  readonly instructions: string;
}

/** A command was written in its thread. */
export interface CommentTrigger extends GivenCommand {
  readonly place: CommentPlace;
  readonly commentId: number;
}

/** A command was given on a task's page: there's no comment to react to, or to quote. */
export interface PageTrigger extends GivenCommand {
  readonly place: "page";
}

export type CommandTrigger = CommentTrigger | PageTrigger;

/** The event that asked for a task. */
export interface TriggerEvent {
  /** `X-GitHub-Delivery` of the webhook that brought the trigger; of a page's, what makes its form known again. */
  readonly deliveryId: string;
  /** One event, however many webhooks, or copies of a form, report it. */
  readonly eventKey: string;
  /**
   * When the subject had last changed, as the trigger's webhook said; when the button was pressed, of a page's. What is
   * older is no news to it.
   */
  readonly at: string;
}

/** What somebody did that asked for a task. */
export type TaskTrigger = (LabelTrigger | CommandTrigger) & TriggerEvent;

/** The person who asked: the `sender` of the webhook. */
export interface Requester {
  readonly login: string;
  readonly id: number;
  /** What they may do in the repository, as of the gate's last look; null before that. */
  readonly role: Role | null;
}

/** Where the subject of a task is. */
export interface TaskPlace {
  /** Null when a repository's own webhook brought the event: it does not name the installation. */
  readonly installationId: number | null;
  readonly repositoryId: number;
  /** The account that the repository belongs to, and its name at that time. */
  readonly ownerId: number;
  readonly owner: string;
  /** Null for a task of before this was kept. */
  readonly ownerType: "User" | "Organization" | null;
  readonly repository: string;
  /** `owner/repository#number` of the issue that the session was created for, where it was transferred since. */
  readonly movedFrom: string | null;
}

/** The issue or pull request that a task is about. */
export interface TaskSubject {
  readonly type: SubjectType;
  readonly number: number;
}

/** What was decided about a task, step by step. */
export interface TaskDecision {
  /** What is to be done, e.g. `triage`: a name that the policy gives to the label or the command. */
  readonly kind: string | null;
  /**
   * Whose Copilot its session uses: its requester's own, or the account that the administrator provides. Null where
   * people can't connect theirs: then there's only one.
   */
  readonly identity: IdentityChoice | null;
  /** The failed task that this one tries again. */
  readonly retryOf: string | null;
  /** The branch and commit that the prompt names. */
  readonly branch: string | null;
  readonly commit: string | null;
  /** The commit of the repository, and of the organization's defaults, whose policy file was in force. */
  readonly policyCommit: string | null;
  readonly defaultsCommit: string | null;
  readonly acknowledgedAt: string | null;
  /** The repository's default branch when the session was asked for. */
  readonly defaultBranch: string | null;
  /** What the policy said then: on a closed subject, and to the agent's requests. */
  readonly onClose: Policy["onClose"] | null;
  readonly permissionsPolicy: Policy["permissionsPolicy"] | null;
  /** What the requester is notified of. */
  readonly notify: readonly (keyof Policy["notify"])[];
  /** The labels that the policy wants on the subject of a running, and of a failed task. */
  readonly labels: { readonly running: string | null; readonly failed: string | null };
  /** The commit that shall have a check run for this task; null where the policy wants none. */
  readonly checkCommit: string | null;
  /** What makes the address of its session's QR code unguessable; null where the policy wants no code. */
  readonly qrSecret: string | null;
}

/** When a task is to be moved. */
export interface Schedule {
  /** A task that will be tried again is not processed before this. */
  readonly notBefore: string | null;
  /** How many times the bot has tried again by itself. */
  readonly retries: number;
  /** Since when the task waits until a session of its repository ends; null when it doesn't. */
  readonly waitingSince: string | null;
  /** How many sessions may run there at once, as the policy said then. */
  readonly atOnce: number | null;
  /** The task waits until its requester has connected their Copilot, and is canceled then; null when it doesn't wait. */
  readonly connectBy: string | null;
}

/** Who moves a task. */
export interface Lease {
  /** Until then the task belongs to who claimed it. */
  readonly until: string;
  readonly lane: Lane;
}

/**
 * One unit of work: one row, one comment, at most one cloud session.
 *
 * What a task has come to is read from what is recorded, an intent before each effect outside and its result after
 * it, so that after a crash the next step is known. Times are ISO 8601 in UTC. Tasks are changed by the functions in
 * `transitions/` alone.
 */
export interface Task {
  readonly id: string;
  readonly state: TaskState;
  /** Raised by each claim; a write with an older attempt changes nothing. */
  readonly attempt: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Set when the bot has nothing left to do for this task, whatever happens in the session. */
  readonly settledAt: string | null;
  /** Null when nobody moves it. */
  readonly lease: Lease | null;
  readonly schedule: Schedule;
  /** What was asked. */
  readonly trigger: TaskTrigger;
  readonly requester: Requester;
  readonly place: TaskPlace;
  readonly subject: TaskSubject;
  readonly decision: TaskDecision;
  readonly session: TaskSession;
  readonly shown: TaskShown;
  readonly outcome: TaskOutcome | null;
}

/** The name of a command; null for a label. */
export function commandOf({ trigger }: Pick<Task, "trigger">): string | null {
  return trigger.type === "command" ? trigger.name : null;
}

/** Whether a command was given on a task's page. */
export function isFromPage({ trigger }: Pick<Task, "trigger">): boolean {
  return trigger.type === "command" && trigger.place === "page";
}

/** Why a command is only answered; null for one that counts, and for a label. */
export function misplacementOf({ trigger }: Pick<Task, "trigger">): Misplacement | null {
  return trigger.type === "command" ? trigger.misplaced : null;
}

/** What the requester added to the command. */
export function addedInstructions({ trigger }: Pick<Task, "trigger">): string {
  return trigger.type === "command" ? trigger.instructions : "";
}

/** A thread, as tasks of it are found. */
export interface ThreadKey {
  readonly repositoryId: number;
  readonly subjectNumber: number;
}

/** The thread that a task is about. */
export function threadOf({ place, subject }: Pick<Task, "place" | "subject">): ThreadKey {
  return { repositoryId: place.repositoryId, subjectNumber: subject.number };
}
