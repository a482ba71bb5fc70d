import type { Subject } from "./shapes.ts";
import type { CommentRecord, ReactionRecord } from "./state/records.ts";
import { findSubject, lineComments } from "./state/state.ts";
import type { State } from "./state/state.ts";

/** An issue or pull request as people see it. */
export type Thread = ReturnType<typeof readThread>;

/** Reads what a person sees at the subject's page. */
export function readThread(subject: Subject, state: State) {
  const { owner, repo, number } = subject;
  const found = findSubject(state, subject);
  if (found === undefined) throw new Error(`There is no ${owner}/${repo}#${number}`);
  const { title, body, labels, comments } = found;
  return {
    title,
    body,
    state: found.state,
    labels: labels.map(({ name }) => name),
    reactions: found.reactions.map(seen),
    comments: comments.map(read),
    /** Those on the lines of a pull request. */
    reviewComments: lineComments(found).map(read),
  };
}

function read({ id, author, body, createdAt, updatedAt, reactions }: CommentRecord) {
  return { id, author: author.login, body, createdAt, updatedAt, reactions: reactions.map(seen) };
}

function seen({ content, user }: ReactionRecord) {
  return { content, user: user.login };
}
