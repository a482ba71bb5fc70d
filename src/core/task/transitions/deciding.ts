import type { Role } from "../../github/role.ts";
import type { Task } from "../task.ts";
import { addedInstructions } from "../task.ts";
import type { IdentityChoice } from "../../policy/identity-choice.ts";

/** What the requester may do is known. */
export function roleKnown(task: Task, role: Role): Task {
  return { ...task, requester: { ...task.requester, role } };
}

/** What the gate decided on. */
export interface Judgment {
  readonly role: Role;
  readonly policyCommit: string | null;
  readonly defaultsCommit: string | null;
  /** What is to be done, and where; null when the task may not start. */
  readonly admitted: {
    readonly kind: string;
    readonly identity: IdentityChoice | null;
    readonly place: Readonly<Record<"branch" | "commit", string>>;
  } | null;
  /** The commit that a refusal names. */
  readonly refusedCommit: string | null;
}

/** The gate has decided about the requester. */
export function judged(task: Task, judgment: Judgment): Task {
  const { role, policyCommit, defaultsCommit, admitted, refusedCommit } = judgment;
  const common = { ...task.decision, policyCommit, defaultsCommit };
  const refused = refusedCommit === null ? common : { ...common, commit: refusedCommit };
  const decision =
    admitted === null
      ? refused
      : { ...common, ...admitted.place, kind: admitted.kind, identity: admitted.identity };
  return { ...roleKnown(task, role), decision };
}

/** The requester was shown that the trigger was seen. */
export function acknowledged(task: Task, acknowledgedAt: string): Task {
  return { ...task, decision: { ...task.decision, acknowledgedAt } };
}

/**
 * The task of a retry command takes over what the failed one was to do.
 *
 * @param more what the command adds
 * @param isTrusted whether the words of who asked for the failed task may be repeated
 */
export function retrying(
  task: Task,
  failed: Task,
  { more, isTrusted }: { readonly more: string; readonly isTrusted: boolean },
): Task {
  if (task.trigger.type === "label") throw new TypeError(`task ${task.id} is no command`);
  const instructions = [isTrusted ? addedInstructions(failed) : "", more]
    .filter((part) => part !== "")
    .join("\n\n");
  return {
    ...task,
    trigger: { ...task.trigger, instructions },
    decision: { ...task.decision, kind: failed.decision.kind, retryOf: failed.id },
  };
}
