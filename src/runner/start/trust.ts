import { isAtLeast } from "../../core/github/role.ts";
import type { Author, Subject } from "../../core/access/survey.ts";
import type { Task } from "../../core/task/task.ts";
import type { Ports } from "../../ports/ports.ts";

/** Whose comments an agent may read. */
export interface Trust {
  /** The subject with the comments of people with write access only. */
  only(task: Task, subject: Subject): Promise<Subject>;
}

/** How long it is remembered who has write access, in milliseconds: for the authors of comments only. */
const REMEMBERED_MS = 60_000;

interface Known {
  readonly until: number;
  readonly trusted: Promise<boolean>;
}

/** Trust as GitHub reports it. */
export function createTrust({ github, now }: Pick<Ports, "github" | "now">): Trust {
  const known = new Map<string, Known>();

  function isTrusted(task: Task, author: Author): Promise<boolean> {
    if (author.id === task.requester.id) {
      return Promise.resolve(isAtLeast(task.requester.role ?? "none", "write"));
    }
    // Apps and accounts that were deleted have no access of a person's.
    if (author.id === null) return Promise.resolve(false);
    const at = now().getTime();
    for (const [key, { until }] of known) if (until < at) known.delete(key);
    const key = `${task.place.repositoryId}:${author.id}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered.trusted;
    const trusted = github.roleOf(task, author).then((role) => isAtLeast(role, "write"));
    known.set(key, { until: at + REMEMBERED_MS, trusted });
    trusted.catch(() => known.delete(key));
    return trusted;
  }

  return {
    async only(task, subject) {
      const { comments } = subject;
      const trusted = await Promise.all(comments.map(({ author }) => isTrusted(task, author)));
      return { ...subject, comments: comments.filter((_, index) => trusted[index]) };
    },
  };
}
