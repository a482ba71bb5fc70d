import { stopMissed } from "../../core/comment/outcome.ts";
import { sessionPlace } from "../../core/session/link.ts";
import type { Failure } from "../../core/task/failure.ts";
import { isOnGitHub } from "../../core/task/session.ts";
import type { Task } from "../../core/task/task.ts";
import { noted } from "../../core/task/transitions/ending.ts";
import type { Next } from "../../ports/queue.ts";
import { record } from "../lease/record.ts";
import { withDocumentedLink } from "./session-link.ts";
import type { StarterParts } from "./starter-parts.ts";

const INTERRUPTED: Failure = {
  code: "interrupted",
  message: "the bot stopped while the session was being created",
  nothingCreated: false,
};

/** After a restart: how far the task got isn't known, and the bot can't find out. */
export async function interrupted(
  parts: StarterParts,
  task: Task,
  failure: Failure = INTERRUPTED,
): Promise<Next> {
  const { id } = task.session;
  const linked =
    id === null ? task : await withDocumentedLink(parts, task, { ...failure, sessionId: id });
  return parts.outcomes.failed(await withMissedStop(parts, linked), failure);
}

/** The task, which says so if somebody has stopped it before the bot lost sight of its session. */
export async function withMissedStop({ ports, hosts }: StarterParts, task: Task): Promise<Task> {
  const stop = await ports.sessionCommands.stopOf(task.id);
  if (stop === null) return task;
  const place = sessionPlace(task.session, hosts);
  const note = stopMissed(stop, place?.url ?? null, isOnGitHub(task.session));
  const changed = await record(ports.tasks, task, noted(task, note));
  // Whoever is cut off before this finds the note in the row, and the stop again.
  await ports.sessionCommands.done([stop.id]);
  return changed;
}
