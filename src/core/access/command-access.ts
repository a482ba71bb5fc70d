import type { SessionCommandName } from "../command/table.ts";
import { SESSION_COMMANDS } from "../command/table.ts";
import { isAtLeast } from "../github/role.ts";
import type { Policy } from "../policy/policy.ts";
import type { Task } from "../task/task.ts";
import type { Facts } from "./facts.ts";
import { maySteer } from "./gate.ts";

/**
 * Whether somebody may give a command to a task. Whoever may not doesn't learn whether there is one.
 *
 * @param target the task that the command is for; null where there's none
 * @param policy null while it can't be read
 */
export function mayCommand(
  command: SessionCommandName,
  task: Task,
  target: Task | null,
  { facts, policy }: { readonly facts: Facts; readonly policy: Policy | null },
): boolean {
  const canWrite = isAtLeast(facts.survey.role, "write");
  if (isHarmless(command) && target?.requester.id === task.requester.id) return true;
  if (SESSION_COMMANDS[command].who === "writers" && !canWrite) return false;
  if (policy === null) return canWrite;
  return maySteer(task, facts, policy, target?.decision.kind ?? "");
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
