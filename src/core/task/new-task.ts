import { NO_SESSION } from "./session.ts";
import { NOTHING_SHOWN } from "./shown.ts";
import type { Requester, Schedule, Task, TaskDecision, TaskPlace } from "./task.ts";

/** Where a task comes from: what of it never changes. */
export interface NewTaskInput extends Pick<Task, "trigger" | "subject"> {
  readonly requester: Omit<Requester, "role">;
  readonly place: Omit<TaskPlace, "movedFrom">;
}

const AT_ONCE: Schedule = {
  notBefore: null,
  retries: 0,
  waitingSince: null,
  atOnce: null,
  connectBy: null,
};

const UNDECIDED: TaskDecision = {
  kind: null,
  identity: null,
  retryOf: null,
  branch: null,
  commit: null,
  policyCommit: null,
  defaultsCommit: null,
  acknowledgedAt: null,
  defaultBranch: null,
  onClose: null,
  permissionsPolicy: null,
  notify: [],
  labels: { running: null, failed: null },
  checkCommit: null,
  qrSecret: null,
};

/** What every task begins with: nothing has happened yet. */
const INITIAL_TASK: Omit<Task, keyof NewTaskInput | "id" | "createdAt" | "updatedAt"> = {
  state: "queued",
  attempt: 0,
  settledAt: null,
  lease: null,
  schedule: AT_ONCE,
  decision: UNDECIDED,
  session: NO_SESSION,
  shown: NOTHING_SHOWN,
  outcome: null,
};

/**
 * A task to be, as it begins.
 *
 * @param now ISO 8601 in UTC
 */
export function newTask(asked: NewTaskInput, id: string, now: string): Task {
  const { trigger, requester, place, subject } = asked;
  return {
    ...INITIAL_TASK,
    id,
    createdAt: now,
    updatedAt: now,
    trigger,
    requester: { ...requester, role: null },
    place: { ...place, movedFrom: null },
    subject,
  };
}
