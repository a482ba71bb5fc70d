import type { Task } from "../../core/task/task.ts";
import type { Next } from "../../ports/queue.ts";
import type { StarterParts } from "./starter-parts.ts";

/** For so long after its request, a task is left to replicas with other settings, in milliseconds. */
const LEFT_MS = 3_600_000;

/**
 * This process lacks the settings for whose Copilot the task uses. While settings are being changed, another replica
 * may have them; later, the administrator has taken them away, and the gate denies the task.
 */
export async function leaveToOthers(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, gate } = parts;
  const { connectBy } = task.schedule;
  const until = connectBy ?? new Date(Date.parse(task.createdAt) + LEFT_MS).toISOString();
  const chosen = ports.identities.choose(task.decision.identity);
  if (chosen.type === "denied" && until <= ports.now().toISOString()) {
    // The gate says who can change that, and where, unless the policy has changed since.
    const admission = await gate.admit(task);
    return admission.type === "halted" ? admission.next : { afterMs: 0 };
  }
  return handBack(parts, task);
}

/** Leaves a task to another replica, and says so in the log. */
export function handBack(
  { ports, timeouts }: Pick<StarterParts, "ports" | "timeouts">,
  task: Task,
): Next {
  const { identity } = task.decision;
  ports.log.warn(
    { taskId: task.id, identity },
    "this replica lacks the settings for whose Copilot a task uses: give all replicas the same",
  );
  return { afterMs: timeouts.reportAgainMs };
}
