import type { Failure } from "../../core/task/failure.ts";
import { retryDelayMs } from "../../core/task/failure.ts";
import type { GitHubTrouble } from "../../core/github/trouble.ts";
import { failureOfTrouble } from "../../core/task/failure.ts";
import type { SessionCommand } from "../../core/session/session-command.ts";
import type { ChangePlaces, Denial } from "../../core/task/denial.ts";
import { denialSentence } from "../../core/comment/denied.ts";
import { stoppedEarly } from "../../core/comment/outcome.ts";
import type { Cancellation } from "../../core/task/outcome.ts";
import { isForPageAlone } from "../../core/task/purpose.ts";
import { loggedOf } from "../../core/task/logged-failure.ts";
import type { Task } from "../../core/task/task.ts";
import * as end from "../../core/task/transitions/ending.ts";
import { hasTraces } from "../../core/task/traces.ts";
import { isCommentedOn } from "../../core/access/stranger.ts";
import type { Flood } from "../receive/flood.ts";
import type { Refusals } from "./github-refusals.ts";
import { createRefusals } from "./github-refusals.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { record } from "../lease/record.ts";
import { nextAfterPause } from "./pause.ts";
import { refusalsBefore } from "../receive/refusals.ts";
import type { Next } from "../../ports/queue.ts";
import type { Reporter } from "./reporter.ts";

type Refusal = readonly [denial: Denial, replyPublicly: boolean, change?: ChangePlaces | null];

/** The ways in which a task comes to an end before its session does. */
export interface Outcomes {
  /** Tried again later if that is safe, else reported as a failure. */
  failed(task: Task, failure: Failure): Promise<Next>;
  /**
   * Answered with a comment when `replyPublicly`, else with a reaction; on the page alone, where the page has asked.
   *
   * @param change where the policy can be changed so that it passes; null where it doesn't decide about it
   */
  denied(task: Task, ...refusal: Refusal): Promise<Next>;
  /** The task isn't processed before that: people learn what it waits for, as soon as they're to know. */
  pause(task: Task, waitMs: number): Promise<Next>;
  /** Nobody needs the task anymore, or there's no thread to comment in. */
  canceled(task: Task, cancellation: Cancellation): Promise<Next>;
  /** Somebody has stopped the task before its session got the prompt: the comment says so. */
  stopped(task: Task, stop: SessionCommand): Promise<Next>;
  /**
   * Asks GitHub something. What it refuses is asked again later; a refusal that is certain ends the task. That it
   * answers one question doesn't end the time for which others are tried: see `granted`.
   */
  guard<T>(task: Task, ask: () => Promise<T>): Promise<Guarded<T>>;
  /** GitHub couldn't be asked something, elsewhere than through `guard`: what's next for the task. */
  refused(task: Task, trouble: GitHubTrouble): Promise<Next>;
  /** GitHub has answered all that had to be asked for the next step: its next refusal is a new one. */
  granted(task: Task): Promise<Task>;
}

/** Nothing more can be done for a task now: this is what's next for it. */
export interface Halted {
  readonly type: "halted";
  readonly next: Next;
}

/** What GitHub has answered, unless it refused. */
export type Guarded<T> = { readonly type: "value"; readonly value: T } | Halted;

interface Parts {
  readonly ports: Ports;
  readonly reporter: Reporter;
  readonly flood: Flood;
  readonly timeouts: Pick<Timeouts, "firstRetryMs" | "giveUpMs" | "startingNoticeMs">;
}

