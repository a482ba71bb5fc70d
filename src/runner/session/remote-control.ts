import type { SessionCommandName } from "../../core/command/table.ts";
import { SESSION_COMMANDS } from "../../core/command/table.ts";
import { maySteer } from "../../core/access/gate.ts";
import { isGuest, refusalOfGuest, textOfGuest } from "../../core/actor/guest.ts";
import { refusalToShare } from "../../core/actor/sharing.ts";
import { namedTask } from "../../core/command/named-task.ts";
import type { CommandAnswer } from "../../core/comment/command-answer.ts";
import { answerText } from "../../core/comment/command-answer.ts";
import { isOnGitHub } from "../../core/task/session.ts";
import { isBeginning } from "../../core/task/next-step.ts";
import { isUndecidedBefore, meantTask } from "../../core/task/meant-task.ts";
import { canBeRetried } from "../../core/task/retry.ts";
import type { SessionCommand } from "../../core/session/session-command.ts";
import { MAX_COMMAND_TEXT } from "../../core/session/session-command.ts";
import { isAtLeast } from "../../core/github/role.ts";
import { sourceText } from "../../core/text/plain.ts";
import type { Task } from "../../core/task/task.ts";
import { addedInstructions, isFromPage, threadOf } from "../../core/task/task.ts";
import { retrying, roleKnown } from "../../core/task/transitions/deciding.ts";
import { answered, passedOn } from "../../core/task/transitions/ending.ts";
import { isWaitingForConnection, isWaitingForPlace } from "../../core/task/waiting.ts";
import type { Next } from "../../ports/queue.ts";
import type { Halted, Outcomes } from "../report/outcomes.ts";
import type { Sessions } from "./sessions.ts";
import type { Gate, Look } from "../receive/gate.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import type { Reactions } from "../receive/reactions.ts";
import { LostClaim, record } from "../lease/record.ts";
import type { Reporter } from "../report/reporter.ts";

/** What tries a task again. */
interface Retried {
  readonly type: "retry";
  /** To be admitted as any other. */
  readonly task: Task;
  /** What was found out about it: GitHub isn't asked twice. */
  readonly looked: Look;
}

/** Until a retry is looked at again that waits for what was asked for just before it, in milliseconds. */
const UNDECIDED_LOOK_MS = 1_000;

/** Takes in the commands that people give to the tasks of a thread. */
export interface RemoteControl {
  /** For `retry` a task to be admitted as any other; else what is next for the command's own task. */
  take(task: Task, command: SessionCommandName): Promise<Retried | Halted>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly outcomes: Outcomes;
  readonly reporter: Reporter;
  readonly sessions: Pick<Sessions, "nudge">;
  readonly reactions: Reactions;
  readonly timeouts: Timeouts;
}

/** Who asked for a task, and who could have, may steer it; from its own thread only. */
export function createRemoteControl(parts: Parts): RemoteControl {
  const { ports, gate, outcomes, reporter } = parts;

  async function answer(task: Task, given: CommandAnswer): Promise<Halted> {
    const replied = await record(ports.tasks, task, answered(task, answerText(given)));
    return { type: "halted", next: await reporter.report(replied) };
  }

  return {
    async take(task, command) {
      const others = command === "retry" ? await ports.tasks.siblingTasks(task) : [];
      // What was asked for a moment before may be what's to be tried again, or the same retry.
      if (others.some((other) => isUndecidedBefore(task, other))) {
        return { type: "halted", next: { afterMs: UNDECIDED_LOOK_MS, lane: "receive" } };
      }
      const looked = await gate.look(task);
      if (looked.type === "halted") return looked;
      const { role } = looked.value.facts.survey;
      const known = await record(ports.tasks, task, roleKnown(task, role));
      const seen = await outcomes.granted(known);
      const { target, words, unclear } = await meantBy(ports, command, task);
      if (!isHeard(command, seen, target, looked.value)) {
        const denial = { reason: "no_permission", least: "write" } as const;
        return {
          type: "halted",
          next: await outcomes.denied(seen, denial, isAtLeast(role, "triage")),
        };
      }
      const { unknownAccount } = looked.value;
      if (unknownAccount !== null && needsKnownAccount(command, seen, target)) {
        return { type: "halted", next: await outcomes.failed(seen, unknownAccount) };
      }
      if (unclear !== null) return answer(seen, unclear);
      if (target === null) return answer(seen, { type: "no_task" });
      const byGuest = isGuest(seen, target, steeringIn(looked.value));
      const refusal =
        refusalOf(command, target, words) ??
        refusalToRetry(target, others) ??
        (byGuest ? refusalOfGuest(command, target) : null);
      if (refusal !== null) return answer(seen, refusal);
      if (command === "retry") {
        const retried = await retry(ports, seen, target, words);
        return { type: "retry", task: retried, looked: looked.value };
      }
      return {
        type: "halted",
        next: await sessionCommand(parts, seen, { command, target, words, byGuest }),
      };
    },
  };
}

