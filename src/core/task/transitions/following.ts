import type { SeenProgress, Unfollowed } from "../session.ts";
import type { TaskShown } from "../shown.ts";
import type { Task, TaskPlace, TaskState } from "../task.ts";

/** The bot follows the session, until then at most. */
export function followed(task: Task, followUntil: string): Task {
  return { ...task, session: { ...task.session, followUntil } };
}

/** What the task has to take over from what was seen of its session. */
export interface SeenSession extends Omit<SeenProgress, "seenAt"> {
  readonly state: TaskState;
}

/** Something of the session has changed. */
export function progressed(task: Task, { state, ...seen }: SeenSession, seenAt: string): Task {
  return { ...task, state, session: { ...task.session, progress: { ...seen, seenAt } } };
}

/**
 * The task with what was seen of its session, taken from the other one: the store may keep less of it, such as of a
 * character that no database takes, and that is no news.
 */
export function withSeen(task: Task, { state, session: { progress } }: Task): Task {
  return { ...task, state, session: { ...task.session, progress } };
}

/** The bot follows the session no longer. */
export function unfollowed(task: Task, why: Unfollowed): Task {
  return { ...task, session: { ...task.session, unfollowed: why, followUntil: null } };
}

/** The session can't be reached, and this came of what people asked of it. */
export function outOfReach(
  task: Task,
  { note, pulls }: Pick<SeenProgress, "note" | "pulls">,
  why: "unreachable" | "disconnected" = "unreachable",
): Task {
  const { session } = unfollowed(task, why);
  return { ...task, session: { ...session, progress: { ...session.progress, note, pulls } } };
}

/** Why a settled task is opened again. */
export interface Reopening {
  /** Until when its session is followed. */
  readonly followUntil: string;
  /** For a new command: where the thread is now. What came of the last command is over. */
  readonly place?: Omit<TaskPlace, "repositoryId" | "movedFrom">;
}

/** A settled task is to be moved again, because somebody has sent its session a command. */
export function reopened(task: Task, { followUntil, place }: Reopening): Task {
  const { session } = task;
  const progress = place === undefined ? session.progress : { ...session.progress, note: null };
  return {
    ...task,
    settledAt: null,
    // What ended the reports is over, now that somebody writes.
    outcome: null,
    place: place === undefined ? task.place : { ...task.place, ...place },
    session: { ...session, unfollowed: null, followUntil, progress },
    shown: refusedNoMore(task),
  };
}

/** The session has reported its link after the task was settled: the comment is to be corrected. */
export function linkCorrected(task: Task, url: string): Task {
  return {
    ...task,
    settledAt: null,
    session: { ...task.session, link: { url, source: "session" } },
    shown: refusedNoMore(task),
  };
}

/** GitHub has the whole time again to grant what it refused before the task was settled. */
function refusedNoMore({ shown }: Task): TaskShown {
  return { ...shown, refused: null };
}
