import type { Hosting, HostingTerms } from "../hosting.ts";
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
  const hosting: Hosting = {
    ...terms,
    why,
    machine: null,
    isIsolated: null,
    awaySince: null,
    share: null,
    publication: null,
    usage: null,
  };
  return { ...task, session: { ...task.session, id: sessionId, hosting } };
}