interface Meant {
  readonly target: Task | null;
  readonly words: string;
  /** Why it is not clear which task is meant; null when it is, or when there is none. */
  readonly unclear: CommandAnswer | null;
}

/** A command that names a task is for that task, or for none. */
async function meantBy({ tasks }: Ports, command: SessionCommandName, task: Task): Promise<Meant> {
  const { id, text } = namedTask(command, addedInstructions(task));
  const thread = threadOf(task);
  if (id === null) {
    const target = meantTask(command, await tasks.newest(thread));
    return { target, words: text, unclear: null };
  }
  const found = await tasks.findNamed(thread, id);
  const [named] = found;
  if (found.length === 1 && named !== undefined && named.decision.kind !== null) {
    return { target: named, words: text, unclear: null };
  }
  const listed = await tasks.list(thread);
  const unclear = { type: "not_named", command, id, found, listed } as const;
  return { target: null, words: text, unclear };
}

/** The others reach the agent, as words of somebody who can write to the repository. */
function isHarmless(command: SessionCommandName): boolean {
  return SESSION_COMMANDS[command].who === "requester";
}

/** Whether the bot's own account may not give this command. What is tried again is decided by the gate. */
function needsKnownAccount(command: SessionCommandName, task: Task, target: Task | null): boolean {
  if (isHarmless(command) || command === "retry") return false;
  const isOwn = target?.requester.id === task.requester.id;
  if (target?.decision.identity !== "requester") return true;
  return !isOwn && SESSION_COMMANDS[command].isOwners;
}

/** Who may not steer a task does not learn whether there is one. */
function isHeard(
  command: SessionCommandName,
  task: Task,
  target: Task | null,
  { facts, reading }: Look,
): boolean {
  const canWrite = isAtLeast(facts.survey.role, "write");
  if (isHarmless(command) && target?.requester.id === task.requester.id) return true;
  if (SESSION_COMMANDS[command].who === "writers" && !canWrite) return false;
  if (reading.type === "problems") return canWrite;
  return maySteer(task, facts, reading.policy, target?.decision.kind ?? "");
}

/** Why a command makes no sense; null when it does. */
function refusalOf(command: SessionCommandName, target: Task, words: string): CommandAnswer | null {
  const { id } = target;
  if (command === "retry") {
    if (target.settledAt === null) return { type: "not_over", id };
    return canBeRetried(target) ? null : { type: "not_failed", id };
  }
  if (command === "stop" && isBeginning(target)) return null;
  if (isWaitingForConnection(target)) return { type: "to_connect", id };
  if (isWaitingForPlace(target)) return { type: "queued", id };
  const { id: sessionId, prompt } = target.session;
  if (sessionId === null) return { type: "no_session", id };
  if (prompt.deliveredAt === null) {
    if (target.settledAt === null) return { type: "no_session", id };
    return { type: "out_of_reach", id, isOnGitHub: isOnGitHub(target.session) };
  }
  if (command === "share" || command === "unshare") return refusalToShare(target);
  return command === "send" && words.trim() === "" ? { type: "no_message" } : null;
}

/** Where a task is tried again already, another retry would start a second session. */
function refusalToRetry({ id }: Task, others: readonly Task[]): CommandAnswer | null {
  const again = others.find(
    ({ settledAt, decision }) => settledAt === null && decision.retryOf === id,
  );
  return again === undefined ? null : { type: "retried", id, by: again.id };
}

function steeringIn({ reading }: Look) {
  return reading.type === "policy" ? reading.policy.steering : null;
}

/**
 * The command's own task takes over what the failed one was to do; the words of somebody without write
 * access do not become those of who tries again.
 */
function retry(ports: Ports, task: Task, target: Task, words: string): Promise<Task> {
  const isTrusted = isAtLeast(target.requester.role ?? "none", "write");
  const more = words.trim();
  return record(ports.tasks, task, retrying(task, target, { more, isTrusted }));
}

interface Given {
  readonly command: Exclude<SessionCommandName, "retry">;
  readonly target: Task;
  readonly words: string;
  /** The session uses somebody else's Copilot. */
  readonly byGuest: boolean;
}

/** The command waits in the database for whoever follows the session; where nobody does, somebody will. */
async function sessionCommand(parts: Parts, task: Task, given: Given) {
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
  { ports, outcomes }: Parts,
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
  { ports, reactions }: Parts,
  task: Task,
  { session }: Task,
): Promise<Next> {
  reactions.show(task, "eyes");
  await record(ports.tasks, task, passedOn(task, ports.now().toISOString(), session.id));
  return "done";
}
