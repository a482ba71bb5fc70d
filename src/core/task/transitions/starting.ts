import type { Failure } from "../failure.ts";
import { failedOutcome } from "../failed-outcome.ts";
import { failureIn } from "../outcome.ts";
import type { SessionLink, SessionSetting } from "../session.ts";
import type { Task, TaskDecision } from "../task.ts";
import type { HostingWanted, SharingChange } from "./hosting.ts";
import { hostedOn, hostingChanged, refusedShare, sharingChanged } from "./hosting.ts";

/** As many sessions run in the repository as may: the task waits for its place. */
export function waitingForPlace(task: Task, at: string, atOnce: number): Task {
  const waitingSince = task.schedule.waitingSince ?? at;
  return { ...task, schedule: { ...task.schedule, waitingSince, atOnce } };
}

/** The requester hasn't connected their Copilot: the task waits for that, until then. */
export function waitingForConnection(task: Task, until: string): Task {
  return {
    ...task,
    state: "waiting_for_user",
    // Its place in the line would be in nobody's way, and not in its comment.
    schedule: { ...task.schedule, waitingSince: null, atOnce: null, connectBy: until },
  };
}

/** The requester has been asked to connect: unless they do, nobody processes the task before then, or the time is over. */
export function askedToConnect(task: Task, again: string): Task {
  const { connectBy } = task.schedule;
  const isOver = connectBy !== null && Date.parse(connectBy) < Date.parse(again);
  return { ...task, schedule: { ...task.schedule, notBefore: isOver ? connectBy : again } };
}

/** The requester has connected their Copilot. */
export function connected(task: Task): Task {
  const schedule = { ...task.schedule, notBefore: null, connectBy: null };
  return { ...task, state: "queued", schedule };
}

/** What a session is asked for with. */
export interface SessionTerms extends Pick<
  TaskDecision,
  | "defaultBranch"
  | "onClose"
  | "permissionsPolicy"
  | "notify"
  | "labels"
  | "checkCommit"
  | "qrSecret"
> {
  /** What is to run the session. */
  readonly backend: string;
  /** SHA-256 of the prompt. */
  readonly digest: string;
  /** What of the subject's text the prompt does not show; null when it shows all. */
  readonly leftOut: string | null;
  /** Whether the policy wants the trigger's label removed. */
  readonly removesTrigger: boolean;
  /** On a machine of the administrator's; null for GitHub's cloud. */
  readonly hosting: HostingWanted | null;
}

/** A session is about to be created. */
export function sessionRequested(task: Task, intentAt: string, terms: SessionTerms): Task {
  const { backend, digest, leftOut, removesTrigger, hosting, ...decided } = terms;
  const { trigger, session, shown } = task;
  const labelToRemove = removesTrigger && trigger.type === "label" ? trigger.name : null;
  const requested: Task = {
    ...task,
    state: "in_progress",
    schedule: { ...task.schedule, waitingSince: null, atOnce: null },
    decision: { ...task.decision, ...decided },
    session: { ...session, intentAt, backend, prompt: { ...session.prompt, digest, leftOut } },
    shown: { ...shown, labelToRemove },
  };
  return hosting === null ? requested : hostedOn(requested, hosting);
}

/** The session wasn't asked for after all. */
export function notRequested(task: Task): Task {
  const session = { ...task.session, intentAt: null };
  const isHosted = session.hosting !== null;
  return {
    ...task,
    state: "queued",
    session: isHosted ? { ...session, id: null, hosting: null } : session,
  };
}

/** The session is there; whether its agent starts isn't known. */
export function sessionKnown(task: Task, id: string): Task {
  return { ...task, session: { ...task.session, id } };
}

/** The agent of a session that was late may have started: nothing is known to have failed. */
export function sessionLost(task: Task, id: string): Task {
  return { ...sessionKnown(task, id), outcome: null };
}

/** What a session reports when its agent has started. */
export interface SessionStart {
  readonly id: string;
  readonly repository: string | null;
  readonly branch: string | null;
  readonly canResume: boolean;
  readonly settings: readonly SessionSetting[];
  /** Of one on a machine of the administrator's; null for a cloud session. */
  readonly hosted: HostedStart | null;
}

/** What such a session says of where it is. */
export interface HostedStart {
  readonly machine: string;
  readonly isIsolated: boolean;
  /** What came of sharing it; null where that wasn't wanted. */
  readonly shared:
    | { readonly type: "shared"; readonly url: string | null }
    | { readonly type: "refused"; readonly failure: Failure }
    | null;
}

/** The agent has started, and is about to get its prompt. */
export function sessionOpened(task: Task, startedAt: string, start: SessionStart): Task {
  const { id, repository, branch, canResume } = start;
  // A session that is reached again was opened before.
  const settings = start.settings.length > 0 ? start.settings : task.session.settings;
  const prompt = { ...task.session.prompt, intentAt: startedAt };
  const opened: Task = {
    ...task,
    state: "in_progress",
    session: { ...task.session, id, startedAt, repository, branch, canResume, settings, prompt },
    outcome: null,
  };
  return start.hosted === null ? opened : hostedSeen(opened, start.hosted);
}

/** A machine has the session. */
export function hostedSeen(task: Task, { machine, isIsolated, shared }: HostedStart): Task {
  const there = hostingChanged(task, { machine, isUnserved: false, isIsolated, awaySince: null });
  return sharingChanged(there, sharingOf(shared));
}

function sharingOf(shared: HostedStart["shared"]): SharingChange {
  switch (shared?.type) {
    case "shared":
      return { share: { type: "shared" }, url: shared.url };
    case "refused":
      return { share: refusedShare(shared.failure), url: null };
    case undefined:
      return { share: { type: "not_shared" }, url: null };
    default:
      return shared satisfies never;
  }
}

/** The session has its prompt. */
export function promptDelivered(task: Task, deliveredAt: string): Task {
  const { session } = task;
  return { ...task, session: { ...session, prompt: { ...session.prompt, deliveredAt } } };
}

/** The session is there, and did not take its prompt. */
export function promptFailed(task: Task, failure: Failure): Task {
  return { ...task, state: "failed", outcome: failedOutcome(failure) };
}

/** People can find the session. */
export function linked(task: Task, link: SessionLink): Task {
  return { ...task, session: { ...task.session, link } };
}

/** The agent did not start in time; the bot waits for it until then. */
export function late(task: Task, failure: Failure, watchUntil: string): Task {
  return { ...task, state: "timed_out", outcome: failedOutcome(failure, watchUntil) };
}

/** Nobody waits for the late agent anymore. */
export function watchEnded(task: Task): Task {
  const failure = failureIn(task.outcome);
  return failure === null ? task : { ...task, outcome: { ...failure, watchUntil: null } };
}

/** What the creation of a late session came to isn't the lateness that was recorded. */
export function notLate(task: Task): Task {
  return { ...task, outcome: null };
}
