import type { SessionCommandName } from "../command/table.ts";
import { SESSION_COMMANDS } from "../command/table.ts";
import { isAtLeast } from "../github/role.ts";
import type { PolicyScope } from "../task/denying-setting.ts";
import type { Policy } from "../policy/policy.ts";
import type { Denial } from "../task/denial.ts";
import type { Task } from "../task/task.ts";
import type { Facts } from "./facts.ts";
import { denialToSteer, scopeToSteer } from "./gate.ts";

/** Why somebody may not give a command, and whose permissions say so; null where the policy can't change that. */
export interface CommandDenial {
  readonly denial: Denial;
  readonly scope: PolicyScope | null;
}

const NO_WRITE_ACCESS: CommandDenial = {
  denial: { reason: "no_permission", least: "write" },
  scope: null,
};

/**
 * Why somebody may not give a command to a task; null where they may. Whoever may not doesn't learn whether there is one.
 *
 * @param target the task that the command is for; null where there's none
 * @param policy null while it can't be read
 */
export function denialOfCommand(
  command: SessionCommandName,
  task: Task,
  target: Task | null,
  { facts, policy }: { readonly facts: Facts; readonly policy: Policy | null },
): CommandDenial | null {
  const canWrite = isAtLeast(facts.survey.role, "write");
  if (isHarmless(command) && target?.requester.id === task.requester.id) return null;
  if (SESSION_COMMANDS[command].who === "writers" && !canWrite) return NO_WRITE_ACCESS;
  if (policy === null) return canWrite ? null : NO_WRITE_ACCESS;
  const kind = target?.decision.kind ?? "";
  const denial = denialToSteer(task, facts, policy, kind);
  return denial === null ? null : { denial, scope: scopeToSteer(policy, kind) };
}

/** Whether the bot's own account may not give this command. What is tried again is decided by the gate. */
export function needsKnownAccount(
  command: SessionCommandName,
  task: Task,
  target: Task | null,
): boolean {
  if (isHarmless(command) || command === "retry") return false;
  const isOwn = target?.requester.id === task.requester.id;
  if (target?.decision.identity !== "requester") return true;
  return !isOwn && SESSION_COMMANDS[command].isOwners;
}

/** The others reach the agent, as words of somebody who can write to the repository. */
function isHarmless(command: SessionCommandName): boolean {
  return SESSION_COMMANDS[command].who === "requester";
}
