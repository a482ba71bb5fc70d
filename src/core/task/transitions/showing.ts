import type { GitHubTroubleType } from "../../github/trouble.ts";
import type { ShownCheckRun } from "../shown.ts";
import type { Task } from "../task.ts";

/** The comment is about to be created. */
export function commentIntended(task: Task, intentAt: string): Task {
  const comment = { ...task.shown.comment, intentAt };
  return { ...task, shown: { ...task.shown, comment } };
}

/** The comment is there, and says what has this digest. */
export function commentWritten(task: Task, id: number, digest: string): Task {
  const comment = { ...task.shown.comment, id, digest };
  return { ...task, shown: { ...task.shown, comment } };
}

/** What the comment says isn't known, because an edit got no answer. */
export function commentUnknown(task: Task): Task {
  const comment = { ...task.shown.comment, digest: null };
  return { ...task, shown: { ...task.shown, comment } };
}

/** A notice is about to be created. */
export function noticeIntended(task: Task, about: string, intentAt: string): Task {
  const notice = { about, intentAt, id: null, digest: null };
  return { ...task, shown: { ...task.shown, notice } };
}

/** The notice is there, and says what has this digest. */
export function noticePosted(task: Task, id: number, digest: string): Task {
  const notice = { ...task.shown.notice, id, digest };
  return { ...task, shown: { ...task.shown, notice } };
}

/** The notice was found; what it says isn't known. */
export function noticeFound(task: Task, id: number): Task {
  const notice = { ...task.shown.notice, id };
  return { ...task, shown: { ...task.shown, notice } };
}

/** The notice is up to date. */
export function noticeRefreshed(task: Task, about: string, digest: string): Task {
  const notice = { ...task.shown.notice, about, digest };
  return { ...task, shown: { ...task.shown, notice } };
}

/** Somebody deleted the notice, and knows what it was posted for. */
export function noticeDeleted(task: Task): Task {
  const notice = { ...task.shown.notice, id: null, intentAt: null };
  return { ...task, shown: { ...task.shown, notice } };
}

/** The notice no longer holds, and is deleted. */
export function noticeClosed(task: Task): Task {
  const notice = { ...task.shown.notice, about: null, id: null, digest: null };
  return { ...task, shown: { ...task.shown, notice } };
}

/** The trigger's label is removed. */
export function triggerLabelRemoved(task: Task): Task {
  return { ...task, shown: { ...task.shown, labelToRemove: null } };
}

/** The subject has this label of the bot's, or none. */
export function labelShown(task: Task, label: string | null): Task {
  return { ...task, shown: { ...task.shown, label } };
}

/** The check run is up to date. */
export function checkRunWritten(task: Task, checkRun: ShownCheckRun): Task {
  return { ...task, shown: { ...task.shown, checkRun } };
}

/** GitHub refuses what the task asks for: once more, or for the first time. */
export function refusedByGitHub(
  task: Task,
  { at, type, message }: { at: string; type: GitHubTroubleType; message: string },
): Task {
  const { since = at, count = 0 } = task.shown.refused ?? {};
  const refused = { since, count: count + 1, type, message };
  return { ...task, shown: { ...task.shown, refused } };
}

/** GitHub does what it is asked again. */
export function grantedByGitHub(task: Task): Task {
  return { ...task, shown: { ...task.shown, refused: null } };
}

/** Nobody moves the task before then. */
export function postponed(task: Task, notBefore: string): Task {
  return { ...task, schedule: { ...task.schedule, notBefore } };
}

/** The task with what people see of it in GitHub, taken from the other one: only the reporter writes that. */
export function withShown(task: Task, reported: Task): Task {
  // The newer of the two knows where the thread is.
  const { place, subject } = reported.updatedAt > task.updatedAt ? reported : task;
  return { ...task, shown: reported.shown, place, subject };
}
