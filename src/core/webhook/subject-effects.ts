import type { SessionCommand } from "../session/session-command.ts";
import type { Cancellation } from "../task/outcome.ts";
import { purposeOf } from "../task/purpose.ts";
import type { Task } from "../task/task.ts";
import type { SubjectEvent } from "./subject-event.ts";

/** What follows from a subject event. */
export interface SubjectEffects {
  /** Why tasks are canceled; null for an event that cancels none. */
  readonly cancellation: Cancellation | null;
  /** Tasks that will no longer start a session. */
  readonly canceled: readonly Task[];
  /** Those of them that somebody waits for an answer to, or whose comment has to say that they are over. */
  readonly unanswered: readonly Task[];
  /** For the sessions of the other tasks: to stop, or that their pull request was opened. */
  readonly sessionCommands: readonly SessionCommand[];
}

/**
 * Decides what a subject event does to the tasks that it concerns.
 *
 * @param concerned the unsettled tasks of the event's subject, label or branch
 */
export function effectsOf(event: SubjectEvent, concerned: readonly Task[]): SubjectEffects {
  const before = concerned.filter((task) => isBefore(task, event));
  const { change } = event;
  const sessionCommands = before
    .filter((task) => isForItsSession(task, event))
    .map((task) => sessionCommandFor(task, event));
  if (change.type === "pull_request_opened") {
    return { cancellation: null, canceled: [], unanswered: [], sessionCommands };
  }
  const canceled = before.filter(isToStart);
  const unanswered = canceled.filter(({ trigger, shown }) => {
    return trigger.type === "command" || shown.comment.id !== null;
  });
  return { cancellation: change.type, canceled, unanswered, sessionCommands };
}

/**
 * Whether the task was asked for before the subject changed: a late delivery ends nothing that was asked for since.
 *
 * GitHub's times are whole seconds. Within one, a close takes precedence: a task that is canceled for nothing can be
 * requested again, a session that nobody wants anymore can't be undone.
 */
function isBefore(task: Task, { change }: SubjectEvent): boolean {
  switch (change.type) {
    case "subject_closed":
    case "subject_deleted":
    case "label_removed":
      return task.trigger.at <= change.at;
    case "branch_deleted":
    case "pull_request_opened":
      return true;
    default:
      return change satisfies never;
  }
}

/** Whether a task waits to start a session: not one that only has to say something. */
function isToStart(task: Task): boolean {
  if (purposeOf(task).type !== "session") return false;
  return task.outcome === null && task.session.intentAt === null;
}

/** Whether the session of a task has to know. One that is still being created finds the command when it is there. */
function isForItsSession(task: Task, { change }: SubjectEvent): boolean {
  const { decision, session } = task;
  if (session.intentAt === null) return false;
  if (change.type !== "pull_request_opened") return decision.onClose === "stop";
  // The branch that the session begins at is everybody's.
  return change.branch !== decision.branch && change.branch === session.branch;
}

function sessionCommandFor(
  { id: taskId }: Task,
  { deliveryId, by: requester, change }: SubjectEvent,
): SessionCommand {
  const sessionCommand = { id: `${deliveryId} ${taskId}`, taskId, requester };
  return change.type === "pull_request_opened"
    ? { ...sessionCommand, type: "pull_request", text: change.url }
    : { ...sessionCommand, type: "stop", text: "" };
}
