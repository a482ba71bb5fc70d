import type { GitHubTrouble } from "../../core/github/trouble.ts";
import { pauseAfter } from "../../core/github/trouble.ts";
import { failureOfTrouble } from "../../core/task/failure.ts";
import type { Whereabouts } from "../../core/task/thread-place.ts";
import { moved } from "../../core/task/thread-place.ts";
import { plainLine } from "../../core/text/quote.ts";
import type { Cancellation } from "../../core/task/outcome.ts";
import type { Task } from "../../core/task/task.ts";
import type { Silence } from "../../core/task/transitions/ending.ts";
import { silenced } from "../../core/task/transitions/ending.ts";
import {
  grantedByGitHub,
  postponed,
  refusedByGitHub,
} from "../../core/task/transitions/showing.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { record } from "../lease/record.ts";

/** What becomes of a task whose request GitHub refused. */
export type RefusalVerdict =
  /** It may be granted later. */
  | { readonly type: "wait"; readonly task: Task; readonly afterMs: number }
  /** Its thread is elsewhere, which is recorded: the request is to be made there. */
  | { readonly type: "moved"; readonly task: Task }
  /** It won't be granted, or wasn't for as long as the bot tries. */
  | {
      readonly type: "over";
      readonly task: Task;
      readonly silence: Silence;
      /** GitHub's words, in one line. */
      readonly message: string;
    };

/** Decides about requests that GitHub refused. */
export interface Refusals {
  /**
   * Records the refusal, and says what happens next.
   *
   * @param firstPauseMs before the second try; later pauses are longer
   */
  judge(task: Task, trouble: GitHubTrouble, firstPauseMs: number): Promise<RefusalVerdict>;
  /** Has nobody move the task before its time has come, this process or another. */
  rest(waiting: Extract<RefusalVerdict, { type: "wait" }>): Promise<{ readonly afterMs: number }>;
  /** GitHub has granted the request. */
  granted(task: Task): Promise<Task>;
}

type RefusalPorts = Pick<Ports, "tasks" | "github" | "log" | "now" | "chance">;

/** What a log line and the row keep of GitHub's words. */
const MAX_MESSAGE = 300;

/** How often GitHub may not show a subject that it should, before it counts as gone. */
const MAX_UNSEEN = 6;

/** Refusals over the runner's ports; they are waited for as long as `giveUpMs` says. */
export function createRefusals(
  ports: RefusalPorts,
  { giveUpMs }: Pick<Timeouts, "giveUpMs">,
): Refusals {
  const { tasks, now } = ports;
  return {
    async judge(task, trouble, firstPauseMs) {
      const certain = certainly(task, trouble) ?? (await whereIs(ports, task, trouble));
      if (certain.type !== "passing") return certain;
      return wait(ports, task, certain.trouble, { firstPauseMs, giveUpMs });
    },
    async rest({ task, afterMs }) {
      const notBefore = new Date(now().getTime() + afterMs).toISOString();
      await record(tasks, task, postponed(task, notBefore));
      return { afterMs };
    },
    granted: async (task) =>
      task.shown.refused === null ? task : record(tasks, task, grantedByGitHub(task)),
  };
}

/** What is certain already, or what to wait for. */
type Finding = RefusalVerdict | { readonly type: "passing"; readonly trouble: GitHubTrouble };

/** What GitHub's refusal says without another question; null where one has to be asked. */
function certainly(task: Task, trouble: GitHubTrouble): Finding | null {
  switch (trouble.type) {
    case "gone":
    case "moved":
    case "not_permitted":
      return null;
    case "suspended":
      return canceled(task, trouble, "installation_suspended");
    case "archived":
    case "refused":
      return refusedForGood(task, trouble);
    case "locked":
      // The task was denied for this: there's nothing else that its comment could say.
      if (task.outcome?.type === "denied" && task.outcome.reason === "subject_locked")
        return refusedForGood(task, trouble);
      return { type: "passing", trouble };
    default:
      return { type: "passing", trouble };
  }
}

/** Other refusals before it, such as outages, say nothing about the subject: the last one was of the same type. */
function isUnseenForLong({ shown: { refused } }: Task, { type }: GitHubTrouble): boolean {
  return refused !== null && refused.type === type && refused.count >= MAX_UNSEEN;
}

