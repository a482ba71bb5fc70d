import type { TaskBranch } from "../workspace/names.ts";
import type { Task } from "./task.ts";

/** The branch that a task's session works on, on a machine of the administrator's. */
export function ownBranchOf({ id, decision, subject }: Task): TaskBranch {
  return { kind: decision.kind ?? "", number: subject.number, id: id.slice(0, 8) };
}
