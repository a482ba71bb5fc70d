import type { Failure } from "../core/failure.ts";
import { retryDelayMs } from "../core/failure.ts";
import type { DenialReason } from "../core/gate.ts";
import type { Lane, Task } from "../core/task.ts";
import type { GitHubTrouble, Patience, Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** What is next for a task: its start, nothing, or another look after a while. */
export type Next = "start" | "done" | { readonly afterMs: number; readonly lane?: Lane };

/** The ways in which a task comes to an end before its session does. */
export interface Ending {
  /** Tried again later if that is safe, else told as a failure. */
  failed(task: Task, failure: Failure): Promise<Next>;
  denied(task: Task, reason: DenialReason): Promise<Next>;
  /** Asks GitHub something; its refusals end the task. */
  guard<T>(
    task: Task,
    ask: () => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly next: Next }>;
}

/** Endings, recorded and told. */
export function createEnding(ports: Ports, reporter: Reporter, { firstRetryMs }: Patience): Ending {
  const { tasks, log, github } = ports;

  async function failed(task: Task, failure: Failure): Promise<Next> {
    const { code, message } = failure;
    const afterMs = retryDelayMs(failure, task.retries, ports.chance(), firstRetryMs);
    log.warn({ taskId: task.id, code, message, afterMs }, "task failed");
    if (afterMs !== null) return tryAgain(task, afterMs);
    const state = code === "start_timed_out" ? "timed_out" : "failed";
    const changes = { state, failureCode: code, failureDetail: message } as const;
    const nothing = failure.nothingCreated ? { sessionIntentAt: null } : {};
    return reporter.report(await record(tasks, task, { ...changes, ...nothing }));
  }

  async function tryAgain(task: Task, afterMs: number): Promise<Next> {
    const notBefore = new Date(ports.now().getTime() + afterMs).toISOString();
    const retries = task.retries + 1;
    await record(tasks, task, { state: "queued", retries, notBefore, sessionIntentAt: null });
    return { afterMs };
  }

  /** The subject, the repository or the installation is gone: there is nowhere to say so. */
  async function gone(task: Task, trouble: GitHubTrouble): Promise<Next> {
    const { message } = trouble;
    log.warn({ taskId: task.id, message }, "task cancelled: its subject cannot be reached");
    const settledAt = ports.now().toISOString();
    await record(tasks, task, { state: "cancelled", failureDetail: message, settledAt });
    return "done";
  }

  return {
    failed,
    async denied(task, denial) {
      return reporter.report(await record(tasks, task, { state: "failed", denial }));
    },
    async guard(task, ask) {
      try {
        return { value: await ask() };
      } catch (error) {
        const trouble = github.troubleOf(error);
        if (trouble === null) throw error;
        if (trouble.type === "gone") return { next: await gone(task, trouble) };
        return { next: await failed(task, failureFrom(trouble)) };
      }
    },
  };
}

function failureFrom({ type, message, retryAfterSeconds = 0 }: GitHubTrouble): Failure {
  const code = type === "refused" ? "unknown" : "github_unreachable";
  return { code, message, retryAfterSeconds, nothingCreated: true };
}
