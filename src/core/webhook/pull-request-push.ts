import { z } from "zod";
import { commit, id, installation, login, repositoryName } from "./fields.ts";
import type { WebhookEvent } from "./reader.ts";
import { fullNameOf } from "./reader.ts";

/** A pull request whose head commit is new, and may change the policy file. */
export interface PullRequestPush {
  readonly repositoryId: number;
  /** The head commit. */
  readonly commit: string;
  /** The commit of the base branch that it's compared with. */
  readonly baseCommit: string;
  readonly pullNumber: number;
  /** Null where a repository's own webhook names none. */
  readonly installationId: number | null;
  readonly ownerId: number;
  readonly owner: string;
  readonly repository: string;
}

const pushed = z.object({
  action: z.enum(["opened", "reopened", "synchronize"]),
  repository: z.object({ id, name: repositoryName, owner: z.object({ id, login }) }),
  pull_request: z.object({
    number: id,
    head: z.object({ sha: commit }),
    base: z.object({ sha: commit }),
  }),
  installation,
});

/** The events after which a pull request has another head commit, or a check run that it doesn't have yet. */
export const PUSH_EVENTS: readonly string[] = pushed.shape.action.options.map(
  (action) => `pull_request.${action}`,
);

/** The pull request that a webhook says was pushed to, from a fork too; null for any other webhook. */
export function readPullRequestPush(event: WebhookEvent): PullRequestPush | null {
  // To find that out by parsing takes much longer, for each of all events of pull requests.
  if (!PUSH_EVENTS.includes(fullNameOf(event))) return null;
  const { data } = pushed.safeParse(event.payload);
  if (data === undefined) return null;
  const { repository, pull_request: pull } = data;
  return {
    repositoryId: repository.id,
    commit: pull.head.sha,
    baseCommit: pull.base.sha,
    pullNumber: pull.number,
    installationId: data.installation?.id ?? null,
    ownerId: repository.owner.id,
    owner: repository.owner.login,
    repository: repository.name,
  };
}