/** What GitHub says when it's asked where the thread is; it may refuse that too. */
async function whereIs(
  { tasks, github, log }: RefusalPorts,
  task: Task,
  trouble: GitHubTrouble,
): Promise<Finding> {
  const found = await findSubject(github, task);
  if (found.type === "refused") return { type: "passing", trouble: found.trouble };
  const { whereabouts } = found;
  const ended = (why: Cancellation) => canceled(task, trouble, why);
  switch (whereabouts.type) {
    case "moved":
      log.info({ taskId: task.id }, "thread moved: the task follows it");
      return { type: "moved", task: await record(tasks, task, moved(task, whereabouts.to)) };
    case "deleted":
      return ended("subject_deleted");
    case "not_installed":
      return ended(task.place.movedFrom === null ? "repository_removed" : "subject_transferred");
    case "unseen":
      if (!isUnseenForLong(task, trouble)) return { type: "passing", trouble };
      return ended(trouble.type === "moved" ? "subject_transferred" : "subject_gone");
    case "suspended":
      return ended("installation_suspended");
    case "here":
      return { type: "passing", trouble };
    default:
      return whereabouts satisfies never;
  }
}

/** What GitHub says of the thread, or that it refuses to. */
type Search =
  | { readonly type: "found"; readonly whereabouts: Whereabouts }
  | { readonly type: "refused"; readonly trouble: GitHubTrouble };

async function findSubject(github: RefusalPorts["github"], task: Task): Promise<Search> {
  try {
    return { type: "found", whereabouts: await github.whereabouts(task) };
  } catch (error) {
    const trouble = github.troubleOf(error);
    if (trouble === null) throw error;
    return { type: "refused", trouble };
  }
}

async function wait(
  { tasks, log, now, chance }: RefusalPorts,
  task: Task,
  trouble: GitHubTrouble,
  { firstPauseMs, giveUpMs }: { readonly firstPauseMs: number; readonly giveUpMs: number },
): Promise<RefusalVerdict> {
  const { type } = trouble;
  const at = now();
  const message = plainLine(trouble.message, MAX_MESSAGE);
  if (task.shown.refused === null) {
    const fields = { taskId: task.id, trouble: type, message };
    log.warn(fields, "GitHub refused a request: retrying");
  }
  const refusal = { at: at.toISOString(), type, message };
  const refused = await record(tasks, task, refusedByGitHub(task, refusal));
  const { since = "", count = 1 } = refused.shown.refused ?? {};
  const leftMs = Date.parse(since) + giveUpMs - at.getTime();
  if (leftMs <= 0) {
    const silence = { type: "failed", code: failureOfTrouble(type), detail: message } as const;
    return { type: "over", task: refused, silence, message };
  }
  const pause = pauseAfter(trouble, count, chance(), firstPauseMs);
  // The last try comes when the time is over, and not a pause before.
  return { type: "wait", task: refused, afterMs: Math.max(1, Math.min(pause, leftMs)) };
}

function canceled(task: Task, trouble: GitHubTrouble, why: Cancellation): RefusalVerdict {
  const message = plainLine(trouble.message, MAX_MESSAGE);
  return { type: "over", task, silence: { type: "canceled", why }, message };
}

function refusedForGood(task: Task, trouble: GitHubTrouble): RefusalVerdict {
  const message = plainLine(trouble.message, MAX_MESSAGE);
  const silence = { type: "failed", code: "github_refused", detail: message } as const;
  return { type: "over", task, silence, message };
}

/**
 * Records why nothing more can be said of a task: what has come of it already stays what has come of it, a
 * session keeps its state.
 */
export function recordEnd(
  { tasks, log }: Pick<Ports, "tasks" | "log">,
  { task, silence, message }: Extract<RefusalVerdict, { type: "over" }>,
): Promise<Task> {
  const { since: refusedSince = null, count: refusals = 0 } = task.shown.refused ?? {};
  const why =
    silence.type === "failed" ? { failureCode: silence.code } : { cancellation: silence.why };
  const fields = { taskId: task.id, ...why, refusedSince, refusals, message };
  log.warn(fields, "thread could not be updated");
  if (task.outcome !== null) return Promise.resolve(task);
  return record(tasks, task, silenced(task, silence));
}
