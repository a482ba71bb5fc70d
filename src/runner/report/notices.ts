import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { NoticeStep } from "../../core/comment/notice.ts";
import { noticeMarker, noticeStep, renderNotice } from "../../core/comment/notice.ts";
import type { Task } from "../../core/task/task.ts";
import * as show from "../../core/task/transitions/showing.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { assertLease, record } from "../lease/record.ts";
import { createOne } from "./comment-creation.ts";

/** Comments that notify the requester of a task that somebody is needed, or that it is over. */
export interface Notices {
  /**
   * Takes the steps for a task's notice that are due: one may be closed, and the next one opened. Rejects when
   * GitHub does not do what it is asked.
   *
   * @param by in milliseconds since the epoch; without it nothing is put off
   * @param keep gets what is known after each step, and before GitHub's answer, for when none comes
   */
  bring(task: Task, options?: Options): Promise<Task>;
  /** When the next step is due, in milliseconds since the epoch; infinite when there is nothing to do. */
  dueAt(task: Task): number;
}

interface Options {
  readonly by?: number;
  readonly keep?: (known: Task) => void;
}

interface Parts {
  readonly ports: Pick<Ports, "tasks" | "github" | "now" | "digest">;
  /** Those of the GitHub that comments are on. */
  readonly hosts: GitHubHosts;
}

/** To close what no longer holds, and to post and refresh what does. */
const MAX_STEPS = 3;
/** The latest time there is. */
const MAX_TIME = 8.64e15;

/** Notices over their ports. */
export function createNotices(
  ports: Parts["ports"],
  hosts: GitHubHosts,
  { noticeEveryMs }: Pick<Timeouts, "noticeEveryMs">,
): Notices {
  const parts = { ports, hosts };

  function dueAt(task: Task): number {
    const step = stepOf(parts, task);
    if (step.type === "nothing") return Infinity;
    // An agent may ask again and again, and be answered each time.
    const isPaced = step.type === "open" && step.about.startsWith("waiting");
    const last = Date.parse(task.shown.notice.intentAt ?? "");
    return isPaced && !Number.isNaN(last) ? last + noticeEveryMs : 0;
  }

  return {
    dueAt,
    async bring(task, { by = MAX_TIME, keep = () => {} } = {}) {
      let current = task;
      for (let count = 0; count < MAX_STEPS && dueAt(current) <= by; count += 1) {
        current = await takeStep(parts, current, keep);
        keep(current);
      }
      return current;
    },
  };
}

/** The next step; nothing, where a refresh would change nothing. */
function stepOf({ ports, hosts }: Parts, task: Task): NoticeStep {
  const step = noticeStep(task);
  if (step.type !== "refresh" || step.about !== task.shown.notice.about) return step;
  const isSame = task.shown.notice.digest === ports.digest(renderNotice(task, hosts));
  return isSame ? { type: "nothing" } : step;
}

async function takeStep(parts: Parts, task: Task, keep: (known: Task) => void): Promise<Task> {
  const step = stepOf(parts, task);
  switch (step.type) {
    case "open":
      return open(parts, task, step.about, keep);
    case "find":
      return find(parts, task);
    case "refresh":
      return refresh(parts, task, step.about);
    case "close":
      return close(parts, task);
    case "nothing":
      return task;
    default:
      return step satisfies never;
  }
}

async function open(parts: Parts, task: Task, about: string, keep: (known: Task) => void) {
  const { tasks, now } = parts.ports;
  const intent = show.noticeIntended(task, about, now().toISOString());
  const intending = await record(tasks, task, intent);
  keep(intending);
  return create(parts, intending, false);
}

function create({ ports, hosts }: Parts, task: Task, isRepeated: boolean): Promise<Task> {
  const body = renderNotice(task, hosts);
  return createOne(ports, task, {
    body,
    marker: noticeMarker(task),
    isRepeated,
    created: (id) => show.noticePosted(task, id, ports.digest(body)),
    idIn: ({ shown }) => shown.notice.id,
  });
}

/** What a notice says that was found isn't known: the next step refreshes it. */
async function find(parts: Parts, task: Task): Promise<Task> {
  const { github, tasks } = parts.ports;
  const id = await github.findComment(task, noticeMarker(task));
  if (id !== null) return record(tasks, task, show.noticeFound(task, id));
  // Somebody else may have the task by now, and post the notice: a long thread takes long to look through.
  await assertLease(tasks, task);
  return create(parts, task, true);
}

async function refresh({ ports, hosts }: Parts, task: Task, about: string): Promise<Task> {
  const { tasks, github, digest } = ports;
  const body = renderNotice(task, hosts);
  try {
    await github.updateComment(task, task.shown.notice.id ?? 0, body);
  } catch (error) {
    if (github.troubleOf(error)?.type !== "gone") throw error;
    // Somebody deleted it, and knows of what it was posted for.
    return record(tasks, task, show.noticeDeleted(task));
  }
  return record(tasks, task, show.noticeRefreshed(task, about, digest(body)));
}

async function close({ ports: { tasks, github } }: Parts, task: Task): Promise<Task> {
  const { id, intentAt } = task.shown.notice;
  const isLost = id === null && intentAt !== null;
  const known = isLost ? await github.findComment(task, noticeMarker(task)) : id;
  if (known !== null) await github.deleteComment(task, known);
  return record(tasks, task, show.noticeClosed(task));
}
