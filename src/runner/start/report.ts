import { failureIn } from "../../core/task/outcome.ts";
import type { Task } from "../../core/task/task.ts";
import { isOvertaken } from "../../core/task/traces.ts";
import { followed } from "../../core/task/transitions/following.ts";
import { watchEnded } from "../../core/task/transitions/starting.ts";
import type { Next } from "../../ports/queue.ts";
import { record } from "../lease/record.ts";
import { follow, reportAndOpen } from "./follow-again.ts";
import { withMissedStop } from "./interrupted.ts";
import type { StarterParts } from "./starter-parts.ts";

/** Reports what the task says, once whatever it still needs before has been done. */
export async function report(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, timeouts, gate, reporter } = parts;
  if (isUnanswered(task)) {
    const admission = await gate.admit(task);
    return admission.type === "halted" ? admission.next : reporter.report(admission.admitted.task);
  }
  const isFollowed = timeouts.followMs > 0 || task.session.hosting !== null;
  if (isUnfollowedYet(task) && isFollowed) {
    const followUntil = new Date(ports.now().getTime() + timeouts.followMs).toISOString();
    return follow(parts, await record(ports.tasks, task, followed(task, followUntil)));
  }
  // Nobody watches anymore: the bot was started again, and the session's id is not known.
  const over =
    (failureIn(task.outcome)?.watchUntil ?? null) === null
      ? task
      : await record(ports.tasks, task, watchEnded(await withMissedStop(parts, task)));
  return reportAndOpen(parts, over);
}

/** Nobody has asked yet whether the requester may start something, and so be answered. */
function isUnanswered(task: Task): boolean {
  const { decision, shown } = task;
  return isOvertaken(task) && decision.acknowledgedAt === null && shown.comment.id === null;
}

/** The bot was cut off between the link and the following. */
function isUnfollowedYet(task: Task): boolean {
  const { session, outcome } = task;
  const isThere = session.prompt.deliveredAt !== null && session.id !== null;
  const hasEnded = outcome?.type === "failed" || outcome?.type === "denied";
  return isThere && session.unfollowed === null && !hasEnded;
}
