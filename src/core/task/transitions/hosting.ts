import { failedOutcome } from "../failed-outcome.ts";
import type { Failure } from "../failure.ts";
import type { Hosting, HostingTerms, ShareState } from "../hosting.ts";
import { ownBranchOf } from "../own-branch.ts";
import type { Task } from "../task.ts";

/** What a task's session on a machine of the administrator's is asked for with. */
export interface HostingWanted {
  readonly terms: HostingTerms;
  readonly why: Hosting["why"];
  /** The id that the session gets, a UUID: known before it's there, so that it's found again. */
  readonly sessionId: string;
}

/** A session on a machine of the administrator's is about to be asked for: no machine has taken it. */
export function hostedOn(task: Task, { terms, why, sessionId }: HostingWanted): Task {
  const { place } = task;
  const hosting: Hosting = {
    ...terms,
    why,
    branch: ownBranchOf(task),
    ids: { owner: place.ownerId, repository: place.repositoryId },
    machine: null,
    isUnserved: false,
    isIsolated: null,
    awaySince: null,
    share: null,
    publication: null,
    usage: null,
  };
  return { ...task, session: { ...task.session, id: sessionId, hosting } };
}

/** What may change while a session is on a machine. */
export type HostingChange = Partial<
  Pick<
    Hosting,
    "machine" | "isUnserved" | "isIsolated" | "awaySince" | "share" | "publication" | "usage"
  >
>;

/** Something of how a session is on its machine has changed; the task itself where nothing has, or it's in the cloud. */
export function hostingChanged(task: Task, change: HostingChange): Task {
  const { hosting } = task.session;
  if (hosting === null) return task;
  const changed = { ...hosting, ...change };
  if (JSON.stringify(changed) === JSON.stringify(hosting)) return task;
  return { ...task, session: { ...task.session, hosting: changed } };
}

/** What came of sharing a session, or of ending that. */
export interface SharingChange {
  readonly share: ShareState;
  /** Where it's to be seen; null where that isn't known, or it isn't to be seen. */
  readonly url: string | null;
}

/** What a task keeps of a refusal to share its session. */
export function refusedShare(failure: Failure): ShareState {
  const { code, cause, detail } = failedOutcome(failure);
  return { type: "refused", code, cause, detail };
}

/** A session on a machine was shared, or is no longer; the task itself where that's known. */
export function sharingChanged(task: Task, { share, url }: SharingChange): Task {
  const changed = hostingChanged(task, { share });
  const { hosting, link } = changed.session;
  if (hosting === null) return task;
  const isSeen = share.type === "shared" && url !== null;
  if ((link?.url ?? null) === (isSeen ? url : null)) return changed;
  const shown = isSeen ? ({ url, source: "session" } as const) : null;
  return { ...changed, session: { ...changed.session, link: shown } };
}

/** The session has no prompt after all: its runtime was killed before it had written it down. */
export function promptForgotten(task: Task): Task {
  const { session } = task;
  const prompt = { ...session.prompt, deliveredAt: null };
  return { ...task, session: { ...session, prompt, followUntil: null } };
}
