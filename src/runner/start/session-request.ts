import { workPlaceOf } from "../../core/task/thread-place.ts";
import { ofKind } from "../../core/policy/policy.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Task } from "../../core/task/task.ts";
import type { SessionRequest } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";

/** What the session of a task is asked for, or reached again, with. */
export async function requestFor(
  { ports: { identities } }: { readonly ports: Pick<Ports, "identities"> },
  task: Task,
): Promise<SessionRequest> {
  const { owner, repository } = workPlaceOf(task);
  const { token } = await identities.identityFor(task);
  return { owner, repository, branch: task.decision.branch ?? "", token };
}

/** What the policy wants of the session. */
export function wishesOf(policy: Policy, task: Task) {
  const { aiCredits } = policy.sessionLimits;
  const kind = task.decision.kind ?? "";
  const model = ofKind(policy.model, kind);
  const reasoningEffort = ofKind(policy.reasoningEffort, kind);
  return {
    ...(aiCredits === null ? {} : { sessionLimits: { maxAiCredits: aiCredits } }),
    ...(model === null ? {} : { model }),
    ...(reasoningEffort === null ? {} : { reasoningEffort }),
  } satisfies Partial<SessionRequest>;
}
