import { workPlaceOf } from "../../core/task/thread-place.ts";
import { ofKind } from "../../core/policy/policy.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Task } from "../../core/task/task.ts";
import type { SessionRequest } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";

/** The request to create a task's session, or to reconnect to it. */
export async function requestFor(
  { ports: { identities } }: { readonly ports: Pick<Ports, "identities"> },
  task: Task,
): Promise<SessionRequest> {
  const { owner, repository } = workPlaceOf(task);
  const { token } = await identities.identityFor(task);
  return { owner, repository, branch: task.decision.branch ?? "", token };
}

/** The policy's settings of the session. */
export function sessionSettingsOf(policy: Policy, task: Task) {
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
