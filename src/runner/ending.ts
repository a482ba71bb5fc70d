import type { Failure, FailureCode } from "../core/failure.ts";
import { retryDelayMs } from "../core/failure.ts";
import type { Order } from "../core/order.ts";
import { inlineCode, plainLine } from "../core/plain-text.ts";
import type { Denial } from "../core/denial.ts";
import { sentenceOf } from "../core/denial.ts";
import type { Cancellation, Lane, Task } from "../core/task.ts";
import { hasTraces } from "../core/traces.ts";
import type { GitHubTrouble, Patience, Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** What is next for a task: its start, nothing, or another look after a while. */
export type Next = "start" | "done" | { readonly afterMs: number; readonly lane?: Lane };

/** The ways in which a task comes to an end before its session does. */
export interface Ending {
  /** Tried again later if that is safe, else told as a failure. */
  failed(task: Task, failure: Failure): Promise<Next>;
  /** Told in words when `aloud`, else by a reaction. */
  denied(task: Task, denial: Denial, aloud: boolean): Promise<Next>;
  /** Nobody needs the task any more, or nobody can be told. */
  cancelled(task: Task, cancellation: Cancellation): Promise<Next>;
  /** Somebody has stopped the task before its session got the prompt: it is told. */
  stopped(task: Task, stop: Order): Promise<Next>;
  /** Asks GitHub something; its refusals end the task. */
  guard<T>(
    task: Task,
    ask: () => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly next: Next }>;
}

/** What an answer of somebody else's may take in the log and the database. */
const LONGEST_MESSAGE = 1_000;

/** Endings, recorded and told. */
export function createEnding(ports: Ports, reporter: Reporter, { firstRetryMs }: Patience): Ending {
  const { tasks, log, github } = ports;

  async function failed(task: Task, failure: Failure): Promise<Next> {
    const { code, nothingCreated } = failure;
    // The runtime is ended with the bot: after the restart the row tells what is not known.
    if (code === "runtime_crashed" && !nothingCreated && ports.stopping.aborted) return "done";
    const message = plainLine(failure.message, LONGEST_MESSAGE);
    const afterMs = retryDelayMs(failure, task.retries, ports.chance(), firstRetryMs);
    log.warn({ taskId: task.id, code, message, afterMs }, "task failed");
    if (afterMs !== null) return tryAgain(task, failure, afterMs);
    const state = code === "start_timed_out" ? "timed_out" : "failed";
    const told = { state, failureCode: code, failureDetail: message } as const;
    const changes = { ...told, watchUntil: null, subjectKey: null };
    return reporter.report(
      await record(tasks, task, { ...changes, ...intentAfter(task, failure) }),
    );
  }

  async function tryAgain(task: Task, failure: Failure, afterMs: number): Promise<Next> {
    const notBefore = new Date(ports.now().getTime() + afterMs).toISOString();
    const retries = task.retries + 1;
    const intent = intentAfter(task, failure);
    await record(tasks, task, { state: "queued", retries, notBefore, ...intent });
    return { afterMs };
  }

  const cancelled: Ending["cancelled"] = (task, cancellation) =>
    endCancelled(ports, reporter, task, cancellation);

  /** GitHub refuses: there is nowhere to say so, or it is said. */
  function refused(task: Task, trouble: GitHubTrouble): Promise<Next> {
    const { type, message } = trouble;
    if (type !== "gone" && type !== "suspended") return failed(task, failureFrom(trouble));
    log.warn({ taskId: task.id, message }, "the subject of a task cannot be reached");
    return cancelled(task, type === "gone" ? "subject_gone" : "installation_suspended");
  }

  return {
    failed,
    cancelled,
    stopped: (task, stop) => endStopped(ports, reporter, task, stop),
    async denied(task, denial, aloud) {
      const denialText = aloud ? sentenceOf(denial) : null;
      const changes = {
        state: "failed",
        denial: denial.reason,
        denialText,
        subjectKey: null,
      } as const;
      return reporter.report(await record(tasks, task, changes));
    },
    async guard(task, ask) {
      try {
        return { value: await ask() };
      } catch (error) {
        const trouble = github.troubleOf(error);
        if (trouble === null) throw error;
        return { next: await refused(task, trouble) };
      }
    },
  };
}

async function endCancelled(
  { tasks, log, now }: Ports,
  reporter: Reporter,
  task: Task,
  cancellation: Cancellation,
): Promise<Next> {
  log.info({ taskId: task.id, cancellation }, "task cancelled");
  const changes = { state: "cancelled", cancellation, subjectKey: null } as const;
  if (hasTraces(task)) return reporter.report(await record(tasks, task, changes));
  await record(tasks, task, { ...changes, settledAt: now().toISOString() });
  return "done";
}

async function endStopped(
  { tasks, orders, log }: Ports,
  reporter: Reporter,
  task: Task,
  { id, requester }: Order,
): Promise<Next> {
  log.info({ taskId: task.id }, "task stopped before it began");
  const when = task.sessionIntentAt === null ? "it began" : "its prompt arrived";
  const note = `${inlineCode(requester)} has stopped it before ${when}.`;
  const nothingFailed = { failureCode: null, failureDetail: null, watchUntil: null } as const;
  const over = { state: "cancelled", cancellation: "stopped", subjectKey: null } as const;
  const told = await record(tasks, task, { ...over, ...nothingFailed, note });
  await orders.done([id]);
  return reporter.report(told);
}

/** A session that is known stays so, whatever failed after it. */
function intentAfter(task: Task, { nothingCreated }: Failure) {
  return nothingCreated && task.sessionId === null ? { sessionIntentAt: null } : {};
}

function failureFrom({ type, message, retryAfterSeconds = 0 }: GitHubTrouble): Failure {
  return { code: codeOf(type), message, retryAfterSeconds, nothingCreated: true };
}

function codeOf(type: GitHubTrouble["type"]): FailureCode {
  if (type === "not_permitted") return "app_not_permitted";
  return type === "refused" ? "unknown" : "github_unreachable";
}
