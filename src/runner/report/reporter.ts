import { isReactedTo } from "../../core/access/stranger.ts";
import { renderComment } from "../../core/comment/comment.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { GitHubTrouble } from "../../core/github/trouble.ts";
import { failureIn } from "../../core/task/outcome.ts";
import { isForPageAlone } from "../../core/task/purpose.ts";
import type { Task } from "../../core/task/task.ts";
import { isOvertaken } from "../../core/task/traces.ts";
import { settled } from "../../core/task/transitions/ending.ts";
import { withShown } from "../../core/task/transitions/showing.ts";
import { plainLine } from "../../core/text/quote.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Next } from "../../ports/queue.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { record } from "../lease/record.ts";
import type { Reactions } from "../receive/reactions.ts";
import { refusalsBefore } from "../receive/refusals.ts";
import { upsertComment } from "./comment-upsert.ts";
import type { Cooldown } from "./cooldown.ts";
import { createCooldown } from "./cooldown.ts";
import type { Refusals, RefusalVerdict } from "./github-refusals.ts";
import { createRefusals, recordEnd } from "./github-refusals.ts";
import { bringCheckRun, bringLabels } from "./marks.ts";
import type { Notices } from "./notices.ts";
import { createNotices } from "./notices.ts";

/** Shows people what came of a task. */
export interface Reporter {
  /** Brings the thread to what the task says, and settles the task. */
  report(task: Task): Promise<Next>;
  /**
   * Brings the thread to what the task says so far. Trouble is left to the report at the end.
   *
   * @param latest the task as it is by the time that its comment is up to date
   */
  update(task: Task, latest?: () => Task): Promise<Task>;
  /** Shows the task where the policy wants it shown in addition to the comment; trouble is left for later. */
  mark(task: Task): Promise<Task>;
  /** When there is something to write, in milliseconds since the epoch; infinite when there is nothing. */
  dueAt(task: Task): number;
  /** Whether there is something to write, and it may be written now. */
  isDue(task: Task): boolean;
  /**
   * How many milliseconds to wait before what is still to be written is tried again; infinite when there is nothing.
   * A GitHub that is away doesn't lose a comment.
   */
  tryAgainMs(task: Task): number;
  /** Until when nothing may be written to GitHub about a task, in milliseconds since the epoch. */
  cooldownUntil(task: Task): number;
}

type ReporterPorts = Pick<Ports, "tasks" | "github" | "log" | "now" | "digest" | "chance">;

/**
 * What came of showing something of a task. GitHub has granted what it refused only when all is shown: a comment that
 * is up to date doesn't restart the time for which a notice is tried.
 */
type Shown = RefusalVerdict | { readonly type: "shown"; readonly task: Task };

interface Given {
  readonly ports: ReporterPorts;
  readonly reactions: Reactions;
  /** Of the GitHub that comments are on. */
  readonly hosts: GitHubHosts;
  readonly timeouts: Pick<Timeouts, "reportAgainMs" | "noticeEveryMs" | "giveUpMs">;
}

interface Parts extends Given {
  readonly notices: Notices;
  readonly refusals: Refusals;
  readonly cooldown: Cooldown;
}

/** The reporter over what it's given. */
export function createReporter(given: Given): Reporter {
  const { ports, hosts, timeouts } = given;
  const notices = createNotices(ports, hosts, timeouts);
  const cooldown = createCooldown(ports.now);
  const refusals = createRefusals(ports, timeouts);
  const parts: Parts = { ...given, notices, cooldown, refusals };

  function dueAt(task: Task): number {
    const isShown = task.shown.comment.digest === ports.digest(renderComment(task, hosts));
    return isShown ? notices.dueAt(task) : 0;
  }

  return {
    dueAt,
    isDue: (task) => cooldown.leftMs(task) === 0 && dueAt(task) <= ports.now().getTime(),
    tryAgainMs: (task) => {
      const dueMs = dueAt(task) - ports.now().getTime();
      return Math.max(dueMs, timeouts.reportAgainMs, cooldown.leftMs(task));
    },
    async report(task) {
      const afterMs = cooldown.leftMs(task);
      if (afterMs > 0) return { afterMs };
      const result = await showAll(parts, task);
      if (result.type === "wait") return refusals.rest(result);
      if (result.type === "moved") return { afterMs: 0 };
      if (result.type === "over") return settle(ports, await recordEnd(ports, result));
      return settle(ports, await refusals.granted(result.task));
    },
    async update(task, latest) {
      if (cooldown.leftMs(task) > 0) return task;
      let result = await showComment(parts, task);
      if (result.type === "shown") result = await showMarks(parts, result.task);
      if (result.type === "shown") {
        const current = latest === undefined ? result.task : withShown(latest(), result.task);
        const noticed = await showNotice(parts, current, ports.now().getTime());
        result = { ...noticed, task: withShown(result.task, noticed.task) };
      }
      // That the bot can't comment anymore is left to the report at the end.
      if (result.type === "over") cooldown.begin(task, MAX_COOLDOWN_MS);
      return result.type === "shown" ? refusals.granted(result.task) : result.task;
    },
    async mark(task) {
      try {
        return await bringCheckRun(ports, task, hosts);
      } catch (error) {
        complain(parts, task, error);
        return task;
      }
    },
    cooldownUntil: (task) => cooldown.until(task),
  };
}

