import { denialToSteer } from "../access/gate.ts";
import type { Role } from "../github/role.ts";
import type { Policy } from "../policy/policy.ts";
import type { Denial } from "../task/denial.ts";
import type { Task } from "../task/task.ts";

/** What the policy files of a repository say; `unknown` while GitHub doesn't say it. */
type PagePolicy =
  | { readonly type: "policy"; readonly policy: Policy }
  /** Nothing starts there until they're fixed. */
  | { readonly type: "problems" }
  | { readonly type: "unknown" };

/** What the policy lets somebody do with a task. */
export interface SteeringRights {
  /** What the policy says of others' sessions; null where that's unknown: then the tighter way is shown. */
  readonly steering: Policy["steering"] | null;
  /** Why the policy doesn't let them steer this task; null where it does, and where only the gate can know. */
  readonly denial: Denial | null;
}

/** What a policy lets somebody do with a task, as far as that's known without asking GitHub about teams. */
export function steeringRights(
  task: Pick<Task, "decision">,
  { login, role }: { readonly login: string; readonly role: Role },
  read: PagePolicy,
): SteeringRights {
  if (read.type === "unknown") return { steering: null, denial: null };
  if (read.type === "problems") {
    return { steering: null, denial: { reason: "policy_wrong", problems: "" } };
  }
  const { policy } = read;
  const asked = { requester: { login } };
  const facts = { survey: { role }, teams: new Map(), namedAt: new Map() };
  const denial = denialToSteer(asked, facts, policy, task.decision.kind ?? "");
  const isUnsure = denial?.reason === "teams_unreadable";
  return { steering: policy.steering, denial: isUnsure ? null : denial };
}
