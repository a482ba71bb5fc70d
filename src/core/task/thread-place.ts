import type { Task, TaskPlace } from "./task.ts";

/** Where a task's thread is. */
export interface ThreadPlace extends Omit<TaskPlace, "ownerType" | "movedFrom"> {
  readonly subjectNumber: number;
}

/** Where a thread is now, as far as the App can see. */
export type Whereabouts =
  | { readonly type: "here" }
  | { readonly type: "moved"; readonly to: ThreadPlace }
  | { readonly type: "deleted" }
  /** The App sees the repository and not the subject: it's too new, or was transferred out of the App's sight. */
  | { readonly type: "unseen" }
  /** The App isn't installed there, or the repository is no more: GitHub doesn't say which. */
  | { readonly type: "not_installed" }
  | { readonly type: "suspended" };

/** The thread of a task has moved. A transferred issue's comments are others: they're looked up. */
export function moved(task: Task, { subjectNumber, ...to }: ThreadPlace): Task {
  const { place, shown } = task;
  const there = { ...task, subject: { ...task.subject, number: subjectNumber } };
  if (to.repositoryId === place.repositoryId) return { ...there, place: { ...place, ...to } };
  return {
    ...there,
    place: { ...place, ...to, movedFrom: movedFromOf(task) },
    shown: {
      ...shown,
      comment: { ...shown.comment, id: null },
      notice: { ...shown.notice, id: null },
    },
  };
}

/** A session keeps to the repository that it was created for. */
function movedFromOf({ session, place, subject }: Task): string | null {
  if (session.intentAt === null) return null;
  return place.movedFrom ?? `${place.owner}/${place.repository}#${subject.number}`;
}

const PLACE = /^(?<owner>[^/]+)\/(?<repository>[^/#]+)#\d+$/u;

/** The repository that a task's session works on: not that of a thread that was transferred since. */
export function workPlaceOf({
  place,
}: {
  readonly place: Pick<TaskPlace, "owner" | "repository" | "movedFrom">;
}): Pick<TaskPlace, "owner" | "repository"> {
  const { owner = place.owner, repository = place.repository } =
    PLACE.exec(place.movedFrom ?? "")?.groups ?? {};
  return { owner, repository };
}
