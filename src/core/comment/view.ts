import { isControl, isSessionCommand } from "../command/table.ts";
import { workPlaceOf } from "../task/thread-place.ts";
import type { GitHubHosts } from "../github/hosts.ts";
import type { SettingsPlace } from "../github/settings-pages.ts";
import type { SessionPlace } from "../session/link.ts";
import { sessionPlace } from "../session/link.ts";
import { qrCodeOf } from "../session/qr-code.ts";
import type { DenialReason } from "../task/denial.ts";
import type { Cancellation, FailedOutcome } from "../task/outcome.ts";
import { canBeRetried } from "../task/retry.ts";
import type { Hosting } from "../task/hosting.ts";
import { isShownToPeople } from "../task/session.ts";
import type { SessionSetting } from "../task/session.ts";
import type { Task } from "../task/task.ts";
import { commandOf, isFromPage } from "../task/task.ts";
import {
  isTriedAgain,
  isWaitingForConnection,
  isWaitingForPlace,
  isWaitingForRuntime,
} from "../task/waiting.ts";
import type { SessionView } from "./session-view.ts";
import { sessionViewOf } from "./session-view.ts";
import type { IdentityChoice } from "../policy/identity-choice.ts";

/** A failure, and whether the session had the prompt before. */
export interface FailureView extends FailedOutcome {
  readonly isAfterPrompt: boolean;
}

/** What a comment is about. */
export type CommentState =
  | { readonly type: "answer"; readonly command: string; readonly text: string }
  | { readonly type: "denied"; readonly reason: DenialReason; readonly text: string }
  | {
      readonly type: "canceled";
      readonly cancellation: Cancellation;
      readonly note: string | null;
    }
  | { readonly type: "queued"; readonly atOnce: number | null }
  /** `url` is the page on which the requester connects; `until` is ISO 8601. */
  | { readonly type: "connect"; readonly url: string; readonly until: string }
  | { readonly type: "waiting_for_runtime" }
  | { readonly type: "starting" }
  /** An attempt to start has failed, and the next one hasn't asked for a session yet. */
  | { readonly type: "trying_again" }
  | { readonly type: "late"; readonly failure: FailureView; readonly until: string }
  | {
      readonly type: "failed";
      readonly failure: FailureView;
      readonly note: string | null;
    }
  | { readonly type: "session"; readonly session: SessionView };

/** All that a comment says of a task: nothing else of `core/comment` reads how tasks are recorded. */
export interface CommentView {
  readonly taskId: string;
  /** By which commands name the task. */
  readonly id: string;
  /** What is to be done, or before that is known what was asked for. */
  readonly name: string;
  readonly state: CommentState;
  readonly hosts: GitHubHosts;
  readonly place: SettingsPlace;
  readonly requester: string;
  /** The label that was added; null for a command. */
  readonly label: string | null;
  readonly command: string | null;
  /** Whether the command was given on a task's page. */
  readonly isFromPage: boolean;
  /** Whether a session was wanted, and not something of the bot or of a session that's there. */
  readonly wantsSession: boolean;
  /** The repository that the session works on. */
  readonly repository: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly movedFrom: string | null;
  /** Why the gate didn't let it start. */
  readonly denial: string | null;
  /** Where the session is; null while none is known. */
  readonly session: SessionPlace | null;
  /** The image of a QR code with that link; null where there's none. */
  readonly qrImage: string | null;
  /** Whether a session was asked for, so that one may exist. */
  readonly isAskedFor: boolean;
  /** Whether the session has started, so that the request may have reached it. */
  readonly isStarted: boolean;
  /** On a machine of the administrator's; null for a session in GitHub's cloud. */
  readonly hosting: Hosting | null;
  /** What the session says it has checked out. */
  readonly checkedOut: { readonly repository: string | null; readonly branch: string | null };
  readonly settings: readonly SessionSetting[];
  /** Whose Copilot the session uses; null where there's only one. */
  readonly identity: IdentityChoice | null;
  /** What the prompt doesn't show of the subject; one sentence. */
  readonly leftOut: string | null;
  readonly canBeRetried: boolean;
}

/**
 * What is said of a task.
 *
 * @param now up to which a session has run that is at work and followed; null where it's what was last seen of it, as
 * in a comment, which changes only with its session
 */
export function viewOf(task: Task, hosts: GitHubHosts, now: Date | null = null): CommentView {
  const { trigger, decision, session, outcome, place } = task;
  const { owner, repository } = workPlaceOf(task);
  return {
    taskId: task.id,
    id: task.id.slice(0, 8),
    name: nameOf(task),
    state: stateOf(task, hosts, now),
    hosts,
    place: { ...place, hosts },
    requester: task.requester.login,
    label: trigger.type === "label" ? trigger.name : null,
    command: commandOf(task),
    isFromPage: isFromPage(task),
    wantsSession: wantsSession(task),
    repository: `${owner}/${repository}`,
    branch: decision.branch,
    commit: decision.commit,
    movedFrom: place.movedFrom,
    denial: outcome?.type === "denied" ? outcome.reason : null,
    session: sessionPlace(session, hosts),
    qrImage: qrImageOf(task, hosts),
    isAskedFor: session.intentAt !== null,
    isStarted: session.startedAt !== null,
    hosting: session.hosting,
    checkedOut: { repository: session.repository, branch: session.branch },
    settings: session.settings,
    identity: decision.identity,
    leftOut: session.prompt.leftOut,
    canBeRetried: canBeRetried(task),
  };
}

function qrImageOf(task: Task, hosts: GitHubHosts): string | null {
  const code = qrCodeOf(task, hosts);
  return hosts.publicUrl === null || code === null ? null : `${hosts.publicUrl}${code.path}.png`;
}

/** What is to be done, or before that is known what was asked for. Others' words: names of labels and commands. */
export function nameOf({ decision, trigger }: Task): string {
  return decision.kind ?? trigger.name;
}

/** A retry is a command to a task until it's known which task it repeats. */
function wantsSession(task: Task): boolean {
  const command = commandOf(task);
  return task.decision.kind !== null || !(isSessionCommand(command) || isControl(command));
}

function stateOf(task: Task, hosts: GitHubHosts, now: Date | null): CommentState {
  const { outcome, session, schedule } = task;
  switch (outcome?.type) {
    case "answered":
      return { type: "answer", command: commandOf(task) ?? "", text: outcome.markdown };
    case "denied":
      if (outcome.text !== null) {
        return { type: "denied", reason: outcome.reason, text: outcome.text };
      }
      break;
    case "canceled":
      return { type: "canceled", cancellation: outcome.why, note: session.progress.note };
    case "failed": {
      const failure = { ...outcome, isAfterPrompt: session.prompt.deliveredAt !== null };
      const { watchUntil: until } = outcome;
      if (isWaitingForPlace(task)) break;
      if (until !== null) return { type: "late", failure, until };
      return { type: "failed", failure, note: session.progress.note };
    }
    case undefined:
      break;
    default:
      return outcome satisfies never;
  }
  if (isWaitingForPlace(task)) return { type: "queued", atOnce: schedule.atOnce };
  const { connectBy: until } = schedule;
  if (until !== null && isWaitingForConnection(task)) {
    return { type: "connect", url: `${hosts.connect}?task=${task.id}`, until };
  }
  if (isShownToPeople(session)) return { type: "session", session: sessionViewOf(task, now) };
  // Where the machine is gone, another one is waited for.
  if (isTriedAgain(task))
    return { type: session.hosting?.machine === null ? "starting" : "trying_again" };
  return { type: isWaitingForRuntime(task) ? "waiting_for_runtime" : "starting" };
}
