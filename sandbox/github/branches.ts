import type { Asked } from "./parts.ts";
import { happened } from "./routes/subjects.ts";
import type { Commit, RepositoryRecord } from "./state/records.ts";
import { now, pullsFrom } from "./state/state.ts";

type Where = Pick<Asked, "emit" | "host" | "state">;

/** Sets a branch to a commit; open pull requests from it follow. */
export function moveBranch(
  { emit, host, state }: Where,
  repository: RepositoryRecord,
  branch: string,
  commit: Commit,
): void {
  repository.branches.set(branch, commit);
  for (const pull of pullsFrom(state, repository, branch)) {
    const before = pull.head.commit.sha;
    pull.head.commit = commit;
    pull.updatedAt = now();
    emit(happened(host, pull, "synchronize", { before, after: commit.sha }));
  }
}

/** Deletes a branch. GitHub closes the pull requests from it. */
export function removeBranch(
  { emit, host, state }: Where,
  repository: RepositoryRecord,
  branch: string,
): void {
  const orphans = pullsFrom(state, repository, branch);
  repository.branches.delete(branch);
  const about = { ref: branch, ref_type: "branch", pusher_type: "user" };
  emit({ event: "delete", about, repository });
  for (const pull of orphans) {
    Object.assign(pull, { state: "closed", closedAt: now(), updatedAt: now() });
    emit(happened(host, pull, "closed"));
  }
}
