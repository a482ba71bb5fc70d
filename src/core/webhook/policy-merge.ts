import { z } from "zod";
import { commit, id, installation, login, repositoryName } from "./fields.ts";
import type { WebhookEvent } from "./reader.ts";
import { fullNameOf } from "./reader.ts";

/** A pull request that was merged into the default branch, and may have changed the policy there. */
export interface PolicyMerge {
  readonly repositoryId: number;
  /** The pull request's head commit. */
  readonly commit: string;
  readonly installationId: number;
  readonly ownerId: number;
  readonly owner: string;
  readonly repository: string;
}

const closed = z.object({
  action: z.literal("closed"),
  repository: z.object({
    id,
    name: repositoryName,
    owner: z.object({ id, login }),
    default_branch: z.string(),
  }),
  pull_request: z.object({
    merged: z.literal(true),
    head: z.object({ sha: commit }),
    base: z.object({ ref: z.string() }),
  }),
  installation,
});

/** The merge that a webhook reports; null for any other webhook. */
export function readPolicyMerge(event: WebhookEvent): PolicyMerge | null {
  if (fullNameOf(event) !== "pull_request.closed") return null;
  const { data } = closed.safeParse(event.payload);
  if (data === undefined) return null;
  const { repository, pull_request: pull, installation: sentThrough } = data;
  const installationId = sentThrough?.id ?? null;
  // A repository's own webhook names no installation, through which labels could be created.
  if (pull.base.ref !== repository.default_branch || installationId === null) return null;
  return {
    repositoryId: repository.id,
    commit: pull.head.sha,
    installationId,
    ownerId: repository.owner.id,
    owner: repository.owner.login,
    repository: repository.name,
  };
}
