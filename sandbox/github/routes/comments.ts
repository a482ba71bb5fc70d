import type { AskedInRepository } from "../parts.ts";
import type { Route } from "./route.ts";
import { NO_CONTENT, bodyOf, invalid, route, theComment, theSubject, under } from "./route.ts";
import { pageOf } from "../pages.ts";
import { commentOf } from "../rest/comments.ts";
import { reactionOf, REACTIONS } from "../rest/reactions.ts";
import { issueOf, pullOf } from "../rest/subjects.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { CommentRecord, ReactionRecord, SubjectRecord } from "../state/records.ts";
import { grantOf, isAtLeast, nextId, now } from "../state/state.ts";

/** GitHub limits a comment to as many characters. */
const MAX_LENGTH = 65_536;

interface Text {
  readonly body: string;
}

/** Comments in conversations and on lines, and reactions to all of them. */
export const commentRoutes: readonly Route[] = [
  ...under(
    ["issues", "pull_requests"],
    [
      route("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", "read", theSubject, list),
      route("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", "read", theSubject, add),
      ...commentRoutesOf("issues"),
      reactionsTo("issues/{issue_number}", theSubject),
    ],
  ),
  ...under(["pull_requests"], commentRoutesOf("pulls")),
];

function commentRoutesOf(kind: "issues" | "pulls") {
  const path = `${kind}/comments/{comment_id}`;
  const find = theComment(kind);
  return [
    route(`PATCH /repos/{owner}/{repo}/${path}`, "read", find, edit),
    route(`DELETE /repos/{owner}/{repo}/${path}`, "read", find, remove),
    reactionsTo(path, find),
  ];
}

function reactionsTo(
  path: string,
  find: (asked: AskedInRepository) => CommentRecord | SubjectRecord | Answer,
) {
  return route(`POST /repos/{owner}/{repo}/${path}/reactions`, "read", find, react);
}

function list({ comments }: SubjectRecord, { ask, host }: AskedInRepository): Answer {
  const since = new URLSearchParams(ask.query).get("since");
  const from = since === null ? 0 : Date.parse(since);
  const found = comments.filter(({ updatedAt }) => Date.parse(updatedAt) >= from);
  return pageOf(
    found.map((comment) => commentOf(host, comment)),
    ask,
  );
}

function add(subject: SubjectRecord, asked: AskedInRepository): Answer {
  const { host, state, by, via } = asked;
  const { body } = bodyOf<Text>(asked);
  if (body === undefined) return invalid("IssueComment", "body", "missing_field");
  const refused = refusalOfLocked(subject, asked) ?? refusalOfLength(body);
  if (refused !== undefined) return refused;
  const comment: CommentRecord = {
    id: nextId(state, "comment"),
    subject,
    author: by,
    body,
    createdAt: now(),
    updatedAt: now(),
    via,
    reactions: [],
    minimized: undefined,
  };
  subject.comments = [...subject.comments, comment];
  tellOf("created", comment, asked);
  return json(201, commentOf(host, comment));
}

/** Only people with write access comment on a locked conversation, and an App is none of them. */
function refusalOfLocked({ lock, repository }: SubjectRecord, { by, state }: AskedInRepository) {
  if (lock === undefined) return undefined;
  const { role } = grantOf(state, repository, by.login);
  if (by.type === "User" && isAtLeast(role, "write")) return undefined;
  return failure(403, "Unable to create comment because issue is locked.");
}

/** Why GitHub doesn't take a text, if it's too long. */
function refusalOfLength(text: string): Answer | undefined {
  if (text.length <= MAX_LENGTH) return undefined;
  const message = `Body is too long (maximum is ${MAX_LENGTH} characters)`;
  const error = { resource: "IssueComment", code: "unprocessable", field: "data", message };
  return failure(422, "Validation Failed", [error]);
}

function edit(comment: CommentRecord, asked: AskedInRepository): Answer {
  const { body = comment.body } = bodyOf<Text>(asked);
  const refused = refusalOfOthers(comment, asked) ?? refusalOfLength(body);
  if (refused !== undefined) return refused;
  const changes = { body: { from: comment.body } };
  Object.assign(comment, { body, updatedAt: now() });
  tellOf("edited", comment, asked, { changes });
  return json(200, commentOf(asked.host, comment));
}

function remove(comment: CommentRecord, asked: AskedInRepository): Answer {
  const refused = refusalOfOthers(comment, asked);
  if (refused !== undefined) return refused;
  const { subject, line } = comment;
  const owner = line?.review ?? subject;
  owner.comments = owner.comments.filter((it) => it !== comment);
  tellOf("deleted", comment, asked);
  return NO_CONTENT;
}

/** Who may not write to the repository changes only their own comments. */
function refusalOfOthers({ author, subject }: CommentRecord, { by, state }: AskedInRepository) {
  const { role } = grantOf(state, subject.repository, by.login);
  if (by.type === "Bot" || by === author || isAtLeast(role, "write")) return undefined;
  return failure(403, "Must have write rights to Repository.");
}

/** Emits a comment's event. The comment changes its issue or pull request too. */
export function tellOf(
  action: string,
  comment: CommentRecord,
  { host, emit }: AskedInRepository,
  more: Json = {},
): void {
  const { subject, line } = comment;
  subject.updatedAt = now();
  const { repository } = subject;
  const shown = { comment: commentOf(host, comment), ...more };
  if (line === undefined) {
    const about = { issue: issueOf(host, subject), ...shown };
    emit({ event: "issue_comment", action, about, repository });
  } else {
    const about = { pull_request: pullOf(host, line.review.subject), ...shown };
    emit({ event: "pull_request_review_comment", action, about, repository });
  }
}

function react(to: CommentRecord | SubjectRecord, asked: AskedInRepository): Answer {
  const { host, by, state } = asked;
  const { content } = bodyOf<{ readonly content: string }>(asked);
  const known = REACTIONS.find((it) => it === content);
  if (known === undefined) return invalid("Reaction", "content");
  const same = to.reactions.find((it) => it.content === content && it.user === by);
  if (same !== undefined) return json(200, reactionOf(host, same));
  const id = nextId(state, "reaction");
  const reaction: ReactionRecord = { id, content: known, user: by, createdAt: now() };
  to.reactions = [...to.reactions, reaction];
  return json(201, reactionOf(host, reaction));
}
