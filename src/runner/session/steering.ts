import type { SessionAction } from "../../core/actor/command-action.ts";
import { isOwnersAction } from "../../core/actor/command-action.ts";
import { isGuest } from "../../core/actor/guest.ts";
import type { SessionCommand } from "../../core/session/session-command.ts";
import type { Task } from "../../core/task/task.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Policies } from "../receive/policies.ts";

/** Decides again about commands that waited: who can steer a session is what the policy says when it's steered. */
export interface Steering {
  /** Whether a command may still be carried out. Rejects when that can't be found out. */
  mayExecute(command: SessionCommand, action: SessionAction, session: Task): Promise<boolean>;
}

/** @param freshMs for how long what was decided when a command was given holds, in milliseconds */
export function createSteering(
  { tasks, github, now }: Pick<Ports, "tasks" | "github" | "now">,
  policies: Pick<Policies, "read">,
  freshMs: number,
): Steering {
  return {
    async mayExecute({ id }, action, session) {
      if (session.decision.identity !== "requester" || !isOwnersAction(action)) return true;
      // A command has the id of the task that it made.
      const given = await tasks.get(id);
      if (given === null) return false;
      if (given.requester.id === session.requester.id) return true;
      if (now().getTime() - Date.parse(given.createdAt) < freshMs) return true;
      const reading = policies.read(given, await github.survey(given));
      return !isGuest(given, session, reading.type === "policy" ? reading.policy.steering : null);
    },
  };
}
