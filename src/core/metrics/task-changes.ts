import type { AuditEntry } from "../task/audit.ts";
import { auditedStep } from "../task/audit.ts";
import type { Publication } from "../task/hosting.ts";
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

/** What is counted of a change of a task whose session is on a machine of the administrator's; nothing of others. */
export function measuredHosting(before: Task, after: Task): readonly Measured[] {
  const { hosting } = after.session;
  if (hosting === null) return [];
  const push = measuredPush(before.session.hosting?.publication ?? null, hosting.publication);
  const audited = auditedStep(before, after);
  if (audited?.step !== "failed" && audited?.step !== "ended") return push;
  const { step: outcome, reason } = audited;
  return [...push, { type: "machine_outcome", outcome, reason: reason ?? "unknown" }];
}

function measuredPush(before: Publication | null, after: Publication | null): readonly Measured[] {
  if (after === null || newsIn(before) === newsIn(after)) return [];
  const reason = after.type === "stopped" ? after.reason : "none";
  return [{ type: "machine_push", result: after.type, reason }];
}

/** What differs where something else has become of commits. */
function newsIn(publication: Publication | null): string {
  switch (publication?.type) {
    case "pushed":
      return `pushed ${publication.commit}`;
    case "stopped":
      return `stopped ${publication.reason}`;
    case "failed":
      return "failed";
    case undefined:
      return "";
    default:
      return publication satisfies never;
  }
}
