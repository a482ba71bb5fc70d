import type { OrderName } from "../core/command.ts";
import { isOrder } from "../core/command.ts";
import { maySteer } from "../core/gate.ts";
import { isBeginning } from "../core/next-step.ts";
import type { Order } from "../core/order.ts";
import { isAtLeast } from "../core/role.ts";
import { sanitise } from "../core/sanitise/sanitise.ts";
import type { Task } from "../core/task.ts";
import type { Ending, Next } from "./ending.ts";
import type { Following } from "./following.ts";
import type { Gate, Look } from "./gate.ts";
import type { Patience, Ports } from "./ports.ts";
import { LostClaim, record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** Takes in what people tell the tasks of a thread. */
export interface RemoteControl {
  /** For `retry` a task to be admitted as any other; else what is next for the command's own task. */
  take(task: Task): Promise<{ readonly retry: Task } | { readonly next: Next }>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly ending: Ending;
  readonly reporter: Reporter;
  readonly following: Following;
  readonly patience: Patience;
}

/** The most characters that are sent to a session at once. */
const LONGEST_TEXT = 4_000;

const TASK_ID = /^(?<id>[0-9a-f]{8})(?:\s+|$)/u;

/** Who asked for a task, and who could have, may steer it; from its own thread only. */
export function createRemoteControl(parts: Parts): RemoteControl {
  const { ports, gate, ending, reporter } = parts;

  async function answer(task: Task, words: string): Promise<{ readonly next: Next }> {
    const changes = { answer: words, state: "completed" } as const;
    return { next: await reporter.report(await record(ports.tasks, task, changes)) };
  }

  return {
    async take(task) {
      const { command } = task;
      if (!isOrder(command)) throw new TypeError(`task ${task.id} is no order`);
      const looked = await gate.look(task);
      if ("next" in looked) return looked;
      const { role } = looked.value.facts.survey;
      const seen = await record(ports.tasks, task, { requesterRole: role });
      const { target, words } = await meantBy(ports, task);
      if (!isHeard(command, seen, target, looked.value)) {
        const denial = { reason: "no_permission", least: "write" } as const;
        return { next: await ending.denied(seen, denial, isAtLeast(role, "triage")) };
      }
      if (target === null) return answer(seen, "There is no task of this name in this thread.");
      const refusal = refusalOf(command, target, words);
      if (refusal !== null) return answer(seen, refusal);
      if (command === "retry") return { retry: await retry(ports, seen, target, words) };
      return { next: await order(parts, seen, { command, target, words }) };
    },
  };
}

/** Eight digits may be the id of a task, or the first word of what is to be said. */
async function meantBy({ tasks }: Ports, task: Task) {
  const { command, instructions } = task;
  const { id } = TASK_ID.exec(instructions)?.groups ?? {};
  const named = id === undefined ? null : await tasks.find(task, id);
  if (named !== null) return { target: named, words: instructions.replace(TASK_ID, "") };
  const newest = await tasks.find(task, null);
  // What is over needs no stop; what waits for its place does.
  const isOver = command === "stop" && newest !== null && newest.settledAt !== null;
  const target = isOver ? ((await tasks.findUnsettled(task)) ?? newest) : newest;
  return { target, words: instructions };
}

/** These may be given by who asked for the task, whatever has become of the permission since. */
const HARMLESS: ReadonlySet<OrderName> = new Set(["status", "stop"]);
/** These reach the agent as words of somebody who may write to the repository. */
const NEEDS_WRITE: ReadonlySet<OrderName> = new Set(["send", "approve", "deny", "resume"]);

/** Who may not steer a task is not told whether there is one. */
function isHeard(
  command: OrderName,
  task: Task,
  target: Task | null,
  { facts, reading }: Look,
): boolean {
  const canWrite = isAtLeast(facts.survey.role, "write");
  if (HARMLESS.has(command) && target?.requesterId === task.requesterId) return true;
  if (NEEDS_WRITE.has(command) && !canWrite) return false;
  if (!("policy" in reading)) return canWrite;
  return maySteer(task, facts, reading.policy, target?.kind ?? "");
}

/** Why an order makes no sense; null when it does. */
function refusalOf(command: OrderName, target: Task, words: string): string | null {
  const id = target.id.slice(0, 8);
  if (command === "retry") {
    const isOver = target.settledAt !== null && target.state !== "completed";
    const failed =
      target.failureCode !== null || target.denial !== null || target.state === "failed";
    return isOver && (failed || target.state === "cancelled" || target.state === "timed_out")
      ? null
      : `Task \`${id}\` has not failed: there is nothing to try again.`;
  }
  if (command === "stop" && isBeginning(target)) return null;
  if (target.sessionId === null || target.promptDeliveredAt === null) {
    return `Task \`${id}\` has no session that could be told anything.`;
  }
  if (command === "send" && words.trim() === "") {
    return "Write what is to be sent behind `/copilot send`.";
  }
  return null;
}

/**
 * The command's own task takes over what the failed one was to do; the words of somebody without write
 * access do not become those of who tries again.
 */
function retry(ports: Ports, task: Task, target: Task, words: string): Promise<Task> {
  const isTrusted = isAtLeast(target.requesterRole ?? "none", "write");
  const instructions = [isTrusted ? target.instructions : "", words.trim()]
    .filter((part) => part !== "")
    .join("\n\n");
  return record(ports.tasks, task, { kind: target.kind, retryOf: target.id, instructions });
}

interface Given {
  readonly command: Exclude<OrderName, "retry">;
  readonly target: Task;
  readonly words: string;
}

/** The order waits in the database for whoever follows the session; nobody does: then somebody will. */
async function order(parts: Parts, task: Task, given: Given) {
  const { ports, following, patience } = parts;
  const { command: type, target, words } = given;
  const { id, requester } = task;
  const { text } = sanitise(words);
  const cut = text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT).toWellFormed();
  const written = { id, taskId: target.id, type, text: cut, requester };
  await ports.orders.give(written);
  if (target.sessionIntentAt === null) await stopWaiting(parts, written);
  const followUntil = new Date(ports.now().getTime() + patience.followAgainMs).toISOString();
  // Repository and installation may have another name and id by now.
  const { owner, ownerId, repository, installationId } = task;
  const place = { owner, ownerId, repository, installationId };
  const again = { ...place, unfollowed: null, followUntil, note: null };
  const reopened = await ports.tasks.reopen(target.id, again);
  if (reopened === null) following.nudge(target.id);
  else ports.lookAgain(target.id);
  return acknowledge(ports, task);
}

/** What waits for its place, or for another try, ends at once; who moves a task finds the order. */
async function stopWaiting({ ports, ending }: Parts, stop: Order): Promise<void> {
  const { tasks, lookAgain } = ports;
  const claim = await tasks.claim(stop.taskId, "receive");
  if (claim.type !== "claimed") return;
  try {
    if (claim.task.sessionIntentAt !== null || !isBeginning(claim.task)) return;
    if ((await ending.stopped(claim.task, stop)) !== "done") lookAgain(stop.taskId);
  } catch (error) {
    if (!(error instanceof LostClaim)) throw error;
  } finally {
    await tasks.release(claim.task);
  }
}

/** By a reaction alone: what comes of the order stands in the comment of the task that it is for. */
async function acknowledge({ github, tasks, log, now }: Ports, task: Task): Promise<Next> {
  await github.react(task, "eyes").catch((err: unknown) => {
    log.warn({ taskId: task.id, err }, "no reaction");
  });
  await record(tasks, task, { state: "completed", settledAt: now().toISOString() });
  return "done";
}
