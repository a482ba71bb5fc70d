import { workPlaceOf } from "../../core/task/thread-place.ts";
import { ofKind } from "../../core/policy/policy.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Task } from "../../core/task/task.ts";
import type { CloudSession, SessionRequest, SessionUser } from "../../ports/copilot.ts";
import type { Identity } from "../../ports/identities.ts";
import type { Ports } from "../../ports/ports.ts";

type Identified = Extract<Identity, { readonly type: "identity" }>;

/** Whose Copilot a task's session uses, with this token. */
export function userOf({ decision, requester }: Task, token: string): SessionUser {
  return { token, userId: decision.identity === "requester" ? requester.id : null };
}

/** What ran all sessions before tasks recorded it. */
const FIRST_BACKEND = "cloud";

/** The request to create a task's session, or to reconnect to it, with this token. */
export function requestWith(
  task: Task,
  { token, usableUntil }: Pick<Identified, "token" | "usableUntil">,
): SessionRequest {
  const { owner, repository } = workPlaceOf(task);
  const branch = task.decision.branch ?? "";
  return { owner, repository, branch, ...userOf(task, token), usableUntil };
}

/** A task's session, reached again; null when it can't be, e.g. because its requester has disconnected their Copilot. */
export async function attach(
  ports: Pick<Ports, "identities" | "copilot" | "log">,
  task: Task,
  settings: Partial<SessionRequest> = {},
): Promise<CloudSession | null> {
  return attachAs(ports, task, await ports.identities.identityFor(task), settings);
}

/** The same, with the identity that was found. */
export async function attachAs(
  { copilot, log }: Pick<Ports, "copilot" | "log">,
  task: Task,
  identity: Identity,
  settings: Partial<SessionRequest> = {},
): Promise<CloudSession | null> {
  if (identity.type !== "identity" || task.session.hosting !== null) return null;
  const { id, backend } = task.session;
  const runsIt = backend ?? FIRST_BACKEND;
  if (runsIt === copilot.backend) {
    return copilot.attach(id ?? "", { ...settings, ...requestWith(task, identity) });
  }
  log.warn(
    { taskId: task.id, backend },
    "session can't be reached: something else runs sessions now",
  );
  return null;
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