/** Outcomes, recorded and reported. */
export function createOutcomes({ ports, reporter, flood, timeouts }: Parts): Outcomes {
  const refusals = createRefusals(ports, timeouts);
  const pause: Outcomes["pause"] = (task, waitMs) =>
    nextAfterPause({ now: ports.now, reporter, timeouts }, task, waitMs);
  const { tasks, log, github } = ports;
  const { firstRetryMs } = timeouts;

  async function failed(task: Task, failure: Failure): Promise<Next> {
    const { code, cause, nothingCreated } = failure;
    // Of a token that lacks something, GitHub says so. This one may be dead.
    if (code === "bad_credentials" && cause === undefined) {
      await ports.identities.tokenRefused(task);
    }
    // The runtime is ended with the bot: after the restart the row shows what is not known.
    if (code === "runtime_crashed" && !nothingCreated && ports.stopping.aborted) return "done";
    const afterMs = retryDelayMs(failure, task.schedule.retries, ports.chance(), firstRetryMs);
    const machine = task.session.hosting?.machine ?? undefined;
    const fields = { taskId: task.id, machine, ...loggedOf(failure) };
    if (afterMs !== null) {
      const attempt = task.schedule.retries + 1;
      log.warn({ ...fields, attempt, afterMs }, "attempt failed: the task will be tried again");
      return tryAgain(task, failure, afterMs);
    }
    log.warn({ ...fields, afterMs }, "task failed");
    return reporter.report(await record(tasks, task, end.failedForGood(task, failure)));
  }

  async function tryAgain(task: Task, failure: Failure, afterMs: number): Promise<Next> {
    const notBefore = new Date(ports.now().getTime() + afterMs).toISOString();
    const paused = await record(tasks, task, end.retryScheduled(task, failure, notBefore));
    return pause(paused, afterMs);
  }

  const canceled: Outcomes["canceled"] = (task, cancellation) =>
    endCanceled({ ...ports, flood }, reporter, task, cancellation);

  const refusing = { ports, refusals, firstRetryMs, failed, canceled };
  return {
    failed,
    pause,
    canceled,
    stopped: (task, stop) => endStopped(ports, reporter, task, stop),
    refused: (task, trouble) => refused(refusing, task, trouble),
    granted: (task) => refusals.granted(task),
    denied: (task, ...refusal) => endDenied({ ...ports, flood }, reporter, task, refusal),
    async guard(task, ask) {
      try {
        return { type: "value", value: await ask() };
      } catch (error) {
        const trouble = github.troubleOf(error);
        if (trouble === null) throw error;
        return { type: "halted", next: await refused(refusing, task, trouble) };
      }
    },
  };
}

interface Refusing extends Pick<Outcomes, "failed" | "canceled"> {
  readonly ports: Pick<Ports, "log">;
  readonly refusals: Refusals;
  readonly firstRetryMs: number;
}

/** GitHub refuses: it may pass, or it is reported, or there is nowhere to say so. */
async function refused(parts: Refusing, task: Task, trouble: GitHubTrouble): Promise<Next> {
  const { refusals, failed, canceled } = parts;
  const { type } = trouble;
  // These can be reported, and people can change them.
  if (type === "not_permitted" || type === "refused") {
    const code = type === "refused" ? "unknown" : failureOfTrouble(type);
    return failed(task, { code, message: trouble.message, nothingCreated: true });
  }
  const verdict = await refusals.judge(task, trouble, parts.firstRetryMs);
  if (verdict.type === "wait") return refusals.rest(verdict);
  if (verdict.type === "moved") return { afterMs: 0 };
  const { silence, message } = verdict;
  if (silence.type === "failed") {
    return failed(verdict.task, { code: silence.code, message, nothingCreated: true });
  }
  parts.ports.log.warn({ taskId: task.id, message }, "subject of a task can't be reached");
  return canceled(verdict.task, silence.why);
}

async function endDenied(
  ports: Ports & { readonly flood: Flood },
  reporter: Reporter,
  task: Task,
  [denial, replyPublicly, change = null]: Refusal,
): Promise<Next> {
  const isOnPage = isForPageAlone(task);
  const mayComment = replyPublicly && !isOnPage;
  const hasComment = mayComment && isCommentedOn(task.requester, await refusalsBefore(ports, task));
  if (!hasComment) ports.flood.note(task);
  const text = hasComment || isOnPage ? denialSentence(denial, change) : null;
  const over = end.denied(task, { reason: denial.reason, text });
  return reporter.report(await record(ports.tasks, task, over));
}

async function endCanceled(
  { tasks, log, now, flood }: Ports & { readonly flood: Flood },
  reporter: Reporter,
  task: Task,
  cancellation: Cancellation,
): Promise<Next> {
  if (cancellation === "command_misplaced") flood.note(task);
  log.info({ taskId: task.id, cancellation }, "task canceled");
  const over = end.canceled(task, cancellation);
  if (hasTraces(task)) return reporter.report(await record(tasks, task, over));
  await record(tasks, task, end.settled(over, now().toISOString()));
  return "done";
}

async function endStopped(
  { tasks, sessionCommands, log }: Ports,
  reporter: Reporter,
  task: Task,
  stop: SessionCommand,
): Promise<Next> {
  log.info({ taskId: task.id }, "task stopped before it started");
  const note = stoppedEarly(stop, task.session.intentAt !== null);
  const ended = await record(tasks, task, end.stopped(task, note));
  await sessionCommands.done([stop.id]);
  return reporter.report(ended);
}
