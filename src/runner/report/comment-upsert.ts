import { commentMarker } from "../../core/comment/comment.ts";
import type { Task } from "../../core/task/task.ts";
import * as show from "../../core/task/transitions/showing.ts";
import type { Ports } from "../../ports/ports.ts";
import { record } from "../lease/record.ts";
import { createOne } from "./comment-creation.ts";

type CommentPorts = Pick<Ports, "tasks" | "github" | "now" | "digest">;

/**
 * Creates or edits the comment of a task, so that it has the given body.
 *
 * @param keep gets what is known before GitHub's answer, for when none comes
 */
export async function upsertComment(
  ports: CommentPorts,
  task: Task,
  body: string,
  keep: (known: Task) => void = () => {},
): Promise<Task> {
  const { tasks } = ports;
  const { comment } = task.shown;
  const digest = ports.digest(body);
  const known = comment.id ?? (await adopt(ports, task));
  if (known !== null) {
    if (comment.id === known && comment.digest === digest) return task;
    // An edit without an answer may have been made: what the comment says is not known then.
    keep(show.commentUnknown(task));
    const written = await edit(ports, task, known, body);
    if (written !== null) return record(tasks, task, show.commentWritten(task, written, digest));
  }
  const at = ports.now().toISOString();
  const intending = await record(tasks, task, show.commentIntended(task, at));
  keep(intending);
  return createOne(ports, intending, {
    body,
    marker: commentMarker(task.id),
    isRepeated: comment.intentAt !== null,
    created: (id) => show.commentWritten(intending, id, digest),
    idIn: ({ shown }) => shown.comment.id,
  });
}

/** The edited comment, or null if it no longer exists: then it's written again. */
async function edit(
  { github }: CommentPorts,
  task: Task,
  commentId: number,
  body: string,
): Promise<number | null> {
  try {
    await github.updateComment(task, commentId, body);
    return commentId;
  } catch (error) {
    if (github.troubleOf(error)?.type !== "gone") throw error;
    // Somebody has deleted it, its issue was transferred, or GitHub is late: the thread shows which.
    const found = await github.findComment(task, commentMarker(task.id));
    if (found === commentId) throw error;
    if (found !== null) await github.updateComment(task, found, body);
    return found;
  }
}

/** A comment that was meant to be created, and may have been: the marker shows whether it was. */
async function adopt({ github }: CommentPorts, task: Task): Promise<number | null> {
  if (task.shown.comment.intentAt === null) return null;
  return github.findComment(task, commentMarker(task.id));
}
