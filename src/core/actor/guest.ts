import { codeAlone } from "./command-action.ts";
import type { CommandAnswer } from "../comment/command-answer.ts";
import type { Policy } from "../policy/policy.ts";
import type { Task } from "../task/task.ts";
import type { SessionCommandName } from "../command/table.ts";
import { SESSION_COMMANDS } from "../command/table.ts";

/** Whose command it is, or whose session. */
type Requested = Pick<Task, "requester">;
type Target = Pick<Task, "id" | "requester" | "decision" | "settledAt">;

/**
 * Whether a session uses the Copilot of somebody else than who gives it a command, and the policy leaves it to them.
 *
 * @param steering of the policy; null while that can't be read: then the tighter way is taken
 */
export function isGuest(
  { requester }: Requested,
  target: Pick<Task, "requester" | "decision">,
  steering: Policy["steering"] | null,
): boolean {
  if (target.decision.identity !== "requester" || steering === "writers") return false;
  return target.requester.id !== requester.id;
}

/** Why a guest can't give this command; null when they can. */
export function refusalOfGuest(command: SessionCommandName, target: Target): CommandAnswer | null {
  const { id, settledAt, requester } = target;
  const owner = requester.login;
  if (SESSION_COMMANDS[command].isOwners) return { type: "owners_only", id, owner };
  // To look at the session again would use its owner's rights, as `resume` does.
  return command === "status" && settledAt !== null ? { type: "not_followed", id, owner } : null;
}

/** What of a guest's text reaches the session: no words, which the agent could take for its owner's. */
export function textOfGuest(command: SessionCommandName, text: string): string {
  return command === "deny" ? codeAlone(text) : "";
}
