import { textOfGuest } from "../../core/actor/guest.ts";
import type { SessionCommandName } from "../../core/command/table.ts";
import type { SessionCommand } from "../../core/session/session-command.ts";
import { MAX_COMMAND_TEXT } from "../../core/session/session-command.ts";
import { isBeginning } from "../../core/task/next-step.ts";
import type { Task } from "../../core/task/task.ts";
import { isFromPage } from "../../core/task/task.ts";
import { passedOn } from "../../core/task/transitions/ending.ts";
import { isWaitingForConnection, isWaitingForPlace } from "../../core/task/waiting.ts";
import { sourceText } from "../../core/text/plain.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Next } from "../../ports/queue.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { LostClaim, record } from "../lease/record.ts";
import type { Reactions } from "../receive/reactions.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Sessions } from "./sessions.ts";

/** What commands reach sessions with. */
export interface PassOnParts {
  readonly ports: Ports;
  readonly outcomes: Outcomes;
  readonly sessions: Pick<Sessions, "nudge">;
  readonly reactions: Reactions;
  readonly timeouts: Timeouts;
}

/** A command that somebody may give, and that makes sense. */
interface Given {
  readonly command: Exclude<SessionCommandName, "retry">;
  readonly target: Task;
  readonly words: string;
  /** The session uses somebody else's Copilot. */
  readonly byGuest: boolean;
}

/** The command waits in the database for whoever follows the session; where nobody does, somebody will. */
export async function passOn(parts: PassOnParts, task: Task, given: Given): Promise<Next> {
  const { ports, sessions, timeouts } = parts;
  const { command: type, target, words, byGuest } = given;
  const { id, requester, place } = task;
  const { text } = sourceText(words);
  const cut =
    text.length <= MAX_COMMAND_TEXT ? text : text.slice(0, MAX_COMMAND_TEXT).toWellFormed();
  const reaching = byGuest ? textOfGuest(type, cut) : cut;
  const by = { requester: requester.login, place: isFromPage(task) ? "page" : null } as const;
  const written = { id, taskId: target.id, type, text: reaching, ...by };
  await ports.sessionCommands.give(written);
  if (target.session.intentAt === null) await stopWaiting(parts, written, target);
  const followMs = byGuest ? timeouts.followForGuestMs : timeouts.followAgainMs;
  const followUntil = new Date(ports.now().getTime() + followMs).toISOString();
  // Repository and installation may have another name and id by now.
  const { owner, ownerId, ownerType, repository, installationId } = place;
  const now = { owner, ownerId, ownerType, repository, installationId };
  const reopened = await ports.tasks.reopen(target.id, { followUntil, place: now });
  if (reopened === null) sessions.nudge(target.id);
  else ports.processAgain(target.id);
  return acknowledge(parts, task, target);
}

/** What waits for its place, or for another try, ends at once; who moves a task finds the command. */
async function stopWaiting(
  { ports, outcomes }: PassOnParts,
  stop: SessionCommand,
  target: Task,
): Promise<void> {
  const { tasks, processAgain } = ports;
  const claim = await tasks.claim(stop.taskId, "receive");
  if (claim.type !== "claimed") {
    // Who moves it may have looked for commands just before this one came, and nobody looks again soon.
    if (claim.type === "busy" && (isWaitingForPlace(target) || isWaitingForConnection(target)))
      processAgain(stop.taskId);
    return;
  }
  try {
    if (claim.task.session.intentAt !== null || !isBeginning(claim.task)) return;
    if ((await outcomes.stopped(claim.task, stop)) !== "done") processAgain(stop.taskId);
  } catch (error) {
    if (!(error instanceof LostClaim)) throw error;
  } finally {
    await tasks.release(claim.task);
  }
}

/** By a reaction alone: the outcome of the command is in the comment of the task that it is for. */
async function acknowledge(
  { ports, reactions }: PassOnParts,
  task: Task,
  { session }: Task,
): Promise<Next> {
  reactions.show(task, "eyes");
  await record(ports.tasks, task, passedOn(task, ports.now().toISOString(), session.id));
  return "done";
}
