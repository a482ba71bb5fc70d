import type { ControlName, SessionCommandName } from "../command/table.ts";
import { isControl, isSessionCommand } from "../command/table.ts";
import type { Task } from "./task.ts";
import { isFromPage } from "./task.ts";

/** What a task is for. Only a `session` ever starts one; the others are answered. */
export type TaskPurpose =
  | { readonly type: "session" }
  /** A command about the bot itself. */
  | { readonly type: "control"; readonly command: ControlName }
  /** A command to another task of the thread. A retry becomes a `session` once it is known what it tries again. */
  | { readonly type: "session_command"; readonly command: SessionCommandName }
  /** What may have been meant as a command, and doesn't count as one. */
  | { readonly type: "explanation" };

/**
 * Whether only the page shows what came of a task: a command that was given there, to another task. A retry that has
 * become a task has its comment, as any other.
 */
export function isForPageAlone(task: Pick<Task, "trigger" | "decision">): boolean {
  return isFromPage(task) && purposeOf(task).type === "session_command";
}

/** What a task is for, from its trigger. */
export function purposeOf({ trigger, decision }: Pick<Task, "trigger" | "decision">): TaskPurpose {
  if (trigger.type === "label") return { type: "session" };
  const { name: command, misplaced } = trigger;
  if (misplaced !== null) return { type: "explanation" };
  if (isControl(command)) return { type: "control", command };
  if (isSessionCommand(command) && decision.retryOf === null)
    return { type: "session_command", command };
  return { type: "session" };
}
