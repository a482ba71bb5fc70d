import type { AuditEntry } from "../task/audit.ts";
import type { Task } from "../task/task.ts";
import { commandLabel, kindLabel } from "./labels.ts";
import type { Measured } from "./measured.ts";

/** What is counted of a step of a task, as the audit records it. */
export function measuredStep({
  step,
  reason,
  kind,
  command,
}: Pick<AuditEntry, "step" | "reason" | "kind" | "command">): readonly Measured[] {
  const counted: Measured = { type: "task_step", step, kind: kindLabel(kind) };
  switch (step) {
    case "asked":
      return command === null
        ? [counted]
        : [counted, { type: "command", command: commandLabel(command) }];
    case "denied":
    case "failed":
    case "canceled":
    case "ended":
      return [counted, { type: "task_outcome", outcome: step, reason: reason ?? "unknown" }];
    default:
      return [counted];
  }
}

/**
 * What is timed of a change of a task: null unless people learn with it the link of a session that has its prompt.
 *
 * @param at when it was written
 */
export function measuredLink(before: Task, after: Task, at: Date): Measured | null {
  const { intentAt } = after.session;
  if (isReady(before) || !isReady(after) || intentAt === null) return null;
  return {
    type: "link_known",
    sinceWebhookSeconds: secondsBetween(after.createdAt, at),
    sinceRequestSeconds: secondsBetween(intentAt, at),
  };
}

function isReady({ session }: Task): boolean {
  return session.prompt.deliveredAt !== null && session.link !== null;
}

/** The clocks of two machines may differ by a little. */
function secondsBetween(from: string, to: Date): number {
  return Math.max(0, (to.getTime() - Date.parse(from)) / 1_000);
}
