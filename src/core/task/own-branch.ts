import type { TaskBranch } from "../workspace/names.ts";
import type { Task } from "./task.ts";

/** As much of a task's id as its branch names. */
const BRANCH_ID_LENGTH = 8;

/** The branch that a task's session works on, on a machine of the administrator's. */
export function ownBranchOf({ id, decision, subject }: Task): TaskBranch {
  return { kind: decision.kind ?? "", number: subject.number, id: id.slice(0, BRANCH_ID_LENGTH) };
}