async function showAll(parts: Parts, task: Task): Promise<Shown> {
  if (isForPageAlone(task)) return { type: "shown", task };
  if (isSilent(task)) {
    await showRefusal(parts, task);
    return { type: "shown", task };
  }
  const commented: Shown = isTacit(task) ? { type: "shown", task } : await showComment(parts, task);
  const marked = commented.type === "shown" ? await showMarks(parts, commented.task) : commented;
  return marked.type === "shown" ? showNotice(parts, marked.task) : marked;
}

/** Nothing waits for the reaction: whoever may not start anything must not hold others up. */
async function showRefusal({ ports, reactions }: Parts, task: Task): Promise<void> {
  const before = await refusalsBefore(ports, task);
  if (isReactedTo(task.requester.id, before)) reactions.show(task, "confused");
}

/** A notice is a comment too: what GitHub refuses of it is judged as for the other one. */
async function showNotice(parts: Parts, task: Task, by?: number): Promise<Shown> {
  let known = task;
  const keep = (newer: Task) => {
    known = newer;
  };
  try {
    const options = by === undefined ? { keep } : { by, keep };
    return { type: "shown", task: await parts.notices.bring(task, options) };
  } catch (error) {
    return judge(parts, known, error);
  }
}

async function showComment(parts: Parts, task: Task): Promise<Shown> {
  const { ports, hosts } = parts;
  let known = task;
  const keep = (newer: Task) => {
    known = newer;
  };
  try {
    const shown = await upsertComment(ports, task, renderComment(task, hosts), keep);
    return { type: "shown", task: shown };
  } catch (error) {
    return judge(parts, known, error);
  }
}

/** Without these the comment is there all the same: only a GitHub that is away is waited for. */
async function showMarks(parts: Parts, task: Task): Promise<Shown> {
  let shown = task;
  for (const bring of [bringLabels, bringCheckRun]) {
    try {
      shown = await bring(parts.ports, shown, parts.hosts);
    } catch (error) {
      if (troubleOf(parts, error).type === "unreachable") return judge(parts, shown, error);
      complain(parts, task, error);
    }
  }
  return { type: "shown", task: shown };
}

/** What becomes of what GitHub refused. A defect rejects. */
async function judge(parts: Parts, known: Task, error: unknown): Promise<Shown> {
  const { refusals, cooldown, timeouts } = parts;
  const verdict = await refusals.judge(known, troubleOf(parts, error), timeouts.reportAgainMs);
  if (verdict.type === "wait") cooldown.begin(known, verdict.afterMs);
  if (verdict.type === "moved") return verdict;
  // What the comment says may not be known, which the row doesn't show.
  const { shown } = verdict.task;
  const comment = { ...shown.comment, digest: known.shown.comment.digest };
  return { ...verdict, task: { ...verdict.task, shown: { ...shown, comment } } };
}

function troubleOf({ ports }: Parts, error: unknown): GitHubTrouble {
  const trouble = ports.github.troubleOf(error);
  if (trouble === null) throw error;
  return trouble;
}

/** A reaction, a label or a check run is a courtesy: the task continues without it. */
function complain(parts: Parts, task: Task, error: unknown): void {
  const { type, message } = troubleOf(parts, error);
  const words = plainLine(message, 300);
  const fields = { taskId: task.id, trouble: type, message: words };
  parts.ports.log.warn(fields, "GitHub refused a reaction, label, or check run");
}

/** A thread where the bot can't comment is tried again after this, in milliseconds. */
const MAX_COOLDOWN_MS = 900_000;

async function settle({ tasks, log, now }: ReporterPorts, task: Task): Promise<Next> {
  if (task.settledAt === null) await record(tasks, task, settled(task, now().toISOString()));
  log.info(loggedOutcome(task), "task settled");
  return "done";
}

function loggedOutcome({ id, state, trigger: { deliveryId }, outcome, session }: Task) {
  const denial = outcome?.type === "denied" ? outcome.reason : null;
  const failureCode = failureIn(outcome)?.code ?? null;
  const linkUrl = session.link?.url ?? null;
  return { taskId: id, deliveryId, state, denial, failureCode, linkUrl };
}

/** A stranger's command is answered by a reaction alone: strangers cannot make the bot talk. */
function isSilent({ outcome }: Task): boolean {
  return outcome?.type === "denied" && outcome.text === null;
}

/** Nobody waits for news of what they ended themselves: only a comment that is there says it. */
function isTacit(task: Task): boolean {
  const { outcome, shown } = task;
  if (outcome?.type !== "canceled" || outcome.why === "stopped") return false;
  return shown.comment.intentAt === null && shown.comment.id === null && !isOvertaken(task);
}
