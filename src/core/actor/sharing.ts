import type { CommandAnswer } from "../comment/command-answer.ts";
import type { Task } from "../task/task.ts";

/** Why `/copilot share` and `/copilot unshare` make no sense for a task; null when they do. */
export function refusalToShare({
  id,
  session,
}: Pick<Task, "id" | "session">): CommandAnswer | null {
  if (session.hosting === null) return { type: "in_cloud", id };
  return session.hosting.sharing === "never" ? { type: "never_shared", id } : null;
}
