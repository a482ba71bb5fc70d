import { isGuest } from "../../core/actor/guest.ts";
import type { SessionCommandName } from "../../core/command/table.ts";
import { SESSION_COMMANDS } from "../../core/command/table.ts";
import type { Role } from "../../core/github/role.ts";
import { isAtLeast } from "../../core/github/role.ts";
import type { SteeringRights } from "../../core/page/steering.ts";
import { isBeginning } from "../../core/task/next-step.ts";
import { canBeRetried } from "../../core/task/retry.ts";
import { isOnGitHub } from "../../core/task/session.ts";
import type { Task } from "../../core/task/task.ts";

/** The commands that a task's page has buttons for. */
export type PageCommandName = Exclude<SessionCommandName, "status">;

/** Who looks at a task, and what of them and of the policy decides what they can do. */
export interface Steerer extends SteeringRights {
  readonly id: number;
  readonly login: string;
  /** What they may do in the repository; null where that's unknown: then the gate decides alone. */
  readonly role: Role | null;
}

/** Why each command isn't offered, in a sentence; null for one that is. The gate decides once more about each. */
export type Offers = Readonly<Record<PageCommandName, string | null>>;

/** What somebody can do with a task now, and why not. */
export function offersFor(task: Task, person: Steerer): Offers {
  const offer = (command: PageCommandName, notNow: string | null) =>
    notNow ?? notBy(command, task, person);
  const answer = answerNotNow(task);
  return {
    stop: offer("stop", stopNotNow(task)),
    send: offer("send", sendNotNow(task)),
    approve: offer("approve", answer),
    deny: offer("deny", answer),
    resume: offer("resume", resumeNotNow(task)),
    share: offer("share", shareNotNow(task)),
    unshare: offer("unshare", unshareNotNow(task)),
    retry: offer("retry", retryNotNow(task)),
  };
}

/** Why a command isn't somebody's to give; null where it is. */
function notBy(command: PageCommandName, task: Task, person: Steerer): string | null {
  const { who, isOwners } = SESSION_COMMANDS[command];
  const { id, role } = person;
  if (isOwners && isGuest({ requester: { ...person, role } }, task, person.steering)) {
    return `The session uses the Copilot of @${task.requester.login}, so only they can do this.`;
  }
  if (who === "requester" && task.requester.id === id) return null;
  // Where the policy is known, it says who can start a task, and so stop it or try it again.
  const toStart = person.steering === null ? "triage" : "read";
  const least = who === "writers" ? "write" : toStart;
  if (role !== null && !isAtLeast(role, least)) return needs(least);
  return notByPolicy(command, person);
}

function needs(role: Role): string {
  return `You need ${role} access to this repository.`;
}

function notByPolicy(command: PageCommandName, { denial, role }: Steerer): string | null {
  if (denial === null) return null;
  if (denial.reason === "no_permission") return needs(denial.least);
  if (denial.reason !== "policy_wrong") return "The policy doesn't let you do this.";
  // A task that exists is still steered by whoever can write.
  if (command === "retry") return "Nothing can start here until the repository's policy is fixed.";
  return role === null || isAtLeast(role, "write") ? null : needs("write");
}

/** Reasons in words that don't depend on who asks. */
const NO_SESSION_YET = "The session hasn't received the request yet.";
const OUT_OF_REACH = "The bot can't reach this session anymore.";

function isOver({ state }: Task): boolean {
  return state === "completed" || state === "failed" || state === "cancelled";
}

/** Why the session can't be reached at all; null when it can. */
function outOfReach({ session }: Task): string | null {
  if (session.prompt.deliveredAt === null) return NO_SESSION_YET;
  if (session.unfollowed === null || session.canResume) return null;
  return unreachable(session);
}

function unreachable(session: Task["session"]): string {
  return isOnGitHub(session) ? `${OUT_OF_REACH} Open it in Mission Control.` : OUT_OF_REACH;
}

function stopNotNow(task: Task): string | null {
  if (isBeginning(task)) return null;
  if (task.session.prompt.deliveredAt === null || isOver(task)) return "There's nothing to stop.";
  if (task.state === "idle") return "Copilot is idle, so there's nothing to stop.";
  return outOfReach(task);
}

function sendNotNow(task: Task): string | null {
  if (task.settledAt !== null && task.session.prompt.deliveredAt === null) {
    return "This task has no session to send a message to.";
  }
  return outOfReach(task);
}

function answerNotNow(task: Task): string | null {
  const { progress, unfollowed } = task.session;
  if (progress.asking.length === 0) return "Copilot isn't waiting for an answer.";
  return unfollowed === null ? null : "The bot doesn't follow this session anymore.";
}

function resumeNotNow(task: Task): string | null {
  const { unfollowed, canResume } = task.session;
  if (unfollowed === null) {
    return task.session.followUntil === null
      ? "There's no session to follow."
      : "The bot already follows this session.";
  }
  if (unfollowed === "over") return "The session is over.";
  return canResume ? null : unreachable(task.session);
}

function shareNotNow(task: Task): string | null {
  const { hosting } = task.session;
  if (hosting === null) return "The session runs in GitHub's cloud, so it's on GitHub anyway.";
  if (hosting.sharing === "never") return "The policy keeps this session on its machine.";
  return hosting.share?.type === "shared" ? "The session is on GitHub already." : outOfReach(task);
}

function unshareNotNow(task: Task): string | null {
  const { hosting } = task.session;
  if (hosting === null) return "The session runs in GitHub's cloud, which always shows it.";
  return hosting.share?.type === "shared" ? outOfReach(task) : "The session isn't on GitHub.";
}

function retryNotNow(task: Task): string | null {
  if (task.settledAt !== null && canBeRetried(task)) return null;
  return task.settledAt === null
    ? "The task isn't over yet."
    : "The task hasn't failed, so there's nothing to retry.";
}
