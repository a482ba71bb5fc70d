import type { Policy } from "../../core/policy/policy.ts";
import type { Task } from "../../core/task/task.ts";
import { workPlaceOf } from "../../core/task/thread-place.ts";
import type { NotPermitted } from "../../ports/github.ts";
import type { Identity } from "../../ports/identities.ts";
import type { HostedRequest, HostedTokens } from "../../ports/session-host.ts";
import { sessionSettingsOf, userOf } from "./session-request.ts";
import type { SubmoduleParts } from "./submodule-search.ts";
import { submodulesOf } from "./submodules.ts";

type Identified = Extract<Identity, { readonly type: "identity" }>;

/** The request for a task's session on a machine of the administrator's, or to reach it again. */
export function hostedRequestOf(task: Task, policy: Policy | null = null): HostedRequest {
  const { hosting } = task.session;
  if (hosting === null) throw new TypeError(`task ${task.id} runs on no own machine`);
  const { labels, egress, sharing, push, checkout, branch, ids } = hosting;
  return {
    ...workPlaceOf(task),
    taskId: task.id,
    sessionId: task.session.id ?? "",
    ids,
    commit: task.decision.commit ?? "",
    branch,
    terms: { labels, egress, sharing, push, checkout },
    ...(policy === null ? {} : sessionSettingsOf(policy, task)),
  };
}

/** The App may not read the repository that a session needs. */
export class NotPermittedError extends Error {
  override readonly name = "NotPermittedError";
  readonly refusal: NotPermitted;

  constructor(refusal: NotPermitted) {
    super(missingSentence(refusal));
    this.refusal = refusal;
  }
}

/**
 * What it's opened with. Rejects when GitHub doesn't answer as asked.
 *
 * @throws NotPermittedError when the App may not read the repository
 */
export async function hostedTokensOf(
  parts: SubmoduleParts,
  task: Task,
  { token, usableUntil }: Pick<Identified, "token" | "usableUntil">,
): Promise<HostedTokens> {
  const repository = await parts.ports.github.repositoryToken(task, "read");
  if (repository.type !== "token") throw new NotPermittedError(repository);
  return {
    copilot: { ...userOf(task, token), usableUntil },
    repository: repository.token,
    submodules: await submodulesOf(parts, task),
  };
}

/** What the App lacks, and who can grant it. */
export function missingSentence({ missing }: NotPermitted): string {
  if (missing === null) return "The App isn't installed on the repository";
  const { name, level, grantedBy } = missing;
  const who =
    grantedBy === "app"
      ? "its owner can add it in the App's settings"
      : "an owner of the account can accept it in its installed GitHub Apps";
  return `The App lacks the permission ${name}: ${level}; ${who}`;
}
