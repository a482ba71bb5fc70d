import type { GitHubHosts } from "../github/hosts.ts";
import type { Task } from "../task/task.ts";
import { canceledLines } from "./canceled.ts";
import { detailLines } from "./details.ts";
import { failedLines, lateLines } from "./failed.ts";
import { headingOf } from "./heading.ts";
import { phoneLines } from "./phone.ts";
import { againLines } from "./retry.ts";
import { sessionLines } from "./session.ts";
import type { CommentView } from "./view.ts";
import { viewOf } from "./view.ts";
import {
  againStartingLines,
  connectLines,
  queuedLines,
  runtimeLines,
  startingLines,
} from "./waiting.ts";

/** The hidden line by which the bot knows its own comment again. */
export function commentMarker(taskId: string): string {
  return `<!-- copilot-task:${taskId} -->`;
}

/**
 * The one comment of a task, whole, from the task alone: the same task always gives the same text. The state in the
 * heading, the one thing that people need, the link; everything else is folded.
 *
 * @param hosts of the GitHub that the comment is on
 */
export function renderComment(task: Task, hosts: GitHubHosts): string {
  const view = viewOf(task, hosts);
  const lines = [
    commentMarker(view.taskId),
    `### ${headingOf(view)}`,
    "",
    ...bodyLines(view),
    "",
    ...phoneLines(view),
    ...detailLines(view),
  ];
  return `${lines.join("\n")}\n`;
}

function bodyLines(view: CommentView): readonly string[] {
  const { state } = view;
  switch (state.type) {
    case "answer":
      return [state.text];
    case "denied":
      return [state.text, ...againLines(view, state.reason)];
    case "canceled":
      return canceledLines(view, state);
    case "queued":
      return queuedLines(view, state);
    case "connect":
      return connectLines(view, state);
    case "waiting_for_runtime":
      return runtimeLines(view);
    case "trying_again":
      return againStartingLines(view);
    case "starting":
      return startingLines(view);
    case "late":
      return lateLines(view, state);
    case "failed":
      return failedLines(view, state);
    case "session":
      return sessionLines(view, state.session);
    default:
      return state satisfies never;
  }
}
