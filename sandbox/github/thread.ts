import type { Reactions } from "./reactions.ts";
import type { Comment, Subject } from "./shapes.ts";
import type { State } from "./state.ts";
import { repositoryPath } from "./routes.ts";

/** A reaction as people see it. */
interface ThreadReaction {
  readonly content: string;
  readonly user: string;
}

/** A comment as people see it. */
interface ThreadComment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reactions: readonly ThreadReaction[];
}

/** An issue or pull request as people see it. */
export interface Thread {
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly labels: readonly string[];
  readonly reactions: readonly ThreadReaction[];
  readonly comments: readonly ThreadComment[];
  /** The comments on the lines of a pull request. */
  readonly reviewComments: readonly ThreadComment[];
}

/** Reads what a person sees at the subject's page. */
export async function readThread(
  subject: Subject,
  state: State,
  reactions: Reactions,
): Promise<Thread> {
  const { owner, repo, number } = subject;
  const issue = await state.issue(subject);
  if (issue === undefined) throw new Error(`There is no ${owner}/${repo}#${number}`);
  const to = (path: string) =>
    reactions.to(path).map(({ content, user }) => ({ content, user: user.login }));

  async function comments(kind: "issues" | "pulls") {
    const found = await state.comments(subject, kind);
    return found.map(({ id, user, body, created_at, updated_at }: Comment) => ({
      id,
      author: user.login,
      body,
      createdAt: created_at,
      updatedAt: updated_at,
      reactions: to(`${repositoryPath(subject)}/${kind}/comments/${id}`),
    }));
  }

  return {
    title: issue.title,
    body: issue.body,
    state: issue.state,
    labels: issue.labels.map(({ name }) => name),
    reactions: to(`${repositoryPath(subject)}/issues/${number}`),
    comments: await comments("issues"),
    reviewComments: await comments("pulls"),
  };
}
