import type { Hosting } from "../task/hosting.ts";
import type { Cancellation } from "../task/outcome.ts";
import { machineName } from "./hosted.ts";
import { listOfSessions } from "./links.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentState, CommentView } from "./view.ts";

/** Why a task ended before it began, and what has to come before it's asked for again. */
interface Reason {
  /** Null where the task's note says it. */
  readonly sentence: string | null;
  /** Null where asking again can't help. */
  readonly again: "To try again" | "Once it's reopened" | "Once the branch is restored" | null;
}

const OUT_OF_REACH: Reason = {
  sentence: "The bot lost access to this repository, so the task was canceled.",
  again: null,
};

const REASONS: Record<Cancellation, Reason> = {
  subject_closed: {
    sentence: "This was closed before the task started.",
    again: "Once it's reopened",
  },
  label_removed: {
    sentence: "The label was removed before the task started.",
    again: "To try again",
  },
  branch_deleted: {
    sentence: "The branch was deleted before the task started.",
    again: "Once the branch is restored",
  },
  subject_deleted: { sentence: "This was deleted before the task started.", again: null },
  subject_transferred: OUT_OF_REACH,
  label_without_meaning: { sentence: "The policy doesn't use this label anymore.", again: null },
  command_misplaced: {
    sentence: "The command was written where commands don't count.",
    again: null,
  },
  subject_gone: OUT_OF_REACH,
  installation_deleted: OUT_OF_REACH,
  installation_suspended: OUT_OF_REACH,
  repository_removed: OUT_OF_REACH,
  repository_deleted: OUT_OF_REACH,
  not_connected: {
    sentence: "The requester didn't connect their Copilot in time.",
    again: "To try again",
  },
  stopped: { sentence: null, again: "To try again" },
};

/** Why a task ended before it began; null where the task's note says it. */
export function cancellationSentence(cancellation: Cancellation): string | null {
  return REASONS[cancellation].sentence;
}

/** Why a task didn't start, whether a session exists all the same, and how to try it again. */
export function canceledLines(
  view: CommentView,
  { cancellation, note }: Extract<CommentState, { type: "canceled" }>,
): string[] {
  const { sentence, again } = REASONS[cancellation];
  const ways = waysToRetry(view, cancellation === "label_removed");
  const retry = again === null ? "" : ` ${again}, ${ways}.`;
  return [sentence ?? note ?? "", "", `${existing(view)}${retry}`];
}

/** Whether a session exists: another one costs money. */
export function existing(view: CommentView): string {
  const { session, isAskedFor, hosting } = view;
  if (session !== null) {
    const elsewhere = session.isGuess ? `, or find it in the ${listOfSessions(view)},` : "";
    return `A session exists: [open it](${session.url})${elsewhere} before you start another one.`;
  }
  if (hosting !== null) return existingOnMachine(view, hosting);
  if (isAskedFor) {
    return `A session may exist: check the ${listOfSessions(view)} before you start another one, so you don't pay twice.`;
  }
  return "No session was created, so nothing was charged.";
}

/** Nothing is charged before the request is sent. */
function existingOnMachine({ isStarted }: CommentView, hosting: Hosting): string {
  return isStarted
    ? `The session was on ${machineName(hosting)}.`
    : "Copilot didn't get the request, so nothing was charged.";
}
